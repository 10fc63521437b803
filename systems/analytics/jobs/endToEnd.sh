#!/usr/bin/env bash
# endToEnd.sh: sends one numbered event to each namespace of Event Hubs, and waits until all can be read in the lake. What
# it reports counts the query as well: the platform is never slower than this says. lostEvents.sh looks for those that
# were still missing.
set -euo pipefail
# shellcheck source=systems/jobs/common.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/common.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/azure.sh"
# shellcheck source=systems/analytics/jobs/track.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/track.sh"
# shellcheck source=systems/analytics/jobs/arrivals.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/arrivals.sh"

need NAMESPACES TOPIC EVENTS_URL INSIGHTS INGESTION_URLS DATABRICKS_URL WAREHOUSE EVENTS_TABLE
whole PARTITIONS WITHIN
# All that is not the platform's own time comes first.
read -r address key < <(insights_of "$INSIGHTS") || true
[[ -n ${key:-} ]] || die "nowhere to report to"
where=$(warehouse_named "$WAREHOUSE")
header=$(azure_token https://eventhubs.azure.net)
run=$(stamp now)
# Another one each minute, so that each is looked at.
partition=$((EPOCHSECONDS / 60 % PARTITIONS))
event=$RUN_DIR/event calls=$RUN_DIR/calls
for one in $NAMESPACES; do
  # shellcheck disable=SC2059 # the declared address is a pattern
  printf -v url "$EVENTS_URL" "$one"
  printf '{"event_type":"%s","customer_id":"holdfast","event_time":"%s","run":"%s","namespace":"%s"}' \
    "$EVENT_TYPE" "$(iso_of "$run")" "$run" "$one" >"$event-$one"
  printf 'next\nurl = "%s/%s/partitions/%s/messages?timeout=30&api-version=2014-01"\ndata-binary = "@%s"\nheader = "@%s"\n' \
    "$url" "$TOPIC" "$partition" "$event-$one" "$header"
  printf 'header = "Content-Type: application/atom+xml;type=entry;charset=utf-8"\noutput = "/dev/null"\nsilent\nmax-time = 10\nretry = 2\nwrite-out = "%%{http_code} %s\\n"\n' "$one"
done >"$calls"

now() { printf '%d' "$((${EPOCHREALTIME/./} / 1000))"; }
began=$(now)
# All at once: one after the other they would measure this job.
answers=$(curl --parallel --parallel-max 100 --config "$calls") || true
took=$(grep -c '^2' <<<"$answers" || true)
refused=$(sed -n 's/^[^2][0-9]* //p' <<<"$answers" | sort | paste -sd ,)

arrived=0 end=$((SECONDS + WITHIN))
while ((took > 0 && SECONDS < end)); do
  arrived=$(arrivals "$where" "$run" | jq --arg run "$run" 'map(select(.run == $run)) | length') || arrived=0
  ((arrived < took)) || break
  sleep 0.5
done
lasted=$(($(now) - began))

success=true
if ((took == 0 || arrived < took)) || [[ -n $refused ]]; then success=false; fi
# What lostEvents.sh reads: which events must be in the lake.
track "$address" "$key" "$RESULT" "$success" "$lasted" "run=$run refused=$refused arrived=$arrived of $took"
log "run $run: $arrived of $took events arrived within ${lasted}ms${refused:+; no event taken by $refused}"
