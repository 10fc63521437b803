#!/bin/bash
# Production failover procedure

echo "=== PRODUCTION FAILOVER INITIATED ==="
echo "Time: $(date)"
echo "Operator: $USER"

# Step 1: Notify stakeholders
curl -X POST https://alerts.company.com/api/notifications \
     -d '{"message": "Omniverse failover initiated", "severity": "critical"}'

# Step 2: Stop primary services gracefully
echo "Stopping primary site services..."
systemctl stop nucleus-server
systemctl stop nginx

# Step 3: Promote secondary database
echo "Promoting secondary database..."
ssh nucleus-secondary "sudo -u postgres pg_promote /var/lib/postgresql/15/main/"

# Step 4: Update DNS records
echo "Updating DNS records..."
./update-dns-failover.sh

# Step 5: Start secondary services
echo "Starting secondary site services..."
ssh nucleus-secondary "systemctl start nucleus-server"
ssh nucleus-secondary "systemctl start nginx"

# Step 6: Verify failover success
echo "Verifying failover..."
sleep 60
curl -f https://omniverse.company.com/health && echo "Failover successful"

echo "=== FAILOVER COMPLETED at $(date) ==="
