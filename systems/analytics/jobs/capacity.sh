#!/usr/bin/env bash
# capacity.sh: the monthly review: 90 days by the hour, a straight line through them, and where it is 30 days ahead. Fails when
# that is above the level of what there is, so that somebody decides before an alert does.
set -euo pipefail
# shellcheck source=systems/jobs/common.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/common.sh"
# shellcheck source=systems/jobs/checked.sh
source "$JOBS_DIR/checked.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "$JOBS_DIR/azure.sh"
# shellcheck source=systems/analytics/jobs/clusters.sh
source "$JOBS_DIR/clusters.sh"

need ASSET ARM_URL DATABRICKS_URL WAREHOUSE CAPACITIES REPORTS PUSHGATEWAY_URL
whole LEVEL_PERCENT COMPUTE_PERCENT DAYS_BACK DAYS_AHEAD
work=$(mktemp -d "$RUN_DIR/capacity.XXXXXX")
trap 'rm -rf "$work"' EXIT
end=$((EPOCHSECONDS / 3600 * 3600))
start=$((end - DAYS_BACK * 86400))

# metric RESOURCE METRIC AGGREGATION: "<epoch> <value>" of each hour; a month at a time, which is the most that Azure plots.
metric() {
  local from=$start to path
  while ((from < end)); do
    to=$((from + 30 * 86400 < end ? from + 30 * 86400 : end))
    path="$1/providers/Microsoft.Insights/metrics?api-version=2023-10-01&timespan=$(iso "$from")/$(iso "$to")&interval=PT1H&metricnames=$2&aggregation=$3"
    arm GET "$path" | jq -re --arg key "${3,,}" '
      if (.value | length) == 1 then .value[0].timeseries[0].data // [] else error("not one metric") end
      | .[] | select(.[$key] != null) | "\(.timeStamp | sub("\\.[0-9]+"; "") | fromdate) \(.[$key])"' || (($? == 4)) || return 1
    from=$to
  done
}

# of_resources CAPACITY: the same, added up over its resources; an hour that one of them lacks is none.
of_resources() {
  local resource count
  count=$(jq '.resources | length' <<<"$1")
  while IFS= read -r resource; do
    metric "$resource" "$(jq -r .metric <<<"$1")" "$(jq -r .aggregation <<<"$1")" || return 1
  done < <(jq -r '.resources[]' <<<"$1") |
    awk -v count="$count" -v per="$(jq .perSeconds <<<"$1")" '
      { sum[$1] += $2; seen[$1]++ } END { for (hour in sum) if (seen[hour] == count) printf "%d %.17g\n", hour, sum[hour] / per }'
}

# of_compute: processors of the clusters in use, in per cent, from what Databricks writes down each minute.
of_compute() {
  local where
  where=$(warehouse_named "$WAREHOUSE") || return 1
  printf '%s' "SELECT unix_timestamp(date_trunc('HOUR', start_time)) AS hour, avg(cpu_user_percent + cpu_system_percent) AS value
FROM system.compute.node_timeline WHERE start_time >= timestamp_seconds($start) AND start_time < timestamp_seconds($end) GROUP BY 1" >"$work/compute.sql"
  sql "$where" "$work/compute.sql" | jq -r '.[] | "\(.hour) \(.value)"'
}

# forecast NAME LIMIT PERCENT: reads "<epoch> <value>"; a line by least squares, about the middle, where floats lose least.
forecast() {
  sort -n | jq -Rnce --arg name "$1" --argjson limit "$2" --argjson percent "$3" --argjson until "$end" \
    --argjson hours "$((DAYS_BACK * 24))" --argjson ahead "$((DAYS_AHEAD * 86400))" '
    [inputs | split(" ") | map(tonumber)] | length as $n
    # Half of the hours say nothing about a month.
    | if $n < $hours / 2 then error("only \($n) of \($hours) hours") else . end
    | (map(.[0]) | add / $n) as $x | (map(.[1]) | add / $n) as $y
    | ((map((.[0] - $x) * (.[1] - $y)) | add) / (map((.[0] - $x) * (.[0] - $x)) | add)) as $slope
    | .[-1][1] as $current | ($y + $slope * ($until + $ahead - $x)) as $predicted
    | {name: $name, current: $current, predicted: $predicted, limit: $limit,
        growth_percent: (if $current == 0 then null else ($predicted - $current) / $current * 100 end),
        per_day: ($slope * 86400), hours_missing: ([$hours - $n, 0] | max), above: ($predicted > $limit * $percent / 100),
        full_on: (if $slope <= 0 then null else (($limit - $y) / $slope + $x) | if . < 32503680000 then ([., $until] | max | floor | todate) else null end end)}'
}

# review NAME LIMIT PERCENT HOURLY_FILE
review() {
  local found
  if ! found=$(forecast "$1" "$2" "$3" <"$4"); then
    problem "nobody can say where $1 will be: too few hours are known"
    found=$(jq -nc --arg name "$1" '{name: $name, current: null, predicted: null, above: null}')
  elif jq -e .above <<<"$found" >/dev/null; then
    problem "$1 will be $(jq -r '"\(.predicted | floor) of \(.limit)"' <<<"$found") in $DAYS_AHEAD days, above $3 %"
  fi
  printf '%s\n' "$found" >>"$work/found"
}

: >"$work/found"
while IFS= read -r capacity; do
  name=$(jq -r .name <<<"$capacity")
  of_resources "$capacity" >"$work/hours" || : >"$work/hours"
  review "$name" "$(jq .limit <<<"$capacity")" "$LEVEL_PERCENT" "$work/hours"
done < <(jq -c '.[]' <<<"$CAPACITIES")
of_compute >"$work/hours" || : >"$work/hours"
# Of processors there is a level for the average of an hour, and not a share of a whole.
review compute_percent "$COMPUTE_PERCENT" 100 "$work/hours"

jq -s --arg from "$(iso "$start")" --arg to "$(iso "$end")" --argjson days "$DAYS_AHEAD" --argjson problems "$(problems_json)" \
  '{$from, $to, days_ahead: $days, capacities: ., $problems}' "$work/found" >"$work/report.json"
jq -c . "$work/report.json"
blob PUT "$REPORTS/capacity/$(date -u +%Y%m%d).json" "$work/report.json" >/dev/null || problem "the review was not stored"
push capacity < <(jq -r --arg asset "$ASSET" '.capacities[] | select(.predicted != null)
  | "holdfast_capacity_predicted{asset=\"\($asset)\",role=\"capacity\",of=\"\(.name)\"} \(.predicted)"' "$work/report.json"
  printf 'holdfast_capacity_problems{asset="%s",role="capacity"} %d\n' "$ASSET" "${#problems[@]}")
end_with_problems
