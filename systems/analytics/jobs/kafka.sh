# shellcheck shell=bash
# shellcheck disable=SC2034 # warehouse is read by ask
# Events: promotion of the other region, and events that are read again; nothing here acts until it is called.

: "${EVENTS_API:=2026-01-01}" "${EVENTS_LATE:=600}" "${EVENTS_SLICE:=900}" "${EVENTS_SINCE:=}"

# primary_of NAMESPACE_ID: prints the region that takes its events; fails where it is not replicated to this one. Azure
# writes both `northeurope` and `North Europe`.
primary_of() {
  arm GET "$1?api-version=$EVENTS_API" | jq -re --arg own "$OWN_REGION" '
    [.properties.geoDataReplication.locations[]? | {region: (.locationName | ascii_downcase | gsub(" "; "")), role: .roleType}]
    | select(any(.[]; .region == $own)) | [.[] | select(.role == "Primary")][0].region // empty' ||
    { log "${1##*/} is not replicated to $OWN_REGION" && return 1; }
}

# promoted NAMESPACE_ID: this region takes its events. What had not arrived is given up: `force`, because the other does not
# answer. One that is promoted already stays so.
promoted() {
  local now
  now=$(primary_of "$1") || return 1
  [[ $now != "$OWN_REGION" ]] || return 0
  arm POST "$1/failover?api-version=$EVENTS_API" "$work/promotion" >/dev/null || return 1
  takes_here() { now=$(primary_of "$1") && [[ $now == "$OWN_REGION" ]]; }
  wait_until takes_here "$1" || { log "${1##*/} still takes its events in ${now:-no region}" && return 1; }
}

# kafka_restore_secondary: all namespaces at once. It waits for no other asset, and the names of the namespaces go along.
kafka_restore_secondary() {
  local id unready=''
  jq -n --arg region "$OWN_REGION" --argjson force "${FORCE:-true}" '{properties: {primaryLocation: $region, $force}}' >"$work/promotion"
  # One that cannot be promoted is known before any is: half of them in each region is worse than either.
  for id in $NAMESPACE_IDS; do primary_of "$id" >/dev/null || unready+=" ${id##*/}"; done
  [[ -z $unready ]] || die "these cannot be promoted, so none is:$unready"
  printf '%s\n' "$NAMESPACE_IDS" | tr ' ' '\n' | TRANSFER_JOBS=$(wc -w <<<"$NAMESPACE_IDS") in_parallel promoted || die "not all namespaces were promoted: start this step again, it goes on with those that are left"
  jq -n --arg region "$OWN_REGION" --arg ids "$NAMESPACE_IDS" '{primary: $region, namespaces: ($ids | split(" ") | length)}'
}

# kafka_verify_secondary: every namespace takes events here, and its topic is whole.
kafka_verify_secondary() {
  local id now seen
  for id in $NAMESPACE_IDS; do
    now=$(primary_of "$id") || die "${id##*/} does not say where it takes events"
    [[ $now == "$OWN_REGION" ]] || die "${id##*/} takes its events in $now"
    seen=$(arm GET "$id/eventhubs/$TOPIC?api-version=2024-01-01") || die "${id##*/} has no topic $TOPIC"
    jq -e --argjson partitions "$PARTITIONS" '.properties.status == "Active" and .properties.partitionCount == $partitions' <<<"$seen" >/dev/null ||
      die "$TOPIC of ${id##*/} must be active with $PARTITIONS partitions, got $(jq -c '[.properties.status, .properties.partitionCount]' <<<"$seen")"
  done
  jq -n --arg ids "$NAMESPACE_IDS" '{verified: ($ids | split(" ") | map(split("/") | last))}'
}

# read_again FROM UNTIL [TABLE NAMESPACES]: a run of the job REPLAYS writes those events of a span into bronze that it lacks, or
# those of some namespaces into another table. One that is too slow is ended: what nobody waits for must not go on writing.
read_again() {
  local id run state end=$((SECONDS + $(time_left)))
  id=$(job_named "$REPLAYS") || die "the workspace $DATABRICKS_URL has no job $REPLAYS"
  jq -n --argjson id "$id" --arg since "$1" --arg until "$2" --arg late "$EVENTS_LATE" --arg token "$REPLAYS-$1-$EPOCHSECONDS" --arg target "${3:-}" --arg namespaces "${4:-}" \
    '{job_id: $id, idempotency_token: $token, job_parameters: ({$since, $until, $late} + if $target == "" then {} else {$target, $namespaces} end)}' >"$work/run"
  run=$(databricks POST /api/2.2/jobs/run-now "$work/run" | jq -re .run_id) || return 1
  while ((SECONDS < end)) && state=$(databricks GET "/api/2.2/jobs/runs/get?run_id=$run" | jq -r '.state | "\(.life_cycle_state) \(.result_state)"'); do
    case $state in
      'TERMINATED SUCCESS') return 0 ;;
      TERMINATED* | SKIPPED* | INTERNAL_ERROR*) log "run $run of $REPLAYS: $state" && return 1 ;;
    esac
    sleep "$AZURE_POLL"
  done
  jq -n --argjson run "$run" '{run_id: $run}' >"$work/run"
  databricks POST /api/2.2/jobs/runs/cancel "$work/run" >/dev/null || log "run $run of $REPLAYS may go on: end it"
  return 1
}

# events_from DEFAULT: from when on events are read: EVENTS_SINCE, where somebody has said it.
events_from() {
  if [[ -n ${EVENTS_SINCE:-} ]]; then moment_said EVENTS_SINCE; else printf '%d' "$1"; fi
}

