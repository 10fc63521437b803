#!/usr/bin/env bash
# capacity.sh: the monthly review: processors, memory and disks of the last 30 days against their levels, the largest
# projects, assets by month, and what users did. Fails above a level, so that somebody decides before an alert does.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/nucleus.sh
source "$JOBS_DIR/nucleus.sh"
# shellcheck source=systems/omniverse/jobs/objects.sh
source "$JOBS_DIR/objects.sh"

need ASSET NAMESPACE BUCKET BUCKET_REGION PUSHGATEWAY_URL PROMETHEUS_URL NUCLEUS_URL OPERATIONS_PREFIX
need AWS_REGION DB_INSTANCE DB_SECRET ASSET_BUCKET
: "${LARGEST:=20}"
whole CPU_REVIEW MEMORY_REVIEW DISK_REVIEW REQUIRED_LOCK_DAYS LARGEST
work=$(mktemp -d "$SCRATCH_DIR/capacity.XXXXXX")
trap 'rm -rf "$work"' EXIT
usage='{}'

# level NAME QUERY LIMIT ADVICE
level() {
  local value
  if ! value=$(value_of "$2"); then
    problem "nobody says $1"
    value=null
  elif jq -en --argjson value "$value" --argjson limit "$3" '$value > $limit' >/dev/null; then
    problem "$1 is $value, above $3: $4"
  fi
  usage=$(jq -c --arg name "$1" --argjson value "$value" '. + {($name): $value}' <<<"$usage")
}
of="{namespace=\"$NAMESPACE\"}"
# What is passed for five hundredths of the time is what people wait for; one minute of a month is not.
level cpu_percent "max(quantile_over_time(0.95, cpu_usage_percent${of}[30d]))" "$CPU_REVIEW" "more processors, or load on more nodes"
level memory_percent "max(quantile_over_time(0.95, memory_usage_percent${of}[30d]))" "$MEMORY_REVIEW" "more memory"
level disk_percent "max(disk_usage_percent$of)" "$DISK_REVIEW" "more storage soon"

if list_versions "$ASSET_BUCKET" "$AWS_REGION" "$work/all"; then
  # Bytes as they are, and with the versions that are kept.
  LC_ALL=C awk -F'\t' -v OFS='\t' '$1 == "v" {
      split($2, part, "/"); project = (part[1] == "projects" && part[2] != "") ? part[2] : part[1]
      kept[project] += $5; if ($6 == "True") { now[project] += $5; files[project]++ }
    } END { for (project in kept) printf "%s\t%d\t%.0f\t%.0f\n", project, files[project], now[project], kept[project] }' "$work/all" |
    LC_ALL=C sort -t $'\t' -k 3,3nr -k 1,1 | sed -n "1,${LARGEST}p" >"$work/projects"
else
  problem "projects cannot be measured"
  : >"$work/projects"
fi

assets_by_month() {
  reach_database "$work"
  sql <<'SQL'
select to_char(month, 'YYYY-MM'), count(a.created_at), coalesce(sum(a.file_size), 0)
from generate_series(date_trunc('month', now()) - interval '11 months', date_trunc('month', now()), interval '1 month') as month
left join assets a on date_trunc('month', a.created_at) = month
group by month order by month desc
SQL
}
strictly assets_by_month >"$work/months"
if ((ended > 0)); then problem "assets cannot be counted by month"; fi
users=$(api /api/v1/analytics/users/monthly) || {
  problem "nobody says what users did"
  users=null
}

jq -n --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --argjson usage "$usage" --argjson users "$users" \
  --argjson recommendations "$(problems_json)" --rawfile projects "$work/projects" --rawfile months "$work/months" '
  def rows: split("\n") | map(select(. != "") | split("\t"));
  {timestamp: $at, current_usage: $usage, recommendations: $recommendations, users: $users,
    projects: ($projects | rows | map({project: .[0], files: (.[1] | tonumber), bytes: (.[2] | tonumber), withVersions: (.[3] | tonumber)})),
    months: ($months | rows | map({month: .[0], assets: (.[1] | tonumber), bytes: (.[2] | tonumber)}))}' >"$work/report.json"
jq -c . "$work/report.json"
leave "$work/report.json" "reports/omniverse-capacity-$(date -u +%Y%m).json" || problem "the review was not stored"
push capacity <<METRICS
holdfast_capacity_problems{asset="$ASSET",role="capacity"} ${#problems[@]}
METRICS
end_with_problems
