#!/usr/bin/env bash
# health.sh: the runbook's morning check. Looks at everything, prints one line of JSON, and fails when anything is wrong or
# could not be looked at.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/nucleus.sh
source "$JOBS_DIR/nucleus.sh"

need ASSET NAMESPACE PUSHGATEWAY_URL PROMETHEUS_URL NUCLEUS_URL AWS_REGION DB_INSTANCE DB_SECRET
need SITE_URL PRIMARY_URL SECONDARY_URL LOGS_DIR
: "${SERVICE_LABEL:=app=nucleus}"
whole CPU_ALERT MEMORY_REVIEW DISK_ALERT ERRORS_MOST
work=$(mktemp -d "$RUN_DIR/health.XXXXXX")
trap 'rm -rf "$work"' EXIT
report='{}'
# noted NAME JSON
noted() { report=$(jq -c --arg name "$1" --argjson value "$2" '. + {($name): $value}' <<<"$report"); }
kube() { kubectl --namespace "$NAMESPACE" --request-timeout=20s "$@"; }

# The runbook's systemctl status.
if all=$(kube get deployments -l "$SERVICE_LABEL" -o json); then
  noted services "$(jq -c '[.items[] | {(.metadata.name): "\(.status.readyReplicas // 0)/\(.spec.replicas)"}] | add // {}' <<<"$all")"
  if [[ $(jq '[.items[] | select(.spec.replicas > 0)] | length' <<<"$all") == 0 ]]; then problem "no service of Nucleus is to run here"; fi
  while IFS= read -r name; do
    problem "$name has not as many pods as it should"
  done < <(jq -r '.items[] | select((.status.readyReplicas // 0) < .spec.replicas) | .metadata.name' <<<"$all")
else
  problem "the services cannot be listed"
fi

if instance=$(instance_of); then
  status=$(jq -r .DBInstanceStatus <<<"$instance")
  if [[ $status != available ]]; then problem "RDS says that $DB_INSTANCE is $status"; fi
else
  problem "RDS cannot be asked"
fi
ask_version() {
  reach_database "$work"
  sql <<<'show server_version'
}
strictly ask_version >"$work/version"
if ((ended == 0)); then
  noted postgres "$(jq -Rc . <"$work/version")"
else
  problem "the database does not answer"
fi

# What people see; the other site sleeps behind its balancer, so any answer of it will do.
curl --silent --show-error --fail --max-time "$ANSWER_SECONDS" --output /dev/null "$SITE_URL/health" || problem "$SITE_URL/health does not answer"
curl --silent --show-error --fail --max-time "$ANSWER_SECONDS" --output /dev/null "$PRIMARY_URL/health" || problem "$PRIMARY_URL/health does not answer"
curl --silent --show-error --max-time "$ANSWER_SECONDS" --output /dev/null "$SECONDARY_URL/health" || problem "$SECONDARY_URL cannot be reached"

# at_most NAME QUERY LIMIT: what cannot be known is a problem as well.
at_most() {
  local value
  if ! value=$(value_of "$2"); then
    problem "nobody says $1"
  else
    noted "$1" "$value"
    if jq -en --argjson value "$value" --argjson limit "$3" '$value > $limit' >/dev/null; then problem "$1 is $value, above $3"; fi
  fi
}
of="{namespace=\"$NAMESPACE\"}"
at_most cpuPercent "max(cpu_usage_percent$of)" "$CPU_ALERT"
at_most memoryPercent "max(memory_usage_percent$of)" "$MEMORY_REVIEW"
# Load by processor; twice as much work as there are processors is a queue.
at_most loadPerCore "max(sum by (instance) (node_load5) / count by (instance) (node_cpu_seconds_total{mode=\"idle\"}))" 2
for mountpoint in / /opt/ove/nucleus/data /opt/ove/nucleus/logs /var/cache/nucleus; do
  at_most "diskPercent $mountpoint" "max(disk_usage_percent{namespace=\"$NAMESPACE\",mountpoint=\"$mountpoint\"})" "$DISK_ALERT"
done

if sessions=$(api /api/v1/sessions?status=active) && jq -e '.sessions | arrays' <<<"$sessions" >/dev/null; then
  noted sessions "$(jq -c '[.sessions[] | {id, users, project}]' <<<"$sessions")"
else
  problem "sessions cannot be listed"
fi
# As the runbook asks; what nucleus-admin prints is not documented, so it is for people to read.
nucleus-admin session list >&2 || problem "nucleus-admin lists no sessions"
nucleus-admin session stats --detailed >&2 || problem "nucleus-admin has no statistics of sessions"

# The runbook's netstat: which pods send most.
if network=$(prometheus query "query=topk(5, sum by (pod) (rate(container_network_transmit_bytes_total{namespace=\"$NAMESPACE\",pod=~\"nucleus-.+|nginx-.+\"}[5m])))" |
  jq -ce 'map({(.metric.pod // "unnamed"): (.value[1] | tonumber)}) | add // empty'); then
  noted bytesSentPerSecond "$network"
else
  problem "nobody says what the pods send"
fi

# counted: "<errors> <fatal ones>" of the lines on stdin, as they come: a day of logs may be more than there is scratch.
counted() { LC_ALL=C awk '/FATAL|PANIC|CRITICAL/ { fatal++ } /ERROR|FATAL|PANIC|CRITICAL/ { errors++ } END { print errors + 0, fatal + 0 }'; }
# errors_in NAME COUNTED: an error of one person is ordinary, many are not, and a fatal one never is.
errors_in() {
  local errors=${2% *} fatal=${2#* }
  noted "errors $1" "$errors"
  if ((fatal > 0)); then problem "$fatal fatal errors in $1"; elif ((errors > ERRORS_MOST)); then problem "$errors errors in $1, more than $ERRORS_MOST"; fi
}
since=$(date -u -d '24 hours ago' +%Y-%m-%dT%H:%M:%S)
# Those of nginx hold what anybody asked for. A line that begins with a time is of that time; one that does not belongs to the one before.
# shellcheck disable=SC2153 # not JOBS_DIR
if found=$(find "$LOGS_DIR" -xdev -type f -name '*.log*' ! -name '*.gz' ! -name 'nginx*' -mmin -1440 -exec cat {} + |
  LC_ALL=C awk -v since="$since" '/^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ]/ { at = $0; sub(/ /, "T", at); at = substr(at, 1, 19) } at == "" || at "" >= since ""' | counted); then
  errors_in "Nucleus' logs" "$found"
else
  problem "Nucleus' logs cannot be read"
fi
if found=$(kube logs -l "$SERVICE_LABEL" --all-containers --since=24h --tail=-1 --max-log-requests=50 | counted); then
  errors_in "the logs of the pods" "$found"
else
  problem "the logs of the pods cannot be read"
fi
# The database's own lies with RDS.
errors=0 fatal=0
if files=$(aws rds describe-db-log-files --region "$AWS_REGION" --output json --db-instance-identifier "$DB_INSTANCE" \
  --file-last-written "$(($(date -d "$since" +%s) * 1000))"); then
  while IFS= read -r file; do
    found=$(aws rds download-db-log-file-portion --region "$AWS_REGION" --output text --db-instance-identifier "$DB_INSTANCE" \
      --log-file-name "$file" --starting-token 0 | counted) || problem "$file cannot be read from RDS"
    errors=$((errors + ${found% *})) fatal=$((fatal + ${found#* }))
  done < <(jq -r '.DescribeDBLogFiles[]?.LogFileName' <<<"$files")
  errors_in "the database's log" "$errors $fatal"
else
  problem "RDS lists no logs"
fi

jq -c --argjson problems "$(problems_json)" '. + {problems: $problems}' <<<"$report"
push health <<METRICS
holdfast_health_problems{asset="$ASSET",role="health"} ${#problems[@]}
holdfast_health_timestamp_seconds{asset="$ASSET",role="health"} $(date +%s)
METRICS
end_with_problems
