# shellcheck shell=bash
# What recoveries ask of a workspace of Databricks; nothing here acts until it is called.

: "${STEADY_SECONDS:=30}"

# warehouse_up: prints the id of the warehouse WAREHOUSE once it runs.
warehouse_up() {
  local id
  id=$(warehouse_named "$WAREHOUSE") || exit 1
  running() {
    case $(databricks GET "/api/2.0/sql/warehouses/$id" | jq -r .state) in
      RUNNING) return 0 ;;
      STOPPED) databricks POST "/api/2.0/sql/warehouses/$id/start" >/dev/null || true ;;
    esac
    return 1
  }
  wait_until running || die "the warehouse $WAREHOUSE does not run within the time of this step"
  printf '%s\n' "$id"
}

# ask STATEMENT: runs one statement on the warehouse of this step and prints its rows.
ask() {
  [[ -n ${warehouse:-} ]] || die "no warehouse runs yet"
  local file=$work/statement.$BASHPID # several may ask at once
  printf '%s' "$1" >"$file"
  SQL_SECONDS=$(time_left) sql "$warehouse" "$file"
}

# quoted a.b.c: as SQL writes it; refuses what is no name, which might be something else as well.
quoted() {
  [[ $1 =~ ^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$ ]] || die "'$1' is no name of a table"
  printf '`%s`' "${1//./\`.\`}"
}

# rows_of TABLE [VERSION]
rows_of() {
  local name
  name=$(quoted "$1") || exit 1
  ask "SELECT count(*) AS rows FROM $name${2:+ VERSION AS OF $2}" | jq -re '.[0].rows | tonumber'
}

# pipelines PAUSED|UNPAUSED: sets all that write the layers, and reads it back. What runs is ended when they pause.
pipelines() {
  local name id
  for name in $PIPELINES; do
    id=$(job_named "$name") || die "the workspace $DATABRICKS_URL has no job $name"
    jq -n --argjson id "$id" --arg status "$1" '{job_id: $id, new_settings: {continuous: {pause_status: $status}}}' >"$work/update"
    databricks POST /api/2.2/jobs/update "$work/update" >/dev/null || die "$name cannot be set $1"
    if [[ $1 == PAUSED ]]; then
      jq -n --argjson id "$id" '{job_id: $id}' >"$work/update"
      databricks POST /api/2.2/jobs/runs/cancel-all "$work/update" >/dev/null || die "the runs of $name cannot be ended"
    fi
    [[ $(databricks GET "/api/2.2/jobs/get?job_id=$id" | jq -r .settings.continuous.pause_status) == "$1" ]] || die "$name is not $1"
    if [[ $1 == PAUSED ]]; then
      idle() { [[ $(databricks_all "/api/2.2/jobs/runs/list?job_id=$id&active_only=true" runs | jq length) == 0 ]]; }
      wait_until idle || die "runs of $name have not ended: somebody still writes"
    fi
  done
}

# begin_anew: tables came back otherwise than pipelines that stand still know them: each leaves its checkpoint, which stays
# under a name with the moment, and begins where its own tables end. Of one that runs nothing is taken.
begin_anew() {
  local name id volume
  for name in $PIPELINES; do
    id=$(job_named "$name") || die "the workspace $DATABRICKS_URL has no job $name"
    databricks GET "/api/2.2/jobs/get?job_id=$id" >"$work/pipeline" || die "$name cannot be read"
    if ! jq -e '.settings.continuous.pause_status == "PAUSED"' "$work/pipeline" >/dev/null; then continue; fi
    volume=$(jq -re '.settings.tasks[0].notebook_task.base_parameters.checkpoint | capture("^/Volumes/(?<of>\\w+/\\w+/\\w+)$").of | gsub("/"; ".")' "$work/pipeline") ||
      die "$name must say as its parameter checkpoint in which volume it notes how far it has read, /Volumes/<catalog>/<schema>/<volume>"
    volume=$(quoted "$volume") || exit 1
    ask "CREATE VOLUME IF NOT EXISTS $volume" >/dev/null || die "the checkpoint of $name cannot be set aside"
    ask "ALTER VOLUME $volume RENAME TO ${volume%\`}_$(date -u +%Y%m%dt%H%M%Sz)\`" >/dev/null || die "the checkpoint of $name cannot be set aside"
    ask "CREATE VOLUME $volume" >/dev/null || die "$name has no place for a new checkpoint"
  done
}

# living: "<pipeline> <run>" of every pipeline's run that runs; fails where one has none.
living() {
  local name id
  for name in $PIPELINES; do
    id=$(job_named "$name") || return 1
    databricks_all "/api/2.2/jobs/runs/list?job_id=$id&active_only=true" runs |
      jq -re --arg name "$name" '[.[] | select(.state.life_cycle_state == "RUNNING") | .run_id] | sort | .[0] // empty | "\($name) \(.)"' || return 1
  done
}

# stays_alive: each has a run, and a while later the same: one that fails at its checkpoint or its first table runs as well,
# for some seconds, and begins anew.
stays_alive() {
  local before
  before=$(living) || return 1
  sleep "$STEADY_SECONDS"
  [[ $(living) == "$before" ]]
}

# pipelines_live: what was let go works; a pause that is lifted is no proof of it.
pipelines_live() { wait_until stays_alive || die "not each of $PIPELINES has a run that lives and goes on within the time of this step: read the errors of its runs"; }
