#!/bin/bash
# Daily database backup script - run at 2:00 AM

DATE=$(date +%Y%m%d_%H%M%S)
BACKUP_DIR="/backup/nucleus-db"
RETENTION_DAYS=30

echo "Starting database backup: $DATE"

# Create backup directory
mkdir -p $BACKUP_DIR

# Perform database dump
sudo -u postgres pg_dump nucleus | gzip > \
    "$BACKUP_DIR/nucleus_backup_$DATE.sql.gz"

# Verify backup integrity
gunzip -t "$BACKUP_DIR/nucleus_backup_$DATE.sql.gz"
if [ $? -eq 0 ]; then
    echo "Database backup completed successfully: $DATE"
else
    echo "ERROR: Database backup verification failed: $DATE"
    exit 1
fi

# Clean up old backups
find $BACKUP_DIR -name "nucleus_backup_*.sql.gz" -mtime +$RETENTION_DAYS -delete

# Upload to cloud storage (optional)
aws s3 cp "$BACKUP_DIR/nucleus_backup_$DATE.sql.gz" \
         "s3://company-backups/omniverse/database/"

echo "Database backup procedure completed: $DATE"
