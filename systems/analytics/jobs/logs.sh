# shellcheck shell=bash
# Lines of Log Analytics: in the other region, and from the daily copies; nothing here acts until it is called.

: "${LOGS_API:=2025-02-01}"

# logs_restore_secondary: the replica takes lines and answers queries. Azure says that it may take half an hour.
logs_restore_secondary() {
  local state group
  group=${LOGS_ID%%/providers/*}
  state=$(arm GET "$LOGS_ID?api-version=$LOGS_API") || die "${LOGS_ID##*/} cannot be asked"
  jq -e --arg region "$OWN_REGION" '.properties.replication | .enabled == true and ((.location // "") | ascii_downcase | gsub(" "; "")) == $region' <<<"$state" >/dev/null ||
    die "${LOGS_ID##*/} is not replicated to $OWN_REGION: there is nothing to switch to"
  if [[ $(jq -r '.properties.failover.state // "Inactive"' <<<"$state") != Active ]]; then
    arm POST "$group/providers/Microsoft.OperationalInsights/locations/$OWN_REGION/workspaces/${LOGS_ID##*/}/failover?api-version=$LOGS_API" >/dev/null ||
      die "${LOGS_ID##*/} cannot be switched to $OWN_REGION"
  fi
  switched() { [[ $(arm GET "$LOGS_ID?api-version=$LOGS_API" | jq -r '.properties.failover.state // ""') == Active ]]; }
  wait_until switched || die "${LOGS_ID##*/} has not switched to $OWN_REGION within the time of this step"
  jq -n --arg region "$OWN_REGION" '{serves: $region}'
}

# logs_verify_secondary: lines come in there.
logs_verify_secondary() {
  local newest
  heard() {
    newest=$(logs_query "$LOGS_ID" 'union withsource=Source * | where ingestion_time() > ago(15m) | summarize Lines = count()' | jq -re '.[0].Lines // 0')
    ((newest > 0))
  }
  wait_until heard || die "no line has come in within 15 minutes"
  jq -n --argjson lines "$newest" '{lines: $lines}'
}

# logs_find: all daily copies before what is trusted; each is of one day.
logs_find() {
  local limit
  limit=$(trusted) || exit 1
  if [[ $WAY == room ]]; then local WRITTEN_BEFORE=$limit; fi
  points | awk -v limit="$(stamp "@$limit")" '$1 "" <= limit ""' >"$work/points"
  [[ -s $work/points ]] || die "$STORE/$PREFIX has no copy before $(iso "$limit")"
  jq -Rn '{days: [inputs]}' <"$work/points"
}

# logs_restore: every day as files that a query reads (externaldata): an intrusion is looked into with them, and no line is
# written where somebody could say that we have.
logs_restore() {
  local line day file count=0 lines=0
  while IFS= read -r line; do
    day=${line%% *}
    rm -rf "$work/point"
    point_fetch "$line" "$work/point" </dev/null
    for file in "$work/point"/*.jsonl.gz; do
      [[ -r $file ]] || die "the copy of $day has no lines"
      lines=$((lines + $(gzip -dc "$file" | wc -l)))
      # To be read; the point that it comes from is what is locked.
      REQUIRED_LOCK_DAYS='' blob_put "$file" "$RESTORED/$day/${file##*/}" >/dev/null </dev/null
      count=$((count + 1))
    done
  done < <(result "$path.find" | jq -r '.days[]')
  jq -n --argjson files "$count" --argjson lines "$lines" --arg into "$RESTORED" '{$files, $lines, $into}'
}

# logs_verify: as many files are there as were written, day by day.
logs_verify() {
  local there wanted
  wanted=$(result "$path.restore" | jq -r .files)
  there=$(blob_list "${RESTORED%%/*}/$(cut -d / -f 2 <<<"$RESTORED")" "$(cut -d / -f 3- <<<"$RESTORED")/" | wc -l)
  ((there >= wanted)) || die "$there files of logs are in $RESTORED, $wanted were to come back"
  jq -n --argjson files "$there" '{verified: $files}'
}
