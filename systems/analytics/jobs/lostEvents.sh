#!/usr/bin/env bash
# lostEvents.sh: which of the test events that Event Hubs took between two hours and LOST_AFTER ago are not in the lake. An
# event that was taken and cannot be read after so long is lost, until somebody finds it: so is what else went its way.
set -euo pipefail
# shellcheck source=systems/jobs/common.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/common.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/azure.sh"
# shellcheck source=systems/analytics/jobs/track.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/track.sh"
# shellcheck source=systems/analytics/jobs/arrivals.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/arrivals.sh"

need NAMESPACES WORKSPACE INSIGHTS INGESTION_URLS DATABRICKS_URL WAREHOUSE EVENTS_TABLE LOST_AFTER
seconds_of "$LOST_AFTER" >/dev/null || die "LOST_AFTER must be a span such as 15m, got '$LOST_AFTER'"
read -r address key < <(insights_of "$INSIGHTS") || true
[[ -n ${key:-} ]] || die "nowhere to report to"

began=$SECONDS
runs=$(logs_query "$WORKSPACE" "AppAvailabilityResults | where Name == \"$RESULT\" and TimeGenerated between (ago(2h) .. ago($LOST_AFTER)) | project Message")
# Each namespace that did not refuse must have its event in the lake.
expected=$(jq -c --arg namespaces "$NAMESPACES" '[.[].Message | capture("^run=(?<run>[0-9TZ.]+) refused=(?<refused>[^ ]*)")
  | .run as $run | (.refused | split(",")) as $refused | ($namespaces | split(" "))[] | select(. as $one | $refused | index($one) | not)
  | {run: $run, namespace: .}]' <<<"$runs")
((${#expected} > 2)) || die "no test event was sent between two hours and $LOST_AFTER ago: nobody can say whether any is lost"
since=$(jq -r 'map(.run) | min' <<<"$expected")
where=$(warehouse_named "$WAREHOUSE")
arrived=$(arrivals "$where" "$since")

lost=$(jq -rn --argjson expected "$expected" --argjson arrived "$arrived" \
  '($arrived | map({key: "\(.run) \(.namespace)", value: true}) | from_entries) as $there
   | $expected[] | "\(.run) \(.namespace)" | select($there[.] | not)')
count=$(grep -c . <<<"$lost" || true)
sent=$(jq length <<<"$expected")
if ((count == 0)); then
  track "$address" "$key" no-events-lost true "$(((SECONDS - began) * 1000))" "all $sent have arrived"
  log "all $sent test events have arrived"
else
  some=$(head -n 5 <<<"$lost" | paste -sd ';')
  track "$address" "$key" no-events-lost false "$(((SECONDS - began) * 1000))" "$count of $sent are lost: $some"
  log "$count of $sent test events are lost: $some"
fi
