# shellcheck shell=bash
# Clusters of Databricks that run all the time: one is made beside another, what works there is led to it, and it goes again.

: "${AZURE_POLL:=5}"
# What a cluster is made like another from; the rest of what the workspace says of it is about the one that there is.
COPIED='["node_type_id","driver_node_type_id","autoscale","num_workers","spark_conf","spark_env_vars","policy_id",
  "azure_attributes","data_security_mode","runtime_engine","enable_elastic_disk","init_scripts"]'

# cluster ID: what the workspace says of it.
cluster() { databricks GET "/api/2.1/clusters/get?cluster_id=$1"; }

# own_cluster: the one that is declared; its id is known only once it is there.
own_cluster() {
  databricks_all /api/2.1/clusters/list clusters |
    jq -re --arg name "$CLUSTER" '[.[] | select(.cluster_name == $name) | .cluster_id] | if length == 1 then .[0] else empty end' ||
    die "the workspace must have one cluster named $CLUSTER"
}

# besides KIND...: ids of the clusters that a restart or an upgrade made beside it and that are still there.
besides() {
  databricks_all /api/2.1/clusters/list clusters | jq -r --arg name "$CLUSTER-beside" '
    .[] | select(.cluster_name == $name and (.custom_tags.holdfast_beside | IN($ARGS.positional[]))) | .cluster_id' --args "$@"
}

# runs_by ID END [SINCE]: it runs, and was started after SINCE, in milliseconds, before the shell's clock says END.
runs_by() {
  local id=$1 end=$2 since=${3:-0} said state
  while :; do
    said=$(cluster "$id") || return 1
    state=$(jq -r '.state // "none"' <<<"$said")
    # One that grows or shrinks works all the while.
    if [[ $state =~ ^(RUNNING|RESIZING)$ ]] && jq -e --argjson since "$since" '(.last_restarted_time // .start_time // 0) > $since or $since == 0' <<<"$said" >/dev/null; then return 0; fi
    if [[ $state =~ ^(TERMINATED|ERROR|UNKNOWN|none)$ ]]; then
      log "cluster $id is $state ($(jq -r '.termination_reason.code // "no reason"' <<<"$said")) and does not start"
      return 1
    fi
    if ((SECONDS >= end)); then
      log "cluster $id does not run after ${SECONDS}s, it is $state"
      return 1
    fi
    sleep "$AZURE_POLL"
  done
}

# make_beside ID VERSION KIND: prints the id of a cluster like another, with a runtime of its own. If all else fails it
# ends by itself, an hour after the last that worked on it.
make_beside() {
  local body=$RUN_DIR/beside.json
  cluster "$1" | jq -e --argjson copied "$COPIED" --arg name "$CLUSTER-beside" --arg version "$2" --arg kind "$3" '
    with_entries(select(.key | IN($copied[]))) + {cluster_name: $name, spark_version: $version,
      autotermination_minutes: 60, custom_tags: {holdfast_beside: $kind}}' >"$body" || return 1
  databricks POST /api/2.1/clusters/create "$body" | jq -re .cluster_id
}

# jobs_on ID: the jobs with a task that names it, as lines of JSON.
jobs_on() {
  databricks_all '/api/2.2/jobs/list?expand_tasks=true&limit=100' jobs |
    jq -c --arg id "$1" '.[] | select(any(.settings.tasks[]?; .existing_cluster_id == $id))'
}

# active_runs JOB CLUSTER: ids of its runs there that have not ended.
active_runs() {
  databricks_all "/api/2.2/jobs/runs/list?job_id=$1&active_only=true&expand_tasks=true" runs |
    jq -r --arg id "$2" '.[] | select(any(.tasks[]?; .cluster_instance.cluster_id == $id)) | .run_id'
}

