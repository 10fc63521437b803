#!/usr/bin/env bash
# benchmark.sh: a bounded number of queries, one after the other. Fails when the 95th percentile is above LIMIT_MS.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"

# The guide names no query API, so the query is an input.
need OMENDB_URL QUERY_PATH PUSHGATEWAY_URL ASSET
: "${QUERY_BODY:=}" "${BENCHMARK_SECONDS:=120}"
whole QUERIES LIMIT_MS BENCHMARK_SECONDS
options=()
if [[ -n $QUERY_BODY ]]; then options=(--header 'Content-Type: application/json' --data "@$QUERY_BODY"); fi
result=$(for ((i = 0; i < QUERIES && SECONDS < BENCHMARK_SECONDS; i++)); do
  omendb_curl "${options[@]}" -o /dev/null -w '%{time_total}\n' "$OMENDB_URL$QUERY_PATH"
done | jq -cs 'sort | map(. * 1000) | {queries: length, medianMs: .[length / 2 | floor], p95Ms: .[length * 0.95 | floor], maxMs: .[-1]}')
printf '%s\n' "$result"
push benchmark <<METRICS
holdfast_benchmark_p95_seconds{asset="$ASSET",role="benchmark"} $(jq '.p95Ms / 1000' <<<"$result")
holdfast_benchmark_queries{asset="$ASSET",role="benchmark"} $(jq .queries <<<"$result")
METRICS
jq -e --argjson limit "$LIMIT_MS" '.p95Ms <= $limit' <<<"$result" >/dev/null || die "the 95th percentile is above $LIMIT_MS ms"
