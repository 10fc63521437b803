# shellcheck shell=bash
# platform/dns: the record sets of every zone. NS and SOA of a zone are its provider's own and are never written back.

# shellcheck source=systems/platform/jobs/differences.sh
source "$JOBS_DIR/differences.sh"

collect() {
  need ZONES
  local zone
  for zone in $ZONES; do listed "$zone" >"$1/$zone.json" || die "cannot list zone $zone"; done
}

listed() { aws route53 list-resource-record-sets --output json --hosted-zone-id "$1"; }

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

# sets_in FILE ZONE: the record sets of one list as they would be in the zone they are written to. The order of values
# means nothing. What the provider keeps of a zone is compared where it is the same zone.
sets_in() {
  jq -c --arg zone "$2" --arg target "$(target_of "$2")" '
    ([.ResourceRecordSets[] | select(.Type == "SOA") | .Name] | first) as $apex
    | [.ResourceRecordSets[]
      | (if .Name == $apex and (.Type | IN("SOA", "NS")) then "provider" else "us" end) as $by
      | select($by == "us" or $zone == $target)
      | if .AliasTarget.HostedZoneId == $zone then .AliasTarget.HostedZoneId = $target else . end
      | {thing: "\(.Type) \(.Name)\(if .SetIdentifier then " (\(.SetIdentifier))" else "" end) in zone \($target)", by: $by, zone: $target,
         raw: ., content: (if .ResourceRecords then .ResourceRecords |= sort_by(.Value) else . end)}]' "$1"
}

# compared DIR WORK: how the zones that are there differ from the export.
compared() {
  local zone
  : >"$2/was.jsonl" && : >"$2/now.jsonl"
  for zone in $ZONES; do
    listed "$(target_of "$zone")" >"$2/now.json" || return 1
    sets_in "$1/$zone.json" "$zone" >>"$2/was.jsonl" && sets_in "$2/now.json" "$(target_of "$zone")" >>"$2/now.jsonl" || return 1
  done
  jq -cs 'add' "$2/was.jsonl" >"$2/was.list" && jq -cs 'add' "$2/now.jsonl" >"$2/now.list" || return 1
  # What its provider keeps of another zone was in no export.
  differences_of "$2/was.list" "$2/now.list" | jq -c 'map(select(.what != "added" or .now.by == "us"))'
}

# written ACTION CHOICE LIST: does it with the record sets of the differences that jq's CHOICE gives, zone by zone.
written() {
  local batch zone change
  : "${POLL_SECONDS:=5}"
  # One change takes 32,000 characters of values, and counts what it may replace twice.
  jq -c --arg action "$1" "[.[] | $2 | select(.by == \"us\")] | group_by(.zone)[] | .[0].zone as \$zone | _nwise(100)
    | {zone: \$zone, batch: {Comment: \"holdfast recovery\", Changes: map({Action: \$action, ResourceRecordSet: .raw})}}" "$3" >"$3.batches" || return 1
  while IFS= read -r batch; do
    zone=$(jq -r .zone <<<"$batch")
    change=$(aws route53 change-resource-record-sets --output json --hosted-zone-id "$zone" --change-batch "$(jq -c .batch <<<"$batch")" |
      jq -r .ChangeInfo.Id) || return 1
    until [[ $(aws route53 get-change --output json --id "$change" | jq -r .ChangeInfo.Status) == INSYNC ]]; do
      sleep "$POLL_SECONDS"
    done
  done <"$3.batches"
}

# No zone is lost with a region, and a recovery moves names on purpose: only after damage is what differs put back as
# well, and nothing else may be there.
restore() {
  local list=$2/differences.json
  compared "$1" "$2" >"$list" || return 1
  if damaged && [[ -n ${REMOVE:-} ]]; then
    # First: an alias or a record of another type under the same name stands in the way of what was there.
    removed "$list" || return 1
  fi
  written UPSERT 'select(.what == "missing") | .was' "$list" || return 1
  damaged || return 0
  written UPSERT 'select(.what == "changed") | .was' "$list"
}

# removed LIST: what was added, if this is the list that somebody has read in a verification, and nothing otherwise.
removed() {
  if [[ $REMOVE != "$(id_of "$1")" ]]; then
    log "nothing is removed: REMOVE=$REMOVE stands for another list than this one"
    settled "$1" || true
    return 1
  fi
  written DELETE 'select(.what == "added") | .now' "$1" || return 1
  log "removed for incident ${INCIDENT:-}: $(jq -r '[.[] | select(.what == "added") | .thing] | join(", ")' "$1")"
}

confirm() {
  local list=$2/differences.json
  compared "$1" "$2" >"$list" || return 1
  if damaged; then
    settled "$list" && return 0
    log "the restore removes what is listed as added, all of it and nothing else, where REMOVE=$(id_of "$list") is said"
    return 1
  fi
  jq -c 'map(select(.what != "missing"))' "$list" >"$2/left.json" && left "$2/left.json"
  jq -c 'map(select(.what == "missing"))' "$list" >"$2/missing.json" && settled "$2/missing.json"
}

rehearse() {
  # Nobody practises on the names that clients use: the list is read back and compared.
  compared "$1" "$2" >"$2/differences.json" || return 1
  jq -j 'def count($what): map(select(.what == $what)) | length;
    "compared with the live zones: \(count("missing")) record sets of the export are missing there, \(count("changed")) changed, \(count("added")) added"' "$2/differences.json"
}
