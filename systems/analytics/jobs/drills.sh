# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # drill.sh sources what belongs together
# What the test of each asset brings back, under names of its own; nothing here acts until it is called.

# drill_ends: takes away what this drill has made, whatever became of it.
drill_ends() {
  local line failed=0
  [[ -s $work/made ]] || return 0
  while read -r kind id; do
    case $kind in
      schema) ask "DROP SCHEMA IF EXISTS $(quoted "$id") CASCADE" >/dev/null </dev/null || failed=1 ;;
      job) jq -n --argjson id "$id" '{job_id: $id}' >"$work/end" && databricks POST /api/2.2/jobs/delete "$work/end" >/dev/null </dev/null || failed=1 ;;
      workspace) powerbi DELETE "/groups/$id" >/dev/null </dev/null || failed=1 ;;
      policy) arm DELETE "$id?api-version=2023-04-01" >/dev/null </dev/null || failed=1 ;;
    esac
  done <"$work/made"
  return "$failed"
}

# drill_lake: every clone of the secondary, and of the account under the lock, is counted and checked where it lies, as a
# recovery counts and checks it. It gets no name: a catalog gives a folder one, which a recovery meanwhile would find taken.
# The age is that of the secondary's: the other serves after an intrusion, by a moment that is chosen.
drill_lake() {
  local account clones table captured version wanted listed oldest=$EPOCHSECONDS clone rows checks from count=0
  warehouse=$(warehouse_up) || exit 1
  for account in $COPY $LOCKED; do
    clones=$(clones_in "$account") || exit 1
    while read -r table captured version wanted listed _; do
      if [[ $captured == - ]]; then captured=$listed version=''; fi
      if [[ $account == "$COPY" ]] && ((captured < oldest)); then oldest=$captured; fi
      [[ -n $version ]] || continue
      clone=$(clone_in "$account" "$table" "$version")
      rows=$(ask "SELECT count(*) AS rows FROM $clone" </dev/null | jq -re '.[0].rows | tonumber') || die "$table of $account cannot be read"
      ((rows == wanted)) || die "$table of $account has $rows rows, its clone had $wanted"
      checks=${CHECKS//"$(quoted "$CATALOG.$table")"/$clone}
      from=$(before_last "$captured") || exit 1
      CHECKS=$checks checked "$table" "$from" || die "what was cloned of $table to $account is not sound"
      count=$((count + 1))
    done <<<"$clones"
  done
  jq -n --argjson tables "$count" --argjson age "$((EPOCHSECONDS - oldest))" --argjson bytes "$LAKE_BYTES" '{$tables, ageSeconds: $age, $bytes}'
}

# drill_kafka: an hour of captured events is read as the clean room reads it, into a table of the drill's, and counted. No
# namespace is promoted: that would stop who writes; a promotion stays undrilled until it is done for good, in both directions.
drill_kafka() {
  local from read
  read=$(read_captured) || exit 1
  warehouse=$(warehouse_up) || exit 1
  printf 'schema %s\n' "$CATALOG.$mark" >"$work/made"
  ask "CREATE SCHEMA $(quoted "$CATALOG.$mark")" >/dev/null || die "the drill can make no schema"
  from=$((EPOCHSECONDS - 3600))
  read_hour() {
    local namespace=$1 rows
    ask "CREATE TABLE $(quoted "$CATALOG.$mark.${namespace//-/_}") AS SELECT * FROM ($(captured "$namespace" "$from" "$EPOCHSECONDS"))
      WHERE event_time >= TIMESTAMP '$(iso "$((from - EVENTS_LATE))")'" >/dev/null || die "what was captured of $namespace cannot be read"
    rows=$(rows_of "$CATALOG.$mark.${namespace//-/_}") || die "what was captured of $namespace cannot be counted"
    ((rows > 0)) || die "nothing was captured of $namespace within the last hour"
  }
  # Tables of their own: these do not wait for each other.
  tr ' ' '\n' <<<"$NAMESPACES" | in_parallel read_hour || die "the hour since $(iso "$from") was not read of every namespace"
  jq -n --argjson read "$read" --argjson bytes "$KAFKA_BYTES" '$read + {$bytes}'
}

# drill_replay: what the event hubs keep is read again as people have it read after damage in place: of one namespace, into a
# table like that of the captured events beside it.
drill_replay() {
  local namespace=${NAMESPACES%% *} table=$CATALOG.$mark.read_again until=$((EPOCHSECONDS - EVENTS_LATE)) rows
  ask "CREATE TABLE $(quoted "$table") AS SELECT * FROM $(quoted "$CATALOG.$mark.${namespace//-/_}") WHERE false" >/dev/null ||
    die "the drill can make no table for events that are read again"
  read_again "$((until - EVENTS_SLICE))" "$until" "$table" "$namespace" || die "the events of $namespace since $(iso "$((until - EVENTS_SLICE))") cannot be read again"
  rows=$(rows_of "$table") || die "what was read again of $namespace cannot be counted"
  ((rows > 0)) || die "nothing of $namespace was read again since $(iso "$((until - EVENTS_SLICE))")"
}

# newest_export: fetches it; age is how old it is as the drill begins.
newest_export() {
  local line
  line=$(points | tail -n 1) && [[ -n $line ]] || die "$STORE/$PREFIX has no export"
  point_fetch "$line" "$work/point"
  whole_export "$work/point"
  age=$((EPOCHSECONDS - $(epoch_of "${line%% *}")))
}

# drilled COUNTED: what the drill of an export says: what it has counted, how old that was and how large.
drilled() { jq -n --argjson counted "$1" --argjson age "$age" --slurpfile point "$work/point.json" '$counted + {ageSeconds: $age, bytes: $point[0].bytes}'; }

# drill_powerbi: every report of the newest export is published into a workspace of the drill's.
drill_powerbi() {
  local age group count=0
  newest_export
  jq -n --arg name "$mark" '{$name}' >"$work/body"
  group=$(powerbi POST /groups "$work/body" | jq -re .id) || die "no workspace can be made for the drill"
  printf 'workspace %s\n' "$group" >"$work/made"
  while IFS=$'\t' read -r name file; do
    published "$group" "$name" "$work/point/$file" </dev/null
    count=$((count + 1))
  done < <(jq -r '.[].reports[] | [.name, .file] | @tsv' "$work/point/workspaces.json")
  ((count > 0)) || die "the export holds no report"
  [[ $(powerbi GET "/groups/$group/reports" | jq '.value | length') == "$count" ]] || die "not every report is there"
  drilled "{\"reports\": $count}"
}

# drill_configuration: every definition of the newest export is made under a name of the drill's and compared; what it says of
# all else can be asked for.
drill_configuration() {
  local age one id count=0
  newest_export
  while IFS= read -r one; do
    id=$(jq -r .id <<<"$one")
    id=${id%/*}/${mark}_${id##*/}
    jq '{properties: (.properties | {displayName, mode, policyType, policyRule, parameters} | del(.. | nulls))}' <<<"$one" >"$work/body"
    arm PUT "$id?api-version=2023-04-01" "$work/body" >/dev/null </dev/null || die "$id cannot be made"
    printf 'policy %s\n' "$id" >>"$work/made"
    arm GET "$id?api-version=2023-04-01" </dev/null | jq -e --slurpfile sent "$work/body" '.properties.policyRule == $sent[0].properties.policyRule' >/dev/null || die "$id is not as it was exported"
    count=$((count + 1))
  done < <(jq -c '.[] | select(.id | ascii_downcase | contains("/policydefinitions/"))' "$work/point/policies.json")
  ((count > 0)) || die "the export holds no policy"
  drilled "{\"policies\": $count}"
}

# drill_keys: every secret that the newest export names can be read from here; the sealed half opens in the clean room alone.
drill_keys() {
  local age name
  newest_export
  for name in $(jq -r '.[].name' "$work/point/secrets.json"); do
    vault GET "$VAULT" "/secrets/$name" | jq -e '.value | strings | length > 0' >/dev/null || die "secret $name cannot be read"
  done
  drilled "$(jq '{secrets: length}' "$work/point/secrets.json")"
}

# drill_logs: the lines of the newest copy are unpacked and counted against what it says it holds.
drill_logs() {
  local age file table rows
  newest_export
  for file in "$work/point"/*.jsonl.gz; do
    table=${file##*/}
    rows=$(gzip -dc "$file" | jq -c . | wc -l) || die "$table holds a line that is no JSON"
    [[ $rows == "$(jq -r --arg table "${table%.jsonl.gz}" '.counts[$table]' "$work/point.json")" ]] || die "$table has $rows lines, its manifest says another number"
  done
  drilled '{}'
}
