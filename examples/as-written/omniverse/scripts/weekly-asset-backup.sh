#!/bin/bash
# Weekly asset storage backup - run Sundays at 1:00 AM

DATE=$(date +%Y%m%d)
SOURCE="/opt/ove/nucleus/data"
BACKUP_DIR="/backup/nucleus-assets"
RETENTION_WEEKS=8

echo "Starting asset backup: $DATE"

# Create incremental backup using rsync
rsync -av --link-dest="$BACKUP_DIR/latest" \
      "$SOURCE/" "$BACKUP_DIR/backup-$DATE/"

# Update latest symlink
rm -f "$BACKUP_DIR/latest"
ln -s "backup-$DATE" "$BACKUP_DIR/latest"

# Clean up old backups
find $BACKUP_DIR -maxdepth 1 -name "backup-*" -mtime +$(($RETENTION_WEEKS * 7)) \
     -exec rm -rf {} \;

echo "Asset backup completed: $DATE"
