#!/usr/bin/env bash
# probe.sh live|ready: the probes of a pod that runs serve.sh.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"

[[ ${1:-} == live || ${1:-} == ready ]] || die "usage: probe.sh live|ready"
: "${OMENDB_URL:=https://localhost:3000}" "${METRICS_URL:=https://localhost:9090/metrics}" "${OMENDB_CALL_SECONDS:=3}"

beat='' role='' period=''
for _ in 1 2 3; do # it may just be being written
  read -r beat role period 2>/dev/null <"$RUN_DIR/elector" && break
  sleep 0.1
done
[[ -n $period ]] || die "the elector has not started"
read -r up _ </proc/uptime
limit=$((2 * period > 30 ? 2 * period : 30))
age=$(((10#${up/./} - beat) / 100))
((age <= limit)) || die "the elector has not moved for ${age}s"

case $1-$role in
  *-standby | live-starting) ;; # serve.sh itself ends a start that passes its deadline
  ready-starting) die "the database is starting" ;;
  live-serving) omendb_curl -o /dev/null "$OMENDB_URL/health" || die "/health does not answer" ;;
  ready-serving)
    omendb_curl -o /dev/null "$OMENDB_URL/ready" || die "/ready does not answer"
    metrics=$(omendb_curl "$METRICS_URL") || die "the metrics do not answer"
    [[ $metrics == *omendb_* ]] || die "the metrics have no omendb_ metric"
    ;;
  *) die "unknown role '$role'" ;;
esac
