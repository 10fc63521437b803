#!/usr/bin/env bash
# restart.sh: the weekly restart, by which a cluster gets the patches of its runtime. What works on it goes to one beside it
# meanwhile. However it ends, everything is led back and the other one deleted.
set -euo pipefail
# shellcheck source=systems/jobs/common.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/common.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "$JOBS_DIR/azure.sh"
# shellcheck source=systems/analytics/jobs/clusters.sh
source "$JOBS_DIR/clusters.sh"

need ASSET CLUSTER RUNTIME DATABRICKS_URL PUSHGATEWAY_URL
whole DEADLINE_SECONDS
# The pod has started by a twelfth; a cluster takes some minutes; the rest is for the way back.
by() { printf '%d' "$((DEADLINE_SECONDS * $1 / 12))"; }

own=$(own_cluster)
[[ -z $(besides upgrade) ]] || die "an upgrade of $CLUSTER is under way: it restarts the cluster itself"
tidy "$own" "$(by 5)" restart || die "what an earlier restart left could not be tidied away"
runs_by "$own" "$(by 1)" || die "$CLUSTER must run before it is restarted"
[[ $(cluster "$own" | jq -r .spark_version) == "$RUNTIME" ]] || die "$CLUSTER has another runtime than the declared $RUNTIME: deploy first"

ended() {
  local code=$?
  trap - EXIT
  # Whatever the other does not serve is led back; the run has failed all the same.
  tidy "$own" "$(by 11)" restart || code=1
  exit "$code"
}
trap ended EXIT
trap 'exit 143' TERM

beside=$(make_beside "$own" "$RUNTIME" restart) || die "no cluster beside $CLUSTER could be made"
runs_by "$beside" "$(by 5)" || die "the cluster beside $CLUSTER does not run: nothing was led there"
lead "$own" "$beside" "$(by 6)" || die "not everything could be led away from $CLUSTER: it is not restarted"

since=$(cluster "$own" | jq -re '.last_restarted_time // .start_time')
printf '{"cluster_id": "%s"}' "$own" >"$RUN_DIR/restart.json"
databricks POST /api/2.1/clusters/restart "$RUN_DIR/restart.json" >/dev/null || die "$CLUSTER refuses to restart"
runs_by "$own" "$(by 9)" "$since" || die "$CLUSTER has not come back"
tidy "$own" "$(by 11)" restart || die "what works for $CLUSTER could not all be led back"
log "$CLUSTER was restarted in ${SECONDS}s"
push restart <<METRICS
holdfast_cluster_restarted_seconds{asset="$ASSET",role="restart"} $SECONDS
METRICS
