# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# What stands between people and a site: who is told, and the name.

# notify: people are told, and a failover does not wait for whoever tells them.
notify() {
  local told=true body
  need NOTIFY_URL
  body=$(jq -cn --arg system "$asset" --arg from "$FROM" '{message: "Omniverse failover initiated", severity: "critical", asset: $system, from: $from}')
  curl --silent --show-error --fail --max-time 10 --retry 2 --retry-connrefused --output /dev/null \
    --header 'Content-Type: application/json' --data-binary "$body" "$NOTIFY_URL" >&2 || told=false
  if [[ $told == false ]]; then log "nobody was told: $NOTIFY_URL did not take it; call them"; fi
  jq -n --argjson told "$told" '{told: $told}'
}

# files_verified: a database without its files serves nobody.
files_verified() {
  local assets_from=object-replica
  if [[ $FROM == copies ]]; then assets_from=copies; fi
  result verify "assets.$assets_from" >/dev/null ||
    die "$step must come after verify of the assets, which has not ended within the last $VALID_FOR: a database without its files serves nobody"
}

# zone: where the name is written; in a clean room its own, because a role changes no zone of another account.
zone() {
  local own=''
  if [[ $FROM == copies ]]; then own=${TARGET_ZONE:-}; fi
  printf '%s' "${own:-$HOSTED_ZONE_ID}"
}

# check_of HOST: id of the health check that asks this host; Route 53 takes no first record without one.
check_of() {
  local checks id
  checks=$(aws route53 list-health-checks --output json) || die "Route 53 does not say which health checks there are"
  id=$(jq -r --arg host "$1" 'first(.HealthChecks[] | select(.HealthCheckConfig | .FullyQualifiedDomainName == $host and .Disabled != true) | .Id) // empty' <<<"$checks")
  [[ -n $id ]] || die "no health check of Route 53 asks $1: make one for it (HTTPS, /health) and start this step again"
  printf '%s' "$id"
}

# repoint: clients follow the records, so both assets must have been verified, and the service must answer here. Both are
# written at once: RECORD_VALUE comes first from now on, and what is silent or stale gets nobody back by waking up.
repoint() {
  local batch change value_check standby_check
  need HOSTED_ZONE_ID RECORD_NAME RECORD_VALUE STANDBY_VALUE SITE_URL
  : "${RECORD_TTL:=60}"
  whole RECORD_TTL
  files_verified
  accounts_verified
  healthy "$SITE_URL" || die "$SITE_URL/health does not answer: clients are not sent there"
  value_check=$(check_of "$RECORD_VALUE")
  standby_check=$(check_of "$STANDBY_VALUE")
  batch=$(jq -cn --arg name "$RECORD_NAME" --argjson ttl "$RECORD_TTL" --arg value "$RECORD_VALUE" --arg check "$value_check" \
    --arg standby "$STANDBY_VALUE" --arg standby_check "$standby_check" '
    def set($role; $value; $check): {Action: "UPSERT", ResourceRecordSet: {Name: $name, Type: "CNAME", SetIdentifier: ($role | ascii_downcase),
      Failover: $role, TTL: $ttl, HealthCheckId: $check, ResourceRecords: [{Value: $value}]}};
    {Comment: "holdfast recovery", Changes: [set("PRIMARY"; $value; $check), set("SECONDARY"; $standby; $standby_check)]}')
  change=$(aws route53 change-resource-record-sets --output json --hosted-zone-id "$(zone)" --change-batch "$batch" | jq -r .ChangeInfo.Id) ||
    die "Route 53 does not change $RECORD_NAME"
  until [[ $(aws route53 get-change --output json --id "$change" | jq -r .ChangeInfo.Status) == INSYNC ]]; do sleep "$POLL_SECONDS"; done
  jq -n --arg name "$RECORD_NAME" --arg value "$RECORD_VALUE" --arg standby "$STANDBY_VALUE" --argjson ttl "$RECORD_TTL" \
    '{record: $name, value: $value, standby: $standby, ttl: $ttl}'
}
