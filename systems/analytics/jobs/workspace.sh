# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # the $ are jq's, warehouse is read by ask, recover.sh sources what belongs together
# Jobs, clusters and permissions of a workspace, from their export; nothing here acts until it is called.

databricks_find() { find_point; }

# same_settings: of a job, without what a workspace adds by itself; a workspace that stands by has its jobs paused.
same_settings='def plain: del(.run_as, .edit_mode, .format, .email_notifications, .webhook_notifications, .notification_settings, .deployment)
  | del(.schedule.pause_status, .continuous.pause_status, .trigger.pause_status) | del(.. | nulls);
  # Jobs run as the people as whom they ran. Services are of one workspace, and who recovers may let nothing run as them: a job that
  # is here keeps its own. In a clean room everything runs as who brings it there.
  def person: .run_as // "" | contains("@");
  def runs_as: if $way != "room" and person then {run_as: {user_name: .run_as}} else {} end;
  def runs_as_nobody($here): if $way == "room" or person or id_named($here; "jobs"; .settings.name) then [] else ["run_as \(.run_as // "unknown")"] end;
  def runs_as_it_did($is): $way == "room" or ($way == "secondary" and (person | not)) or .run_as == $is.run_as_user_name;
  def paused: (.schedule, .continuous, .trigger) |= if . then .pause_status = "PAUSED" else . end | del(.. | nulls);'

# databricks_restore: every job, cluster, policy, pool, warehouse, permission and grant of the export, by names. Jobs come
# back paused: what is to run is said in a step of its own, after somebody has looked.
databricks_restore() {
  local kind set
  found_point "$work/point"
  : >"$work/made"
  : >"$work/kept"
  : >"$work/left"
  names_there
  names_here
  for kind in pools policies warehouses clusters; do made_like "$kind"; done
  jobs_as_they_were
  names_here
  permitted || die "permissions are not as they were"
  set=$(wc -l <"$work/kept")
  jq -sc --argjson made "$(wc -l <"$work/made")" --argjson set "$set" --arg point "$(jq -r .point "$work/point.json")" '{$made, $set, $point, left: .}' "$work/left"
}

# jobs_as_they_were: each leads to what has its name here; one that runs another comes after it.
jobs_as_they_were() {
  local line name id lacks
  with_names 'map(select(.settings.name | IN($left[]) | not)) | in_order[]' "$work/point/jobs.json" >"$work/jobs" || die "the jobs of the export cannot be read"
  while IFS= read -r line; do
    name=$(jq -r .settings.name <<<"$line")
    with_names "$same_settings"' .settings.name as $name | {lacks: (shared($there; $here; "jobs"; $name) + (.settings | lacks($there; $here)) + runs_as_nobody($here)),
      body: ((.settings | paused | led($there; $here)) + runs_as), id: id_named($here; "jobs"; $name)}' <<<"$line" >"$work/job"
    lacks=$(jq -r '.lacks | join(", ")' "$work/job")
    if [[ -n $lacks ]]; then
      leave jobs "$name" "$lacks"
    elif id=$(jq -re .id "$work/job"); then
      jq --argjson id "$id" '{job_id: $id, new_settings: .body}' "$work/job" >"$work/body"
      databricks POST /api/2.2/jobs/reset "$work/body" >/dev/null </dev/null || die "job $name cannot be set as it was"
      printf '%s\n' "$name" >>"$work/kept"
    else
      jq .body "$work/job" >"$work/body"
      id=$(databricks POST /api/2.2/jobs/create "$work/body" </dev/null | jq -re .job_id) || die "job $name cannot be made"
      # Those that run it come after it.
      jq -c --arg id "$id" --arg name "$name" '.jobs[$id] = $name' "$work/here.json" >"$work/more" && mv "$work/more" "$work/here.json"
      printf '%s\n' "$name" >>"$work/made"
    fi
  done <"$work/jobs"
}

# where_permitted PATH: the same object here, whose id is another.
where_permitted() {
  jq -re --arg kind "${1%%/*}" --arg name "${1#*/}" "$references"' id_named(.; $kind; $name) | values | "/api/2.0/permissions/\($kind)/\(.)"' "$work/here.json"
}

# not_here PATH: it is one of those that no export brings here.
not_here() {
  [[ " $LEFT_OUT " == *" ${1#*/} "* ]] || jq -se --arg kind "${1%%/*}" --arg name "${1#*/}" 'any(.[]; .kind == $kind and .name == $name)' "$work/left" >/dev/null
}

