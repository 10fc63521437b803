# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by those who recover
# The clean room: a subscription of the security team, which people prepare; nothing here acts until it is called.

# in_room: whatever follows works there, and nowhere of ours.
in_room() {
  need ROOM_SUBSCRIPTION ROOM_GROUP
  [[ $ROOM_SUBSCRIPTION != "$SUBSCRIPTION" ]] || die "ROOM_SUBSCRIPTION must be another subscription than ours, which counts as hostile"
  DATABRICKS_URL=${ROOM_DATABRICKS_URL:-}
  WAREHOUSE_HOST=${DATABRICKS_URL#*://}
  VAULT=${ROOM_VAULT:-}
  RESTORED=${ROOM_ACCOUNT:-}/logs
  CAPACITY_ID=/subscriptions/$ROOM_SUBSCRIPTION/resourceGroups/$ROOM_GROUP/providers/Microsoft.Fabric/capacities/${ROOM_CAPACITY:-}
  GROUPS_THERE=$ROOM_GROUP
}

# room_ready: what people prepare is there: the subscription, and what this asset needs of it; and the copies can be read.
room_ready() {
  local name
  in_room
  # shellcheck disable=SC2086 # a list
  need $ROOM_NEEDS
  arm GET "/subscriptions/$ROOM_SUBSCRIPTION/resourceGroups/$ROOM_GROUP?api-version=2024-03-01" >/dev/null || die "the clean room has no resource group $ROOM_GROUP, or this job may not see it"
  if [[ -n $DATABRICKS_URL ]]; then databricks GET /api/2.0/sql/warehouses >/dev/null || die "the workspace of the clean room does not answer at $DATABRICKS_URL"; fi
  blob GET "$STORE?restype=container&comp=list&maxresults=1" >/dev/null || die "$STORE cannot be read from the clean room: the security team lets its network and this job's identity in"
  jq -n --arg room "$ROOM_SUBSCRIPTION" '{$room}'
}
for one in lake kafka databricks powerbi configuration keys logs; do eval "${one}_room() { room_ready; }"; done
unset one
