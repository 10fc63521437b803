#!/bin/bash
# Emergency database recovery

echo "=== Database Recovery Procedure ==="

# Check PostgreSQL status
if ! systemctl is-active --quiet postgresql; then
    echo "Starting PostgreSQL service..."
    systemctl start postgresql
    sleep 30
fi

# Verify database integrity
echo "Checking database integrity..."
sudo -u postgres pg_dump nucleus > /dev/null
if [ $? -ne 0 ]; then
    echo "Database corruption detected - initiating repair"
    sudo -u postgres reindexdb nucleus
    sudo -u postgres vacuumdb --analyze nucleus
fi

# Restore from backup if necessary
if ! sudo -u postgres psql nucleus -c "SELECT 1;" > /dev/null; then
    echo "Database unrecoverable - restoring from latest backup"
    ./restore-database-backup.sh
fi