# permitted: who may do what, of jobs, clusters, catalogs and schemas. In another workspace only people and groups are given
# what they had: services are of one region, and whoever makes a job there owns it.
permitted() {
  local line path at how=PATCH
  if [[ $WAY == place ]]; then how=PUT; fi
  with_names '[inputs[] | select(.cluster_source == "JOB") | "clusters/\(.cluster_name)"] as $gone
    | .[] | select(.path as $path | $gone | index($path) | not)' "$work/point/permissions.json" "$work/point/clusters.json" >"$work/permissions" || return 1
  while IFS= read -r line; do
    path=$(jq -r .path <<<"$line")
    if ! at=$(where_permitted "$path"); then
      if not_here "$path"; then continue; fi
      log "$path is not there"
      return 1
    fi
    # What it has from its folder or from all of the workspace is not said again.
    jq --arg way "$WAY" '{access_control_list: [.access_control_list[] | select($way == "place" or (has("service_principal_name") | not))
      | {user_name, group_name, service_principal_name, permission_level: (.permission_level
        // ([.all_permissions[]? | select(.inherited != true)][0].permission_level))} | select(.permission_level) | del(.. | nulls)]}' <<<"$line" >"$work/body"
    databricks "$how" "$at" "$work/body" >/dev/null </dev/null || { log "the permissions of $path cannot be set" && return 1; }
  done <"$work/permissions"
  while IFS= read -r line; do granted_as_it_was "$line" || return 1; done < <(jq -c '.[]' "$work/point/grants.json")
}

# granted_as_it_was GRANTS: of one thing of Unity Catalog; in place what was given since is taken away. The program gives what it declares on its own external locations;
# those of others nobody may give anything on but who owns them.
granted_as_it_was() {
  local type name at failed=0
  type=$(jq -r .type <<<"$1")
  name=$(jq -r .name <<<"$1")
  if [[ $type == external_location ]]; then
    if [[ $name != analytics-* ]]; then leave grants "$name" "what is granted on an external location: its owner gives it again"; fi
    return 0
  fi
  at="/api/2.1/unity-catalog/permissions/$type/$(jq -rn --arg name "$name" '$name | @uri')"
  printf '{}' >"$work/given"
  if [[ $WAY == place ]]; then databricks GET "$at" >"$work/given" </dev/null || failed=$?; fi
  if ((failed == 0)); then
    jq --slurpfile given "$work/given" --arg own "$AZURE_CLIENT_ID" '.privilege_assignments as $were | {changes: ([$were[] | {principal, add: .privileges}]
      + [$given[0].privilege_assignments[]? | .principal as $who | {principal, remove: (.privileges - [$were[] | select(.principal == $who) | .privileges[]])}
        | select(.remove != [] and .principal != $own)])}' <<<"$1" >"$work/body"
    databricks PATCH "$at" "$work/body" >/dev/null </dev/null || failed=$?
  fi
  # Of what people made in the catalog, only tables that are cloned are anywhere else: views, and schemas beside the layers, are gone.
  if ((failed == 4)) && [[ $type != catalog ]]; then
    leave grants "$name" "this $type: it is not here"
  elif ((failed != 0)); then
    log "the grants of $name cannot be set"
    return 1
  fi
}

# settings_here FILE: all jobs of the workspace; a list leaves most of a job out.
settings_here() {
  local id
  list_of jobs | jq -r '.[].job_id' >"$work/ids" || die "the jobs of $DATABRICKS_URL cannot be listed"
  while IFS= read -r id; do job_whole "$id" || die "not every job can be read"; done <"$work/ids" | jq -s . >"$1"
}

# databricks_verify: every job of the export is there as it was, by its settings and as whom it runs, and what it names is
# here by the same name; pipelines work on what is here; SQL runs.
databricks_verify() {
  local wrong left
  found_point "$work/point"
  left=$(result "$path.restore" | jq -c '[.left[] | select(.kind == "jobs") | .name]') || die "restore of $path must come first"
  names_there
  names_here
  settings_here "$work/settings"
  wrong=$(with_names "$same_settings"' (input | map({key: .settings.name, value: .}) | from_entries) as $have
    | [.[] | select(.settings.name | IN($left[], $unmade[]) | not) | $have[.settings.name] as $is
      | select($is == null or (.settings | named($there) | plain) != ($is.settings | named($here) | plain) or (runs_as_it_did($is) | not)) | .settings.name] | join(", ")' \
    -r --argjson unmade "$left" "$work/point/jobs.json" "$work/settings") || die "what is there cannot be compared with the export"
  [[ -z $wrong ]] || die "these jobs are not as they were exported: $wrong"
  wrong=$(with_names '($pipelines | split(" ")) - [.[].settings.name] + [.[].settings | select(.name | IN($pipelines | splits(" ")))
    | "\(.name) (\(lacks($here; $here)[]))"] | join(", ")' -r --arg pipelines "$PIPELINES" "$work/settings") || die "the pipelines cannot be read"
  [[ -z $wrong ]] || die "these pipelines are not here, or name what is not: $wrong"
  warehouse=$(warehouse_up) || exit 1
  ask 'SELECT 1 AS one' | jq -e '.[0].one | tonumber == 1' >/dev/null || die "SQL does not run in $DATABRICKS_URL"
  jq -n --argjson jobs "$(jq length "$work/point/jobs.json")" --argjson left "$left" '{verified: ($jobs - ($left | length)), $left, sql: "runs"}'
}

# databricks_resume: the pipelines write here from now on, from where the tables end, and each has a run that lives.
databricks_resume() {
  warehouse=$(warehouse_up) || exit 1
  begin_anew
  pipelines UNPAUSED
  pipelines_live
  jq -n --arg names "$PIPELINES" '{running: ($names | split(" "))}'
}