# replayed SECONDS: reads all events from a moment on again, a quarter of an hour at a time: what is written stays, however
# this ends. Prints how many rows bronze has before and after.
replayed() {
  local from=$1 until=$EPOCHSECONDS at next before after
  at=$(events_from "$from") || exit 1
  ((at >= from)) || at=$from
  before=$(rows_of "$CATALOG.$BRONZE") || die "$BRONZE cannot be counted"
  for (( ; at < until; at = next)); do
    next=$((at + EVENTS_SLICE < until ? at + EVENTS_SLICE : until))
    read_again "$at" "$next" ||
      die "the events from $(iso "$at") on cannot be read again, or not within the time of this step: say EVENTS_SINCE=$(iso "$at") and start it again"
  done
  after=$(rows_of "$CATALOG.$BRONZE") || die "$BRONZE cannot be counted"
  ((after >= before)) || die "$BRONZE has fewer rows than before the events were read again: $after of $before"
  jq -n --arg from "$(iso "$from")" --argjson before "$before" --argjson after "$after" '{replayedFrom: $from, $before, $after}'
}

# kafka_stop: whoever reads and writes wrongly stops.
kafka_stop() { lake_stop; }

# kafka_restore_place: an event is never changed where it lies; what was made of it is made again.
kafka_restore_place() {
  local from
  from=$(trusted) || exit 1
  warehouse=$(warehouse_up) || exit 1
  replayed "$from"
}

# kafka_verify_place: every event once, and content that is sound.
kafka_verify_place() {
  warehouse=$(warehouse_up) || exit 1
  checked "$BRONZE" || die "what was read again is not sound"
  jq -n --arg table "$BRONZE" '{verified: [$table]}'
}

# kafka_resume: the pipelines read on.
kafka_resume() { lake_resume; }

# captured NAMESPACE FROM UNTIL: query of what files of Capture between two moments hold, as rows of bronze. Capture writes when
# an event was taken as words, such as 8/7/2026 4:05:09 PM, in UTC.
captured() {
  local taken="to_timestamp(EnqueuedTimeUtc, 'M/d/yyyy h:mm:ss a')"
  printf '%s' "SELECT to_date($taken) AS date, Body::string:event_type::string AS event_type, Body::string:customer_id::string AS customer_id,
      $taken AS event_time, CAST(regexp_extract(_metadata.file_path, '/$TOPIC/([0-9]+)/', 1) AS int) AS partition_id,
      SequenceNumber AS sequence_number, Body::string AS body
    FROM read_files('abfss://$EVENTS@$LOCKED.dfs.core.windows.net/$1/$TOPIC/', format => 'avro',
      modifiedAfter => '$(iso "$2")', modifiedBefore => '$(iso "$3")')"
}

# captured_merged FROM UNTIL: writes what was captured in a span into bronze where that lacks it, of all namespaces at once, as
# the notebook replay does of what the event hubs keep.
captured_merged() {
  local table from until namespace all=''
  for namespace in $NAMESPACES; do all+="${all:+ UNION ALL }$(captured "$namespace" "$(($1 - EVENTS_LATE))" "$2")"; done
  table=$(quoted "$CATALOG.$BRONZE") || exit 1
  from=$(iso "$(($1 - EVENTS_LATE))") until=$(iso "$(($2 + EVENTS_LATE))")
  ask "MERGE INTO $table AS held USING (SELECT * FROM ($all) WHERE event_time BETWEEN TIMESTAMP '$from' AND TIMESTAMP '$until') AS sent
    ON held.event_time BETWEEN TIMESTAMP '$from' AND TIMESTAMP '$until' AND held.date BETWEEN DATE '${from%T*}' AND DATE '${until%T*}'
      AND held.date = sent.date AND held.partition_id = sent.partition_id AND held.sequence_number = sent.sequence_number AND held.body = sent.body
    WHEN NOT MATCHED THEN INSERT *" >/dev/null
}

# kafka_restore_room: what Event Hubs captured under the lock, from the newest row that came back with the lake up to what is
# trusted: the room holds all that is older.
kafka_restore_room() {
  local limit from newest table rows before
  limit=$(trusted) || exit 1
  warehouse=$(warehouse_up) || exit 1
  table=$(quoted "$CATALOG.$BRONZE") || exit 1
  before=$(rows_of "$CATALOG.$BRONZE") || die "$BRONZE cannot be counted"
  newest=$(ask "SELECT max(event_time) AS newest FROM $table WHERE date BETWEEN DATE '$(iso "$((limit - 86400))" | cut -dT -f1)' AND DATE '$(iso "$limit" | cut -dT -f1)'" | jq -r '.[0].newest // empty') ||
    die "$BRONZE cannot be read"
  [[ -n $newest$EVENTS_SINCE ]] || die "$BRONZE has no row of the day before $(iso "$limit"): say EVENTS_SINCE, from when on captured events are to be read"
  from=$(events_from "$(date -u -d "${newest:-now}" +%s)") || exit 1
  ((from <= limit)) || from=$limit
  captured_merged "$from" "$limit" || die "what was captured from $(iso "$from") on cannot be read"
  rows=$(rows_of "$CATALOG.$BRONZE") || die "$BRONZE cannot be counted"
  # The last files before a moment may not have been written by then.
  ((rows > before || from >= limit - 2 * EVENTS_LATE)) || die "nothing was captured between $(iso "$from") and $(iso "$limit")"
  jq -n --arg from "$(iso "$from")" --arg holds "$(iso "$limit")" --argjson rows "$rows" --argjson added "$((rows - before))" '{$from, $holds, $rows, $added}'
}

# kafka_verify_room
kafka_verify_room() { kafka_verify_place; }
