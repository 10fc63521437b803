#!/usr/bin/env bash
# probe.sh live|ready: the probes of a pod that runs serve.sh.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/jobs/elector.sh
source "$JOBS_DIR/elector.sh"

[[ ${1:-} == live || ${1:-} == ready ]] || die "usage: probe.sh live|ready"
: "${OMENDB_URL:=https://localhost:3000}" "${METRICS_URL:=https://localhost:9090/metrics}" "${OMENDB_CALL_SECONDS:=3}"

role=$(elector_role)
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
