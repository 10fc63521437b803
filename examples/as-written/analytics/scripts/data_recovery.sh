#!/bin/bash
# data_recovery.sh

# Parameters
RECOVERY_POINT="2025-01-28T12:00:00Z"
SOURCE_CONTAINER="backup"
TARGET_CONTAINER="bronze"

# Restore from backup
az storage blob copy start-batch \
  --source-account-name $BACKUP_STORAGE \
  --source-container $SOURCE_CONTAINER \
  --account-name $PRIMARY_STORAGE \
  --destination-container $TARGET_CONTAINER \
  --pattern "*" \
  --source-sas $SOURCE_SAS

# Verify restoration
az storage blob list \
  --account-name $PRIMARY_STORAGE \
  --container-name $TARGET_CONTAINER \
  --query "length(@)" \
  --output tsv
