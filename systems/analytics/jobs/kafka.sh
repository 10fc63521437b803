# shellcheck shell=bash
# shellcheck disable=SC2034 # warehouse is read by ask
# Events: promotion of the other region, and events that are read again; nothing here acts until it is called.

: "${EVENTS_API:=2026-01-01}"

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
  now=$(primary_of "$1") || return 1
  [[ $now == "$OWN_REGION" ]] || { log "${1##*/} still takes its events in $now" && return 1; }
}

# kafka_restore_secondary: all namespaces at once. It waits for no other asset, and the names of the namespaces go along.
kafka_restore_secondary() {
  local id unready=''
  jq -n --arg region "$OWN_REGION" --argjson force "${FORCE:-true}" '{properties: {primaryLocation: $region, $force}}' >"$work/promotion"
  # One that cannot be promoted is known before any is: half of them in each region is worse than either.
  for id in $NAMESPACE_IDS; do primary_of "$id" >/dev/null || unready+=" ${id##*/}"; done
  [[ -z $unready ]] || die "these cannot be promoted, so none is:$unready"
  printf '%s\n' "$NAMESPACE_IDS" | tr ' ' '\n' | in_parallel promoted || die "not all namespaces were promoted: start this step again, it goes on with those that are left"
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

# replayed SECONDS: reads all events from a moment on again, and writes into bronze those that it lacks. Prints how many
# bronze has before and after; of one event that is there twice, both count once.
replayed() {
  local namespace before after table
  table=$(quoted "$CATALOG.$BRONZE") || exit 1
  before=$(rows_of "$CATALOG.$BRONZE") || die "$BRONZE cannot be counted"
  for namespace in $NAMESPACES; do
    ask "MERGE INTO $table AS held USING (
        SELECT to_date(timestamp) AS date, value::string:event_type::string AS event_type, value::string:customer_id::string AS customer_id,
          timestamp AS event_time, partition AS partition_id, offset AS sequence_number, value::string AS body
        FROM read_kafka(bootstrapServers => '$namespace.servicebus.windows.net:9093', subscribe => '$TOPIC', startingTimestamp => '${1}000',
          \`databricks.serviceCredential\` => '$EVENTS_CREDENTIAL')
      ) AS sent ON held.date = sent.date AND held.partition_id = sent.partition_id AND held.sequence_number = sent.sequence_number AND held.body = sent.body
      WHEN NOT MATCHED THEN INSERT *" >/dev/null || die "the events of $namespace from $(iso "$1") on cannot be read again"
  done
  after=$(rows_of "$CATALOG.$BRONZE") || die "$BRONZE cannot be counted"
  ((after >= before)) || die "$BRONZE has fewer rows than before the events were read again: $after of $before"
  jq -n --arg from "$(iso "$1")" --argjson before "$before" --argjson after "$after" '{replayedFrom: $from, $before, $after}'
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

# kafka_restore_room: what Event Hubs captured under the lock, up to what is trusted.
kafka_restore_room() {
  local limit namespace table rows
  limit=$(trusted) || exit 1
  warehouse=$(warehouse_up) || exit 1
  table=$(quoted "$CATALOG.$BRONZE") || exit 1
  for namespace in $NAMESPACES; do
    ask "MERGE INTO $table AS held USING (
        SELECT to_date(EnqueuedTimeUtc) AS date, Body::string:event_type::string AS event_type, Body::string:customer_id::string AS customer_id,
          EnqueuedTimeUtc AS event_time, CAST(regexp_extract(_metadata.file_path, '/$TOPIC/([0-9]+)/', 1) AS int) AS partition_id,
          SequenceNumber AS sequence_number, Body::string AS body
        FROM read_files('abfss://$EVENTS@$LOCKED.dfs.core.windows.net/$namespace/$TOPIC/', format => 'avro', modifiedBefore => '$(iso "$limit")')
      ) AS sent ON held.date = sent.date AND held.partition_id = sent.partition_id AND held.sequence_number = sent.sequence_number AND held.body = sent.body
      WHEN NOT MATCHED THEN INSERT *" >/dev/null || die "what was captured of $namespace cannot be read"
  done
  rows=$(rows_of "$CATALOG.$BRONZE") || die "$BRONZE cannot be counted"
  ((rows > 0)) || die "nothing was captured before $(iso "$limit")"
  jq -n --arg holds "$(iso "$limit")" --argjson rows "$rows" '{$holds, $rows}'
}

# kafka_verify_room
kafka_verify_room() { kafka_verify_place; }
