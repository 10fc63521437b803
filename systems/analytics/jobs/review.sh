#!/usr/bin/env bash
# shellcheck disable=SC2016 # the dollars between single quotes are jq's
# review.sh: the daily look at performance: how much of its processors each cluster used, slow queries by the hour, skew between
# partitions, jobs without an end, and clusters that were left. Fails with all that is wrong.
set -euo pipefail
# shellcheck source=systems/jobs/common.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/common.sh"
# shellcheck source=systems/jobs/checked.sh
source "$JOBS_DIR/checked.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "$JOBS_DIR/azure.sh"
# shellcheck source=systems/analytics/jobs/clusters.sh
source "$JOBS_DIR/clusters.sh"

need ASSET DATABRICKS_URL WAREHOUSE SKEW_TABLE SKEW_COLUMN REPORTS PUSHGATEWAY_URL
whole AVERAGE_PERCENT PEAK_PERCENT IDLE_PERCENT SLOW_SECONDS SKEW_PERCENT
work=$(mktemp -d "$RUN_DIR/review.XXXXXX")
trap 'rm -rf "$work"' EXIT

runs_sql=$(warehouse_named "$WAREHOUSE")

# asked NAME STATEMENT: the rows, in NAME of the scratch; what nobody answers is a problem, and null.
asked() {
  printf '%s' "$2" >"$work/statement.sql"
  sql "$runs_sql" "$work/statement.sql" >"$work/$1" && return 0
  problem "nobody answers about $1"
  printf 'null' >"$work/$1"
  return 1
}

# told NAME FILTER: each line that jq finds in it is a problem.
told() {
  local line
  while IFS= read -r line; do problem "$line"; done < <(jq -r --argjson average "$AVERAGE_PERCENT" --argjson peak "$PEAK_PERCENT" \
    --argjson slow "$SLOW_SECONDS" --argjson skew "$SKEW_PERCENT" "$2" "$work/$1")
}

if asked clusters "SELECT cluster_id, avg(used) AS average, max(used) AS peak FROM (
  SELECT cluster_id, date_trunc('MINUTE', start_time) AS minute, avg(cpu_user_percent + cpu_system_percent) AS used
  FROM system.compute.node_timeline WHERE start_time >= now() - INTERVAL 24 HOURS GROUP BY 1, 2) GROUP BY 1 ORDER BY 1"; then
  told clusters '.[] | select((.average | tonumber) > $average or (.peak | tonumber) > $peak)
    | "cluster \(.cluster_id) used \(.average | tonumber | floor) % of its processors, \(.peak | tonumber | floor) % at most: above \($average) and \($peak)"'
fi
if asked queries "SELECT date_trunc('HOUR', start_time) AS hour, avg(total_duration_ms) / 1000 AS seconds, count(*) AS queries
  FROM system.query.history WHERE start_time >= now() - INTERVAL 24 HOURS GROUP BY 1 ORDER BY 1"; then
  told queries '.[] | select((.seconds | tonumber) > $slow) | "queries of \(.hour) took \(.seconds | tonumber | floor)s on average, above \($slow)s"'
fi
# Their texts hold what people look for: a report names them by their numbers alone.
asked slowest "SELECT statement_id, executed_by, total_duration_ms / 1000 AS seconds FROM system.query.history
  WHERE start_time >= now() - INTERVAL 24 HOURS AND total_duration_ms > $SLOW_SECONDS * 1000 ORDER BY 3 DESC LIMIT 20" || true
if asked skew "SELECT * FROM (SELECT partition, events, (events - avg(events) OVER ()) / avg(events) OVER () * 100 AS percent
  FROM (SELECT $SKEW_COLUMN AS partition, count(*) AS events FROM $SKEW_TABLE WHERE date = current_date() - INTERVAL 1 DAY GROUP BY 1))
  WHERE percent > $SKEW_PERCENT ORDER BY percent DESC"; then
  told skew '.[] | "partition \(.partition) has \(.percent | tonumber | floor) % more events than the average, above \($skew) %"'
fi

# A runaway job costs until somebody looks.
if databricks_all '/api/2.2/jobs/list?limit=100' jobs | jq -c '[.[] | select((.settings.timeout_seconds // 0) == 0 and .settings.continuous == null) | .settings.name]' >"$work/endless"; then
  told endless '.[] | "job \(.) has no timeout"'
else
  problem "jobs cannot be listed"
  printf 'null' >"$work/endless"
fi
databricks_all /api/2.1/clusters/list clusters >"$work/all" || printf 'null' >"$work/all"
if jq -e 'type == "array"' "$work/all" >/dev/null; then
  told all '.[] | select(.custom_tags.holdfast_beside != null) | "cluster \(.cluster_name) (\(.cluster_id)) was left by a \(.custom_tags.holdfast_beside)"'
else
  problem "clusters cannot be listed"
fi

jq -n --argjson problems "$(problems_json)" --argjson idle "$IDLE_PERCENT" --slurpfile clusters "$work/clusters" --slurpfile queries "$work/queries" \
  --slurpfile slowest "$work/slowest" --slurpfile skew "$work/skew" --slurpfile endless "$work/endless" --slurpfile all "$work/all" '
  {at: (now | todate), clusters: $clusters[0], states: ($all[0] // [] | map({cluster_id, cluster_name, state, num_workers})),
    too_large: ($clusters[0] // [] | map(select((.peak | tonumber) < $idle) | .cluster_id)), queries: $queries[0], slowest: $slowest[0],
    skew: $skew[0], without_timeout: $endless[0], $problems}' >"$work/report.json"
jq -c . "$work/report.json"
blob PUT "$REPORTS/performance/$(date -u +%Y%m%d).json" "$work/report.json" >/dev/null || problem "the review was not stored"
push review <<METRICS
holdfast_performance_problems{asset="$ASSET",role="review"} ${#problems[@]}
METRICS
end_with_problems
