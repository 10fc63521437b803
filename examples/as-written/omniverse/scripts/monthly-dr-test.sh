#!/bin/bash
# Monthly disaster recovery test

echo "=== Disaster Recovery Test ==="
echo "Test Date: $(date)"

# Test 1: Database restore
echo "Testing database restore..."
sudo -u postgres dropdb nucleus_test
sudo -u postgres createdb nucleus_test
gunzip -c /backup/nucleus-db/latest.sql.gz | \
    sudo -u postgres psql nucleus_test

# Test 2: Asset restore
echo "Testing asset restore..."
mkdir -p /tmp/dr-test
rsync -av /backup/nucleus-assets/latest/ /tmp/dr-test/

# Test 3: Service startup
echo "Testing service startup..."
docker run -d --name nucleus-test \
    -v /tmp/dr-test:/data \
    nvidia/omniverse-nucleus:latest

# Cleanup
sleep 30
docker stop nucleus-test
docker rm nucleus-test
rm -rf /tmp/dr-test
sudo -u postgres dropdb nucleus_test

echo "DR test completed successfully"