# lead FROM TO END: every job that names the one names the other, and works there, before the shell's clock says END.
lead() {
  local from=$1 to=$2 end=$3 jobs job
  jobs=$(jobs_on "$from") || return 1
  while IFS= read -r job; do
    if [[ -n $job ]]; then lead_job "$job" "$from" "$to" "$end" || return 1; fi
  done <<<"$jobs"
}

# lead_job JOB FROM TO END: a job that always runs takes its new place when its run is ended; the next begins by itself, at
# the checkpoint of the one before. A run with an end of its own is waited for: it would begin again from nothing.
lead_job() {
  local job=$1 from=$2 to=$3 end=$4 id before run body=$RUN_DIR/lead.json
  id=$(jq -r .job_id <<<"$job")
  before=$(active_runs "$id" "$from") || return 1
  jq --arg from "$from" --arg to "$to" '{job_id, new_settings: {tasks: [.settings.tasks[]
    | select(.existing_cluster_id == $from) | .existing_cluster_id = $to]}}' <<<"$job" >"$body"
  databricks POST /api/2.2/jobs/update "$body" >/dev/null || return 1
  [[ -n $before ]] || return 0
  if jq -e '.settings.continuous.pause_status == "UNPAUSED"' <<<"$job" >/dev/null; then
    while IFS= read -r run; do
      printf '{"run_id": %d}' "$run" >"$body"
      databricks POST /api/2.2/jobs/runs/cancel "$body" >/dev/null || return 1
    done <<<"$before"
    begins_anew "$id" "$to" "$end"
  else
    ends_by_itself "$id" "$from" "$end"
  fi
}

# begins_anew JOB CLUSTER END: it has a run that runs there.
begins_anew() {
  while :; do
    databricks_all "/api/2.2/jobs/runs/list?job_id=$1&active_only=true&expand_tasks=true" runs >"$RUN_DIR/runs.json" || return 1
    jq -e --arg id "$2" 'any(.[]; .state.life_cycle_state == "RUNNING" and any(.tasks[]?; .cluster_instance.cluster_id == $id))' \
      "$RUN_DIR/runs.json" >/dev/null && return 0
    if ((SECONDS >= $3)); then log "job $1 has not begun again after ${SECONDS}s" && return 1; fi
    sleep "$AZURE_POLL"
  done
}

# ends_by_itself JOB CLUSTER END: it has no run there any more.
ends_by_itself() {
  local now
  while :; do
    now=$(active_runs "$1" "$2") || return 1
    [[ -n $now ]] || return 0
    if ((SECONDS >= $3)); then log "a run of job $1 is still at work after ${SECONDS}s, and is not ended for this" && return 1; fi
    sleep "$AZURE_POLL"
  done
}

# tidy OWN END KIND...: leads everything back from what was made beside, and deletes that. While the own cluster does not
# run, the other is all that serves: it stays, and the next run tidies it away.
tidy() {
  local own=$1 end=$2 left id jobs
  left=$(besides "${@:3}") || return 1
  while IFS= read -r id; do
    [[ -n $id ]] || continue
    jobs=$(jobs_on "$id") || return 1
    if [[ -n $jobs ]]; then
      started "$own" "$end" || { log "cluster $id stays: it serves, and $own does not run" && return 1; }
      lead "$id" "$own" "$end" || return 1
    fi
    printf '{"cluster_id": "%s"}' "$id" >"$RUN_DIR/delete.json"
    databricks POST /api/2.1/clusters/permanent-delete "$RUN_DIR/delete.json" >/dev/null || return 1
    log "cluster $id is deleted"
  done <<<"$left"
}

# started ID END: runs, started first where it does not.
started() {
  if cluster "$1" | jq -e '.state | IN("TERMINATED", "ERROR")' >/dev/null; then
    printf '{"cluster_id": "%s"}' "$1" >"$RUN_DIR/start.json"
    databricks POST /api/2.1/clusters/start "$RUN_DIR/start.json" >/dev/null || return 1
  fi
  runs_by "$1" "$2"
}
