#!/usr/bin/env bash
# diagnostics.sh: is every component well: clusters, storage, streams, network. Each is looked at whatever the others say.
set -euo pipefail
# shellcheck source=systems/jobs/common.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/common.sh"
# shellcheck source=systems/jobs/checked.sh
source "$JOBS_DIR/checked.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "$JOBS_DIR/azure.sh"

need ASSET ARM_URL DATABRICKS_URL CLUSTERS STORAGE_ACCOUNTS NAMESPACES NAMES_AND_PORTS PUSHGATEWAY_URL
: "${PRIVATE_ENDPOINTS:=}"
whole CAPACITY_BYTES FULL_PERCENT CONNECT_SECONDS

# over RESOURCE METRIC AGGREGATION: what the last hour says, as one number: the sum of a total, else the average.
over() {
  local from to
  to=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  from=$(date -u -d '1 hour ago' +%Y-%m-%dT%H:%M:%SZ)
  arm GET "$1/providers/Microsoft.Insights/metrics?api-version=2023-10-01&timespan=$from/$to&interval=PT1H&metricnames=$2&aggregation=$3" |
    jq -re --arg key "${3,,}" '[.value[0].timeseries[]?.data[][$key] // empty] | if length == 0 then empty elif $key == "total" then add else add / length end'
}

# above VALUE LIMIT, below VALUE LIMIT: of numbers with fractions.
above() { jq -en --argjson value "$1" --argjson limit "$2" '$value > $limit' >/dev/null; }
below() { jq -en --argjson value "$1" --argjson limit "$2" '$value < $limit' >/dev/null; }

cluster_health() {
  local all name state failed
  all=$(databricks_all /api/2.1/clusters/list clusters) || return 1
  for name in $CLUSTERS; do
    state=$(jq -r --arg name "$name" '[.[] | select(.cluster_name == $name) | .state] | join(",")' <<<"$all")
    [[ $state =~ ^(RUNNING|RESIZING)$ ]] || problem "cluster: $name is ${state:-not there}"
  done
  failed=$(databricks_all "/api/2.2/jobs/runs/list?completed_only=true&start_time_from=$(((EPOCHSECONDS - 3600) * 1000))" runs |
    jq -c '[.[] | select(.state.result_state != "SUCCESS" and .state.result_state != "CANCELED") | .run_name] | unique') || return 1
  [[ $failed == "[]" ]] || problem "cluster: runs failed within the hour: $failed"
}

storage_health() {
  local account said value
  for account in $STORAGE_ACCOUNTS; do
    said=$(arm GET "$account?api-version=2024-01-01") || return 1
    jq -e '.properties.provisioningState == "Succeeded" and .properties.statusOfPrimary == "available"' <<<"$said" >/dev/null ||
      problem "storage: ${account##*/} is $(jq -r '"\(.properties.provisioningState), \(.properties.statusOfPrimary)"' <<<"$said")"
    jq -e '.properties.networkAcls.defaultAction == "Deny"' <<<"$said" >/dev/null || problem "storage: ${account##*/} is open to every network"
    value=$(over "$account" Availability Average) || return 1
    if below "$value" 99.9; then problem "storage: ${account##*/} answered $value % of its requests"; fi
    value=$(over "$account" UsedCapacity Average) || return 1
    if above "$value" "$((CAPACITY_BYTES * FULL_PERCENT / 100))"; then problem "storage: ${account##*/} holds $value bytes of $CAPACITY_BYTES"; fi
  done
}

stream_health() {
  local space said value fault
  for space in $NAMESPACES; do
    said=$(arm GET "$space?api-version=2024-05-01-preview") || return 1
    jq -e '.properties.status == "Active" and .properties.provisioningState == "Succeeded"' <<<"$said" >/dev/null ||
      problem "streaming: ${space##*/} is $(jq -r '"\(.properties.status), \(.properties.provisioningState)"' <<<"$said")"
    value=$(over "$space" IncomingMessages Total) || return 1
    if ! above "$value" 0; then problem "streaming: ${space##*/} got no event within the hour"; fi
    for fault in ThrottledRequests ServerErrors; do
      value=$(over "$space" "$fault" Total) || return 1
      if above "$value" 0; then problem "streaming: ${space##*/} had $value $fault within the hour"; fi
    done
  done
}

network_health() {
  local endpoint said name port
  for endpoint in $PRIVATE_ENDPOINTS; do
    said=$(arm GET "$endpoint?api-version=2024-05-01") || return 1
    jq -e '[.properties.privateLinkServiceConnections[]?, .properties.manualPrivateLinkServiceConnections[]?]
      | length > 0 and all(.[]; .properties.privateLinkServiceConnectionState.status == "Approved")' <<<"$said" >/dev/null ||
      problem "network: ${endpoint##*/} is not connected"
  done
  for name in $NAMES_AND_PORTS; do
    port=${name##*:}
    name=${name%:*}
    if ! getent ahosts "$name" >/dev/null; then
      problem "network: $name has no address"
      continue
    fi
    timeout "$CONNECT_SECONDS" bash -c "exec 3<>'/dev/tcp/$name/$port'" 2>/dev/null || problem "network: $name does not answer on $port"
  done
}

results='{}'
for check in cluster storage stream network; do
  found=${#problems[@]}
  # In this shell, because what it finds is counted here; each call says by itself whether it failed.
  state=ok
  if ! "${check}_health"; then
    problem "$check: could not be looked at"
    state=unknown
  elif ((${#problems[@]} > found)); then
    state=failed
  fi
  results=$(jq -c --arg check "$check" --arg state "$state" '. + {($check): $state}' <<<"$results")
done
jq -nc --argjson checks "$results" --argjson problems "$(problems_json)" '{at: (now | todate), $checks, $problems}'
push diagnostics < <(jq -r --arg asset "$ASSET" 'to_entries[] | "holdfast_component_well{asset=\"\($asset)\",role=\"diagnostics\",component=\"\(.key)\"} \(if .value == "ok" then 1 else 0 end)"' <<<"$results")
end_with_problems
