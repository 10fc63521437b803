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

# lacking DIR WORK ZONE: the record sets of the export that are not there. No zone is lost with a region, and a recovery
# moves names on purpose: only where RESTORE_BEFORE says that they are damaged are those that differ put back as well.
lacking() {
  local damaged=true
  [[ ${RESTORE_BEFORE:-now} != now ]] || damaged=false
  aws route53 list-resource-record-sets --output json --hosted-zone-id "$(target_of "$3")" >"$2/now.json" || return 1
  jq -nc --argjson was "$(own "$1/$3.json")" --argjson now "$(own "$2/now.json")" --argjson damaged "$damaged" '
    def key: [.Name, .Type, .SetIdentifier];
    ($now | map(key)) as $keys
    | if $damaged then $was - $now else [$was[] | select(key as $one | $keys | index([$one]) == null)] end'
}

restore() {
  local zone batch change
  : "${POLL_SECONDS:=5}"
  for zone in $ZONES; do
    lacking "$1" "$2" "$zone" >"$2/lacking.json" || return 1
    # One change takes 32,000 characters of values, and counts what it may replace twice.
    while IFS= read -r batch; do
      change=$(aws route53 change-resource-record-sets --output json --hosted-zone-id "$(target_of "$zone")" --change-batch "$batch" |
        jq -r .ChangeInfo.Id) || return 1
      until [[ $(aws route53 get-change --output json --id "$change" | jq -r .ChangeInfo.Status) == INSYNC ]]; do
        sleep "$POLL_SECONDS"
      done
    done < <(jq -c '_nwise(100) | {Comment: "holdfast recovery", Changes: [.[] | {Action: "UPSERT", ResourceRecordSet: .}]}' "$2/lacking.json")
  done
}

# missing_in DIR WORK: how many record sets of the export are not there as they were.
missing_in() {
  local zone missing=0
  for zone in $ZONES; do
    lacking "$1" "$2" "$zone" >"$2/lacking.json" || return 1
    missing=$((missing + $(jq length "$2/lacking.json")))
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
  printf 'compared with the live zones: %d record sets of the export are missing there' "$missing"
}
