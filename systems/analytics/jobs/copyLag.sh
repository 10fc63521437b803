#!/usr/bin/env bash
# copyLag.sh events|captured|logs: until when a copy that Azure itself keeps holds everything, as Prometheus is told it.
# events: what Event Hubs has replicated. captured: what it has written to files. logs: lines in the other region.
set -euo pipefail
# shellcheck source=systems/jobs/common.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/common.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/azure.sh"
# shellcheck source=systems/analytics/jobs/blobs.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/blobs.sh"

need ASSET PROTECTION PUSHGATEWAY_URL
moments=$RUN_DIR/moments
mkdir -p "$moments"

# replicated NAMESPACE: the newest minute that Azure Monitor knows the lag of, less that lag.
replicated() {
  local span query answer
  span="$(date -u -d '-15 minutes' +%Y-%m-%dT%H:%M:00Z)/$(date -u +%Y-%m-%dT%H:%M:00Z)"
  query="api-version=2023-10-01&metricnames=ReplicationLagDuration&aggregation=Maximum&interval=PT1M&timespan=$span"
  answer=$(arm GET "$NAMESPACE_IDS/$1/providers/Microsoft.Insights/metrics?$query") || return 1
  jq -re '.value[0] | {Seconds: 1, MilliSeconds: 1000}[.unit] as $unit
    | [.timeseries[]?.data[]? | select(.maximum != null)] | max_by(.timeStamp)
    | (.timeStamp | sub("\\.[0-9]+"; "") | fromdateiso8601) - (.maximum / $unit | ceil)' <<<"$answer" >"$moments/$1" && return
  log "$1: Azure Monitor does not say how far its second region is behind"
  rm -f "$moments/$1"
  return 1
}

# captured NAMESPACE: when the newest file of one of its partitions was written, another one each time.
captured() {
  local hour newest='' partition=$((EPOCHSECONDS / 300 % PARTITIONS))
  # The hour has only begun: the newest file may be of the one before.
  for hour in now '-1 hour'; do
    newest=$(blob_list "$STORE" "$1/$TOPIC/$partition/$(date -u -d "$hour" +%Y/%m/%d/%H)/" | tail -n 1 | cut -f 3) || return 1
    [[ -z $newest ]] || break
  done
  [[ -n $newest ]] || { log "$1: no event of partition $partition is in a file of the last hour" && return 1; }
  printf '%s\n' "$newest" >"$moments/$1"
}

# copied: the newest line that can be read in the region that is not used.
copied() {
  local id answer query='AzureMetrics | where TimeGenerated > ago(1d) | summarize Newest = max(TimeGenerated)'
  id=$(arm GET "$WORKSPACE?api-version=2025-02-01" | jq -re .properties.customerId) || return 1
  query=$(jq -rn --arg query "$query" '$query | @uri')
  answer=$(azure_call "logs of ${WORKSPACE##*/} in the other region" https://api.loganalytics.azure.com GET \
    "$LOGS_URL/workspaces/$id/query?query=$query&overrideWorkspaceRegion=secondary") || return 1
  jq -re '.tables[0].rows[0][0] | strings | sub("\\.[0-9]+"; "") | fromdateiso8601' <<<"$answer" >"$moments/logs" && return
  log "${WORKSPACE##*/}: the other region has no line of the last day"
  rm -f "$moments/logs"
  return 1
}

failed=0
case ${1:-} in
  events)
    need NAMESPACES NAMESPACE_IDS
    # shellcheck disable=SC2086 # one name a line
    printf '%s\n' $NAMESPACES | in_parallel replicated || failed=1
    ;;
  captured)
    need NAMESPACES TOPIC STORE
    whole PARTITIONS
    # shellcheck disable=SC2086 # one name a line
    printf '%s\n' $NAMESPACES | in_parallel captured || failed=1
    ;;
  logs)
    need WORKSPACE
    copied || failed=1
    ;;
  *) die "usage: copyLag.sh events|captured|logs" ;;
esac
# The whole is as old as its oldest part: one that says nothing must not make it look younger.
((failed == 0)) || die "not told how far $PROTECTION of $ASSET is behind: some of it does not say"
oldest=$(cat "$moments"/* | sort -n | head -n 1)
printf 'holdfast_restorable_timestamp_seconds{asset="%s",protection="%s"} %d\n' "$ASSET" "$PROTECTION" "$oldest" | push "$PROTECTION"
log "$PROTECTION of $ASSET holds everything until $(date -u -d "@$oldest" +%FT%TZ)"
