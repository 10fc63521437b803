#!/bin/bash
# Weekly storage maintenance

# Clean up temporary files
find /tmp -name "*.usd_tmp" -mtime +7 -delete
find /var/cache/nucleus -type f -mtime +30 -delete

# Archive old logs
find /opt/ove/nucleus/logs -name "*.log.*" -mtime +30 -gzip
find /var/log/nginx -name "*.log.*" -mtime +30 -delete

# Clean up orphaned asset files
nucleus-admin assets cleanup --orphaned --confirm

# Storage space report
echo "=== Storage Space Report ==="
df -h | grep -E "(omniverse|nucleus)"
du -sh /opt/ove/nucleus/data/*
