# shellcheck shell=bash
# shellcheck disable=SC2034 # warehouse is read by ask
# Jobs, clusters and permissions of a workspace, from their export; nothing here acts until it is called.

databricks_find() { find_point; }

# same_settings: of a job, without what a workspace adds by itself; a workspace that stands by has its jobs paused.
same_settings='def plain: del(.run_as, .edit_mode, .format, .email_notifications, .webhook_notifications, .notification_settings, .deployment)
  | if has("schedule") then .schedule |= del(.pause_status) else . end
  | if has("continuous") then .continuous |= del(.pause_status) else . end
  | del(.. | nulls);'

# A cluster that a job made for one run went with it.
lasting='def lasting: .cluster_source != "JOB";'

# databricks_restore: every job, cluster, permission and grant of the export. Jobs come back paused: what is to run is said
# in a step of its own, after somebody has looked.
databricks_restore() {
  local name line made=0 kept=0 id
  found_point "$work/point"
  databricks_all /api/2.2/jobs/list jobs >"$work/there" || die "the jobs of $DATABRICKS_URL cannot be listed"
  while IFS= read -r line; do
    name=$(jq -r .settings.name <<<"$line")
    jq '.settings | if has("schedule") then .schedule.pause_status = "PAUSED" else . end
      | if has("continuous") then .continuous.pause_status = "PAUSED" else . end' <<<"$line" >"$work/settings"
    if id=$(jq -re --arg name "$name" '[.[] | select(.settings.name == $name)][0].job_id // empty' "$work/there"); then
      jq --argjson id "$id" '{job_id: $id, new_settings: .}' "$work/settings" >"$work/body"
      databricks POST /api/2.2/jobs/reset "$work/body" >/dev/null </dev/null || die "job $name cannot be set as it was"
      kept=$((kept + 1))
    else
      databricks POST /api/2.2/jobs/create "$work/settings" >/dev/null </dev/null || die "job $name cannot be made"
      made=$((made + 1))
    fi
  done < <(jq -c '.[]' "$work/point/jobs.json")
  databricks_all /api/2.1/clusters/list clusters >"$work/there" || die "the clusters of $DATABRICKS_URL cannot be listed"
  while IFS= read -r line; do
    name=$(jq -r .cluster_name <<<"$line")
    jq -e --arg name "$name" 'any(.[]; .cluster_name == $name)' "$work/there" >/dev/null && continue
    jq '{cluster_name, spark_version, node_type_id, num_workers, autoscale, autotermination_minutes, spark_conf, custom_tags,
      policy_id, data_security_mode, runtime_engine, azure_attributes} | del(.. | nulls)' <<<"$line" >"$work/body"
    databricks POST /api/2.1/clusters/create "$work/body" >/dev/null </dev/null || die "cluster $name cannot be made"
    made=$((made + 1))
  done < <(jq -c "$lasting"' .[] | select(lasting)' "$work/point/clusters.json")
  permitted || die "permissions are not as they were"
  jq -n --argjson made "$made" --argjson set "$kept" --arg point "$(jq -r .point "$work/point.json")" '{$made, $set, $point}'
}

# where_permitted PATH: the same object here, whose id is another.
where_permitted() {
  local kind=${1%%/*} name=${1#*/} id
  case $kind in
    jobs) id=$(job_named "$name") || return 1 ;;
    clusters) id=$(databricks_all /api/2.1/clusters/list clusters | jq -re --arg name "$name" '[.[] | select(.cluster_name == $name)][0].cluster_id // empty') || return 1 ;;
    *) id=$name ;;
  esac
  printf '/api/2.0/permissions/%s/%s' "$kind" "$id"
}

# permitted: who may do what, of jobs, clusters, catalogs and schemas.
permitted() {
  local line path at
  while IFS= read -r line; do
    path=$(jq -r .path <<<"$line")
    at=$(where_permitted "$path" </dev/null) || { log "$path is not there" && return 1; }
    jq '{access_control_list: [.access_control_list[] | {user_name, group_name, service_principal_name,
      permission_level: (.permission_level // .all_permissions[0].permission_level)} | del(.. | nulls)]}' <<<"$line" >"$work/body"
    databricks PUT "$at" "$work/body" >/dev/null </dev/null || { log "the permissions of $path cannot be set" && return 1; }
  done < <(jq -c --slurpfile clusters "$work/point/clusters.json" "$lasting"' ([$clusters[0][] | select(lasting | not) | "clusters/\(.cluster_name)"]) as $gone
    | .[] | select(.path as $path | $gone | index($path) | not)' "$work/point/permissions.json")
  while IFS= read -r line; do
    at=$(jq -r '"/api/2.1/unity-catalog/permissions/\(.type)/\(.name | @uri)"' <<<"$line")
    jq '{changes: [.privilege_assignments[] | {principal, add: .privileges}]}' <<<"$line" >"$work/body"
    databricks PATCH "$at" "$work/body" >/dev/null </dev/null || { log "the grants of $(jq -r .name <<<"$line") cannot be set" && return 1; }
  done < <(jq -c '.[]' "$work/point/grants.json")
}

# databricks_verify: every job of the export is there as it was, by its settings, and SQL runs.
databricks_verify() {
  local wrong
  found_point "$work/point"
  databricks_all /api/2.2/jobs/list jobs | jq '[.[] | .job_id]' >"$work/ids" || die "the jobs of $DATABRICKS_URL cannot be listed"
  # A list leaves most of a job out.
  jq -r '.[]' "$work/ids" | while IFS= read -r id; do databricks GET "/api/2.2/jobs/get?job_id=$id" </dev/null || exit 1; done | jq -s . >"$work/there" ||
    die "not every job can be read"
  wrong=$(jq -rn --slurpfile there "$work/there" --slurpfile export "$work/point/jobs.json" "$same_settings"'
    ($there[0] | map({key: .settings.name, value: (.settings | plain)}) | from_entries) as $have
    | [$export[0][] | .settings | select((. | plain) != $have[.name]) | .name] | join(", ")') || die "what is there cannot be compared with the export"
  [[ -z $wrong ]] || die "these jobs are not as they were exported: $wrong"
  warehouse=$(warehouse_up) || exit 1
  ask 'SELECT 1 AS one' | jq -e '.[0].one | tonumber == 1' >/dev/null || die "SQL does not run in $DATABRICKS_URL"
  jq -n --argjson jobs "$(jq length "$work/point/jobs.json")" '{verified: $jobs, sql: "runs"}'
}

# databricks_resume: the pipelines write here from now on, and each has a run that lives.
databricks_resume() {
  local name id
  pipelines UNPAUSED
  for name in $PIPELINES; do
    id=$(job_named "$name") || die "the workspace has no job $name"
    lives() { databricks GET "/api/2.2/jobs/runs/list?job_id=$id&active_only=true" | jq -e '[.runs[]? | select(.state.life_cycle_state == "RUNNING")] | length > 0' >/dev/null; }
    wait_until lives || die "$name is unpaused, and no run of it lives within the time of this step"
  done
  jq -n --arg names "$PIPELINES" '{running: ($names | split(" "))}'
}
