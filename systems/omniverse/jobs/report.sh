#!/usr/bin/env bash
# report.sh: the week, hour by hour: sessions on average and at most, and how much of the time Nucleus was up. An hour that
# nobody measured is told, and counts neither as idle nor as down.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/nucleus.sh
source "$JOBS_DIR/nucleus.sh"

need ASSET NAMESPACE BUCKET BUCKET_REGION PUSHGATEWAY_URL PROMETHEUS_URL OPERATIONS_PREFIX
whole REQUIRED_LOCK_DAYS
work=$(mktemp -d "$RUN_DIR/report.XXXXXX")
trap 'rm -rf "$work"' EXIT
end=$(($(date +%s) / 3600 * 3600))
start=$((end - 7 * 86400))

# hours QUERY: {"<time>": value} of each full hour that has one.
hours() {
  prometheus query_range "query=$1" "start=$((start + 3600))" "end=$end" step=1h |
    jq -ce 'if length > 1 then error("more than one series") else (.[0].values // []) end
      | map(select(.[1] != "NaN") | {(.[0] | floor | tostring): (.[1] | tonumber)}) | add // {}'
}
of="{namespace=\"$NAMESPACE\"}"
sessions=$(hours "max(nucleus_active_sessions$of)") || die "Prometheus does not say how many sessions there were"
up=$(hours "max(avg_over_time(nucleus_up${of}[1h]))") || die "Prometheus does not say whether Nucleus was up"
jq -n --argjson start "$start" --argjson until "$end" --argjson sessions "$sessions" --argjson up "$up" '
  def day: todate | .[:10];
  def missing(of): [range($start + 3600; $until + 1; 3600) | select(of[tostring] == null)];
  def mean: if length == 0 then null else add / length end;
  {period: "\($start | day) to \($until | day)", from: ($start | todate), to: ($until | todate), hours: 168,
    metrics: {avg_sessions: ([$sessions[]] | mean), peak_sessions: ([$sessions[]] | max),
      system_uptime: (([$up[]] | mean) as $share | if $share == null then null else $share * 100 end)},
    missing: {sessions: (missing($sessions) | map(todate)), uptime: (missing($up) | map(todate))}}' >"$work/report.json"
jq -c . "$work/report.json"
absent=$(jq '[.missing[] | length] | max' "$work/report.json")
if ((absent > 0)); then log "the report has a gap: $absent of 168 hours were not measured"; fi
leave "$work/report.json" "reports/omniverse-report-$(date -u -d "@$start" +%Y%m%d).json" || die "the report was not stored"
push report <<METRICS
holdfast_report_hours_missing{asset="$ASSET",role="report"} $absent
METRICS
jq -e '.metrics.avg_sessions != null and .metrics.system_uptime != null' "$work/report.json" >/dev/null ||
  die "nothing was measured in the whole week"
