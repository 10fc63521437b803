# shellcheck shell=bash
# shellcheck disable=SC2153 # the program declares ASSET
# What a drill measured, told to the alerts and held against what is promised and planned.

# worse WHAT MEASURED MOST WHICH: a line where it is more.
worse() { if (($2 > $3)); then printf '%s %ss, %s %ss\n' "$1" "$2" "$4" "$3"; fi; }

# shortfalls SECONDS AGE: a line for each number that is worse than it should be.
shortfalls() {
  worse "the recovery took" "$1" "$PROMISED_RTO_SECONDS" "promised (RTO) are"
  worse "the recovery took" "$1" "$PLANNED_SECONDS" "the steps that it rehearses have"
  worse "what came back is as old as" "$2" "$PROMISED_RPO_SECONDS" "promised (RPO) are"
  worse "what came back is as old as" "$2" "$PLANNED_AGE_SECONDS" "with one failed run it should be at most"
}

# record ASSET PATH SECONDS BYTES: an entry of the register's list `drills`, for a way back that was gone to its end.
record() {
  local day
  day=$(date -u +%F)
  jq -cn --arg id "$1-$2-$day" --arg asset "$1" --arg path "$2" --arg day "$day" --arg took "${3}s" --argjson bytes "$4" \
    '{id: ($id | gsub("/"; "-")), $asset, $path, date: $day, $took, $bytes, verified: true}'
}

# hold SECONDS BYTES AGE: tells the alerts, and fails where it was worse: data that came back late came back, all the same.
hold() {
  local found count
  whole PROMISED_RTO_SECONDS PROMISED_RPO_SECONDS PLANNED_SECONDS PLANNED_AGE_SECONDS
  found=$(shortfalls "$1" "$3")
  count=$(grep -c . <<<"$found" || true)
  push drill <<METRICS
holdfast_drill_timestamp_seconds{asset="$ASSET",role="drill"} $EPOCHSECONDS
holdfast_drill_restore_seconds{asset="$ASSET",role="drill"} $1
holdfast_drill_bytes{asset="$ASSET",role="drill"} $2
holdfast_drill_age_seconds{asset="$ASSET",role="drill"} $3
holdfast_drill_shortfalls{asset="$ASSET",role="drill"} $count
METRICS
  [[ -z $found ]] || die "all was restored and verified, but worse than it should be: ${found//$'\n'/; }"
}
