# shellcheck shell=bash
# platform/dns: the record sets of every zone. NS and SOA of a zone are its provider's own and are never written back.

collect() {
  need ZONES
  local zone
  for zone in $ZONES; do
    aws route53 list-resource-record-sets --output json --hosted-zone-id "$zone" >"$1/$zone.json" || die "cannot list zone $zone"
  done
}

check() {
  need ZONES
  local zone
  for zone in $ZONES; do
    # A zone always has these two: without them the list was cut short.
    jq -e '[.ResourceRecordSets[]?.Type] | index("SOA") != null and index("NS") != null' "$1/$zone.json" >/dev/null ||
      { log "zone $zone is not whole" && return 1; }
  done
  cat "$1"/*.json | jq -s '{zones: length, records: ([.[].ResourceRecordSets | length] | add)}'
}

# target_of ZONE: the zone that its names are written to; ZONE_MAP, `old=new old=new`, names others.
target_of() {
  local pair
  for pair in ${ZONE_MAP:-}; do
    if [[ ${pair%%=*} == "$1" ]]; then printf '%s' "${pair#*=}" && return; fi
  done
  printf '%s' "$1"
}

# own ZONE_FILE: the record sets that are ours, in one order.
own() {
  jq -cS '([.ResourceRecordSets[] | select(.Type == "SOA") | .Name] | first) as $apex
    | [.ResourceRecordSets[] | select(.Type != "SOA" and ((.Type == "NS" and .Name == $apex) | not))]
    | sort_by(.Name, .Type, .SetIdentifier // "")' "$1"
}

restore() {
  local zone batch change
  : "${POLL_SECONDS:=5}"
  for zone in $ZONES; do
    # One change holds at most 1000 record sets.
    while IFS= read -r batch; do
      change=$(aws route53 change-resource-record-sets --output json --hosted-zone-id "$(target_of "$zone")" --change-batch "$batch" |
        jq -r .ChangeInfo.Id) || return 1
      until [[ $(aws route53 get-change --output json --id "$change" | jq -r .ChangeInfo.Status) == INSYNC ]]; do
        sleep "$POLL_SECONDS"
      done
    done < <(own "$1/$zone.json" | jq -c '_nwise(500) | {Comment: "holdfast recovery", Changes: [.[] | {Action: "UPSERT", ResourceRecordSet: .}]}')
  done
}

# missing_in DIR WORK: how many record sets of the export are not there as they were.
missing_in() {
  local zone missing=0
  for zone in $ZONES; do
    aws route53 list-resource-record-sets --output json --hosted-zone-id "$(target_of "$zone")" >"$2/now.json" || return 1
    missing=$((missing + $(jq -n --argjson was "$(own "$1/$zone.json")" --argjson now "$(own "$2/now.json")" '$was - $now | length')))
  done
  printf '%d' "$missing"
}

confirm() {
  local missing
  missing=$(missing_in "$1" "$2") || return 1
  ((missing == 0)) || { log "$missing record sets are not what they were" && return 1; }
}

rehearse() {
  local missing
  # Nobody practises on the names that clients use: the list is read back and compared.
  missing=$(missing_in "$1" "$2") || return 1
  printf 'compared with the live zones: %d record sets have changed since' "$missing"
}
