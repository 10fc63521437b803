# shellcheck shell=bash
# shellcheck disable=SC2154 # export.sh makes the folder work
# analytics/databricks: jobs, clusters, pools, policies, warehouses, Unity Catalog, and who may do what. One file for each kind,
# an array; permissions.json names jobs and clusters as people do, for ids are others elsewhere. Notebooks are in git.

need DATABRICKS_URL CATALOG OWN_JOBS

collect() {
  local id name schemas
  databricks_all /api/2.2/jobs/list jobs >"$1/listed" || return 1
  # A list leaves most of a job out.
  for id in $(jq -r '.[].job_id' "$1/listed"); do job_whole "$id" || return 1; done |
    jq -s 'map({job_id, settings, run_as: .run_as_user_name})' >"$1/jobs.json" || return 1
  rm "$1/listed"
  databricks_all /api/2.1/clusters/list clusters >"$1/clusters.json" || return 1
  databricks_all /api/2.0/instance-pools/list instance_pools >"$1/pools.json" || return 1
  databricks_all /api/2.0/policies/clusters/list policies >"$1/policies.json" || return 1
  databricks_all /api/2.0/sql/warehouses warehouses >"$1/warehouses.json" || return 1
  databricks_all /api/2.1/unity-catalog/external-locations external_locations >"$1/external_locations.json" || return 1
  databricks_all /api/2.1/unity-catalog/storage-credentials storage_credentials >"$1/storage_credentials.json" || return 1
  databricks_all /api/2.1/unity-catalog/catalogs catalogs | jq --arg catalog "$CATALOG" 'map(select(.name == $catalog))' >"$1/catalogs.json" || return 1
  # Of information_schema nothing is ours.
  databricks_all "/api/2.1/unity-catalog/schemas?catalog_name=$CATALOG" schemas |
    jq 'map(select(.name != "information_schema"))' >"$1/schemas.json" || return 1
  schemas=$(jq -r '.[].name' "$1/schemas.json")
  for name in $schemas; do
    databricks_all "/api/2.1/unity-catalog/tables?catalog_name=$CATALOG&schema_name=$name" tables || return 1
  done | jq -s 'add // []' >"$1/tables.json" || return 1
  {
    granted catalog "$CATALOG" || return 1
    for name in $schemas; do granted schema "$CATALOG.$name" || return 1; done
    for name in $(jq -r '.[] | "\(.catalog_name).\(.schema_name).\(.name)"' "$1/tables.json"); do granted table "$name" || return 1; done
    for name in $(jq -r '.[].name' "$1/external_locations.json"); do granted external_location "$name" || return 1; done
  } | jq -s . >"$1/grants.json" || return 1
  {
    jq -r '.[] | "jobs \(.job_id) \(.settings.name)"' "$1/jobs.json"
    jq -r '.[] | "clusters \(.cluster_id) \(.cluster_name)"' "$1/clusters.json"
  } | while read -r kind id name; do access_to "$kind" "$id" "$name" </dev/null || exit 1; done | jq -s . >"$1/permissions.json" || return 1
  things "$1" >"$1/things.json" || return 1
  changes_since name "$1" things.json >"$1/changes.json"
}

# things DIR: of everything what people have said of it, by kind and name. How large a cluster is at the moment, and clusters
# that jobs make for one run, are nothing that anybody has said.
things() {
  local kind
  for kind in jobs clusters policies pools schemas tables grants permissions; do jq --arg kind "$kind" '{($kind): .}' "$1/$kind.json" || return 1; done | jq -s 'add
    | [.clusters[] | select(.cluster_source == "JOB") | "clusters/\(.cluster_name)"] as $gone
    | [(.jobs[] | {name: "jobs/\(.settings.name)", settings, run_as}),
      (.clusters[] | select(.cluster_source != "JOB") | {name: "clusters/\(.cluster_name)", spark_version, node_type_id, autoscale, policy_id, instance_pool_id,
        data_security_mode, spark_conf, autotermination_minutes}),
      (.policies[] | {name: "policies/\(.name)", definition}), (.pools[] | {name: "pools/\(.instance_pool_name)", node_type_id, max_capacity}),
      (.schemas[] | {name: "schemas/\(.name)"}),
      (.tables[] | {name: "tables/\(.schema_name).\(.name)", table_type, storage_location, columns: [.columns[]? | {name, type_text}]}),
      (.grants[] | {name: "grants/\(.type)/\(.name)", privileges: [.privilege_assignments[] | {principal, privileges: (.privileges | sort)}] | sort}),
      (.permissions[] | select(.path | IN($gone[]) | not) | {name: "permissions/\(.path)", list: (.access_control_list | sort)})]'
}

# granted TYPE NAME: who may do what with one thing of Unity Catalog.
granted() {
  databricks GET "/api/2.1/unity-catalog/permissions/$1/$(jq -rn --arg name "$2" '$name | @uri')" |
    jq -c --arg type "$1" --arg name "$2" '{$type, $name, privilege_assignments: (.privilege_assignments // [])}'
}

# access_to KIND ID NAME: who may do what with one thing of the workspace.
access_to() {
  databricks GET "/api/2.0/permissions/$1/$2" |
    jq -c --arg path "$1/$3" '{$path, access_control_list: (.access_control_list // [])}'
}

# A workspace without our own jobs, or without the catalog, is another one, or was read without the right to see them.
check() {
  local job
  for job in $OWN_JOBS; do
    jq -e --arg name "$job" 'any(.settings.name == $name)' "$1/jobs.json" >/dev/null ||
      { log "the workspace does not show the job $job" && return 1; }
  done
  [[ $(jq length "$1/catalogs.json") == 1 ]] || { log "the workspace does not show the catalog $CATALOG" && return 1; }
  counted "$1" jobs clusters tables grants permissions
}

# What is gone or was changed is damage until somebody knows of it. What people have added has damaged nothing: the log says it.
told() {
  jq -r '.added[] | "added: \(.)"' "$1/changes.json" | while IFS= read -r one; do log "$one"; done
  mkdir -p "$work/damage"
  jq '.added = []' "$1/changes.json" >"$work/damage/changes.json"
  tell_changes "$work/damage"
}
