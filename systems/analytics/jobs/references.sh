# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # the $ are jq's, recover.sh sources what belongs together
# What jobs and clusters name by ids, which every workspace gives anew: an id of the lost workspace is led to what has the
# same name here. Nothing here acts until it is called.

# references: an id counts where the API has one, never below what people name as they like. What is of a kind that no export
# holds, as pipelines of Databricks' own, leads nowhere.
references='
  def kinds: {existing_cluster_id: "clusters", instance_pool_id: "pools", driver_instance_pool_id: "pools", policy_id: "policies",
    warehouse_id: "warehouses", job_id: "jobs", pipeline_id: "pipelines", query_id: "queries", alert_id: "alerts", dashboard_id: "dashboards"};
  def free: ["tags", "custom_tags", "parameters", "base_parameters", "named_parameters", "notebook_params", "job_parameters",
    "sql_params", "spark_conf", "spark_env_vars"];
  def places: [paths(scalars) | select((.[-1] | strings as $key | kinds | has($key)) and all(.[]; IN(free[]) | not))];
  def kind($at): kinds[$at[-1]];
  # Names of things, by kind and id, of the lists of one workspace.
  def names($lists): $lists | {
    policies: ([.policies[] | {(.policy_id): .name}] | add), pools: ([.pools[] | {(.instance_pool_id): .instance_pool_name}] | add),
    warehouses: ([.warehouses[] | {(.id): .name}] | add), clusters: ([.clusters[] | {(.cluster_id): .cluster_name}] | add),
    jobs: ([.jobs[] | {(.job_id | tostring): .settings.name}] | add)};
  # Databricks lets jobs and clusters share a name: nobody knows which of them is meant.
  def id_named($names; $kind; $name): [$names[$kind] // {} | to_entries[] | select(.value == $name) | .key] | if length == 1 then .[0] else null end;
  def name_of($names; $kind; $id): $names[$kind][$id | tostring] as $name | if id_named($names; $kind; $name) then $name else null end;
  def shared($there; $here; $kind; $name): [$there, $here | [.[$kind] // {} | .[] | select(. == $name)] | length] | max
    | if . > 1 then ["its name, which \(.) have"] else [] end;
  # By names: the same in every workspace.
  def named($names): reduce places[] as $at (.; getpath($at) as $id | setpath($at; $names[kind($at)][$id | tostring] // "unknown \($id)"));
  # By the ids that $here gives to the names of $there; what has none becomes null.
  def led($there; $here): reduce places[] as $at (.; getpath($at) as $id
    | name_of($there; kind($at); $id) as $name | (if $name then id_named($here; kind($at); $name) else null end) as $led
    | setpath($at; if $led and ($id | type) == "number" then $led | tonumber else $led end));
  # What it names that is not in $here.
  def lacks($there; $here): [places[] as $at | getpath($at) as $id | ($there[kind($at)][$id | tostring]) as $name
    | select(name_of($there; kind($at); $id) == null or id_named($here; kind($at); $name) == null) | "\($at[-1]) \($name // $id)"] | unique;
  # Policies name pools inside a text.
  def led_pools($there; $here): reduce ($there.pools // {} | to_entries[]) as $pool (.; id_named($here; "pools"; $pool.value) as $led
    | (.definition, .policy_family_definition_overrides) |= if $led and . then split($pool.key) | join($led) else . end);
  # Jobs that run other jobs come after those; any that run each other in a ring come last, and lead nowhere.
  def in_order: {left: ., ids: map(.job_id | tostring), order: []} | until(.left == []; . as $all
    | ($all.ids - ($all.order | map(.job_id | tostring))) as $waits
    | [.left[] | select([.settings | places[] as $at | select(kind($at) == "jobs") | getpath($at) | tostring] as $runs | $runs - $waits == $runs)] as $now
    | if $now == [] then .order += .left | .left = [] else .order += $now | .left -= $now end) | .order;'

# What people make in a workspace and what jobs stand on, in the order in which one names the other.
list_of() {
  case $1 in
    pools) databricks_all /api/2.0/instance-pools/list instance_pools ;;
    policies) databricks_all /api/2.0/policies/clusters/list policies ;;
    warehouses) databricks_all /api/2.0/sql/warehouses warehouses ;;
    clusters) databricks_all /api/2.1/clusters/list clusters ;;
    jobs) databricks_all /api/2.2/jobs/list jobs ;;
  esac
}

# names_here: $work/here.json, by kind and id what the workspace has.
names_here() {
  local kind
  for kind in pools policies warehouses clusters jobs; do
    list_of "$kind" | jq --arg kind "$kind" '{($kind): .}' || die "the $kind of $DATABRICKS_URL cannot be listed"
  done | jq -s "$references"' names(add)' >"$work/here.json" || exit 1
}

