#!/usr/bin/env bash
# upgrade.sh STEP: the quarterly upgrade of the runtime, beside the old clusters, so that writes go on. Somebody starts the
# steps one after the other: prepare, move, verify; then deploys the new runtime; then finish. `back` ends it at any time.
set -euo pipefail
# shellcheck source=systems/jobs/common.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/common.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "$JOBS_DIR/azure.sh"
# shellcheck source=systems/analytics/jobs/clusters.sh
source "$JOBS_DIR/clusters.sh"

need ASSET CLUSTERS DATABRICKS_URL PUSHGATEWAY_URL
whole DEADLINE_SECONDS
: "${SUCCESSOR:=}"
end=$((DEADLINE_SECONDS * 11 / 12))

# each FUNCTION: for every cluster by its name, with the id of the declared one as OWN.
each() {
  # shellcheck disable=SC2153 # all of them, of which CLUSTER is one
  for CLUSTER in $CLUSTERS; do
    OWN=$(own_cluster) || exit 1
    "$1"
  done
}

# beside_own: the id of the cluster that prepare made beside this one.
beside_own() {
  besides upgrade | jq -Rnre '[inputs] | if length == 1 then .[0] else empty end' ||
    die "there must be one cluster beside $CLUSTER: start prepare first"
}

prepare() {
  need SUCCESSOR CHECK_NOTEBOOK CATALOG
  databricks GET /api/2.1/clusters/spark-versions | jq -e --arg key "$SUCCESSOR" 'any(.versions[]; .key == $key and (.name | test("LTS")))' >/dev/null ||
    die "SUCCESSOR must be a runtime with long-term support that the workspace offers, got $SUCCESSOR"
  each nothing_beside
  trap unprepared EXIT
  trap 'exit 143' TERM
  # All start at once; then each is waited for.
  each make_successor
  each successor_reads
  log "clusters with $SUCCESSOR run and read the tables: go on with move"
}

nothing_beside() {
  [[ $(cluster "$OWN" | jq -re .spark_version) != "$SUCCESSOR" ]] || die "SUCCESSOR must be another runtime, $CLUSTER has $SUCCESSOR already"
  [[ -z $(besides upgrade restart) ]] || die "a cluster is there beside $CLUSTER already: end that work first"
}

make_successor() { make_beside "$OWN" "$SUCCESSOR" upgrade >/dev/null || die "no cluster with $SUCCESSOR could be made beside $CLUSTER"; }

successor_reads() {
  local beside
  beside=$(beside_own)
  runs_by "$beside" "$((end * 2 / 3))" || die "the cluster with $SUCCESSOR beside $CLUSTER does not run"
  reads "$beside" || die "the cluster with $SUCCESSOR beside $CLUSTER cannot read the tables"
}

# A cluster that did not come up, or cannot read the tables, is of no use to anybody.
unprepared() {
  local code=$?
  trap - EXIT
  if ((code > 0)); then (each tidy_up) || log "a cluster is left: start back"; fi
  exit "$code"
}

tidy_up() { tidy "$OWN" "$end" upgrade || die "not everything could be led back to $CLUSTER: start this again"; }

# reads ID: the notebook that looks at every layer of the lake succeeds there.
reads() {
  local run said body=$RUN_DIR/check.json
  jq -n --arg id "$1" --arg path "$CHECK_NOTEBOOK" --arg catalog "$CATALOG" --argjson timeout "$((end / 3))" '{run_name: "check of a runtime",
    timeout_seconds: $timeout, tasks: [{task_key: "check", existing_cluster_id: $id, notebook_task: {notebook_path: $path, source: "WORKSPACE", base_parameters: {$catalog}}}]}' >"$body"
  run=$(databricks POST /api/2.2/jobs/runs/submit "$body" | jq -re .run_id) || return 1
  while ((SECONDS < end)); do
    said=$(databricks GET "/api/2.2/jobs/runs/get?run_id=$run") || return 1
    case $(jq -r .state.life_cycle_state <<<"$said") in
      TERMINATED)
        [[ $(jq -r .state.result_state <<<"$said") == SUCCESS ]]
        return
        ;;
      SKIPPED | INTERNAL_ERROR) return 1 ;;
    esac
    sleep "$AZURE_POLL"
  done
  return 1
}

move() {
  each move_one
  log "the pipelines work on the new runtime: go on with verify"
}

move_one() {
  local beside
  beside=$(beside_own)
  runs_by "$beside" "$((end / 3))" || die "the cluster with the new runtime beside $CLUSTER does not run: start back"
  lead "$OWN" "$beside" "$end" || die "not everything could be led away from $CLUSTER: start move again, or back"
}

# How old the newest event of a layer is: what was led elsewhere has caught up.
verify() {
  local age
  need WAREHOUSE FRESHNESS_SQL
  whole FRESH_SECONDS
  each beside_own >/dev/null
  printf '%s' "$FRESHNESS_SQL" >"$RUN_DIR/freshness.sql"
  while :; do
    age=$(sql "$(warehouse_named "$WAREHOUSE")" "$RUN_DIR/freshness.sql" | jq -re '[.[].age | tonumber] | max | floor') ||
      die "nobody says how old the newest events are"
    if ((age <= FRESH_SECONDS)); then break; fi
    ((SECONDS < end)) || die "the newest event of a layer is ${age}s old, more than ${FRESH_SECONDS}s: start back"
    sleep "$AZURE_POLL"
  done
  log "the newest events are ${age}s old: deploy the new runtime as the clusters' own, then start finish"
}

finish() {
  each has_successor
  each tidy_up
  log "the clusters have the new runtime and do all the work"
}

has_successor() {
  local beside
  beside=$(beside_own)
  [[ $(cluster "$beside" | jq -r .spark_version) == "$(cluster "$OWN" | jq -r .spark_version)" ]] ||
    die "$CLUSTER must have the new runtime first: deploy it, nothing works there now"
}

back() {
  each tidy_up
  log "the declared clusters do all the work again"
}

case ${1:-} in
  prepare | move | verify | finish | back) "$1" ;;
  *) die "the step must be prepare, move, verify, finish or back, got '${1:-}'" ;;
esac
push "upgrade-$1" <<METRICS
holdfast_upgrade_step_seconds{asset="$ASSET",role="upgrade-$1"} $SECONDS
METRICS