# names_there: $work/there.json, the same of the workspace that was exported.
names_there() {
  local kind
  for kind in pools policies warehouses clusters jobs; do
    jq --arg kind "$kind" '{($kind): .}' "$work/point/$kind.json" || die "the export does not say which $kind there were"
  done | jq -s "$references"' names(add)' >"$work/there.json" || exit 1
}

# with_names FILTER FILE...: jq that knows $there, $here and $left, the names that no export brings here.
with_names() {
  local filter=$1
  shift
  jq -c --slurpfile names_there "$work/there.json" --slurpfile names_here "$work/here.json" --arg left "$LEFT_OUT" --arg way "${WAY:-secondary}" \
    "$references"' $names_there[0] as $there | $names_here[0] as $here | ($left | split(" ")) as $left | '"$filter" "$@"
}

# made_like KIND: makes here what the export has of a kind and nothing here is named like; in place it also sets what is other
# than it was. A cluster that a job made for one
# run went with it. What cannot be made whole is left, and named in $work/left.
made_like() {
  local kind=$1 line name lacks
  local shapes='{
    pools: {id: "instance_pool_id", path: "/api/2.0/instance-pools/create", keys: ["instance_pool_name", "min_idle_instances", "max_capacity", "node_type_id",
      "azure_attributes", "custom_tags", "idle_instance_autotermination_minutes", "enable_elastic_disk", "disk_spec", "preloaded_spark_versions"]},
    policies: {id: "policy_id", path: "/api/2.0/policies/clusters/create", edit: "/api/2.0/policies/clusters/edit", keys: ["name", "definition", "description", "max_clusters_per_user", "libraries",
      "policy_family_id", "policy_family_definition_overrides"]},
    warehouses: {id: "id", path: "/api/2.0/sql/warehouses", keys: ["name", "cluster_size", "min_num_clusters", "max_num_clusters", "auto_stop_mins",
      "enable_photon", "enable_serverless_compute", "warehouse_type", "spot_instance_policy", "channel", "tags"]},
    clusters: {id: "cluster_id", path: "/api/2.1/clusters/create", edit: "/api/2.1/clusters/edit", keys: ["cluster_name", "spark_version", "node_type_id", "driver_node_type_id", "num_workers",
      "autoscale", "autotermination_minutes", "spark_conf", "spark_env_vars", "custom_tags", "init_scripts", "policy_id", "instance_pool_id",
      "driver_instance_pool_id", "data_security_mode", "single_user_name", "runtime_engine", "azure_attributes", "enable_elastic_disk"]}}'
  list_of "$kind" >"$work/have.json" || die "the $kind of $DATABRICKS_URL cannot be listed"
  with_names "$shapes"' as $shapes | $shapes[$kind] as $shape
    | def said: with_entries(select(.key | IN($shape.keys[]))) | if .autoscale then del(.num_workers) else . end;
    .[] | select(.cluster_source != "JOB") | $there[$kind][.[$shape.id]] as $name
    | shared($there; $here; $kind; $name) as $shared | id_named($here; $kind; $name) as $id
    | ([$have[0][] | select(.[$shape.id] == $id)][0]) as $is
    | (($way == "place" and $shape.edit and $is and ($is | said | named($here)) != (said | led_pools($there; $here) | named($there))) // false) as $other
    | select(($name | IN($left[]) | not) and ($shared != [] or $id == null or $other))
    | said | {$name, $other, path: (if $other then $shape.edit else $shape.path end), lacks: ($shared + lacks($there; $here)), body: (led($there; $here) | led_pools($there; $here)
        # A pool decides what its machines are; a family of policies what its policies say.
        | if .instance_pool_id then del(.node_type_id, .driver_node_type_id, .azure_attributes, .enable_elastic_disk) else . end
        | if .policy_family_id then del(.definition) else . end | del(.. | nulls)
        | if $other then . + {($shape.id): $id} else . end)}' --arg kind "$kind" --slurpfile have "$work/have.json" "$work/point/$kind.json" >"$work/lines" ||
    die "the $kind of the export cannot be read"
  while IFS= read -r line; do
    name=$(jq -r .name <<<"$line")
    lacks=$(jq -r '.lacks | join(", ")' <<<"$line")
    if [[ -n $lacks ]]; then
      leave "$kind" "$name" "$lacks"
      continue
    fi
    jq .body <<<"$line" >"$work/body"
    databricks POST "$(jq -r .path <<<"$line")" "$work/body" >/dev/null </dev/null || die "$name of the $kind cannot be made, or set as it was"
    if [[ $(jq -r .other <<<"$line") == false ]]; then printf '%s\n' "$name" >>"$work/made"; else printf '%s\n' "$name" >>"$work/kept"; fi
  done <"$work/lines"
  [[ ! -s $work/lines ]] || names_here
}

# leave KIND NAME WHAT: no export brings what it needs: everything else comes back without it, and people are told.
leave() {
  log "$2 of the $1 is left: no export brings $3"
  jq -nc --arg kind "$1" --arg name "$2" --arg lacks "$3" '{$kind, $name, $lacks}' >>"$work/left"
}
