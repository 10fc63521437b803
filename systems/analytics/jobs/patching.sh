#!/usr/bin/env bash
# patching.sh: the monthly security patches of one region: images of nodes, pool by pool. It runs in the other region, because
# a drain would end it here, and the stage before it must be well: what breaks one region must not reach the second.
set -euo pipefail
# shellcheck source=systems/jobs/common.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/common.sh"
# shellcheck source=systems/jobs/checked.sh
source "$JOBS_DIR/checked.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "$JOBS_DIR/azure.sh"

need ASSET ARM_URL AKS_CLUSTER RUNTIME_SUPPORTED_UNTIL PUSHGATEWAY_URL DATABRICKS_URL
whole DEADLINE_SECONDS UNPATCHED_DAYS NOTICE_DAYS
: "${STAGE_BEFORE:=}"
API="api-version=2025-05-01"
export OPERATION_SECONDS=$((DEADLINE_SECONDS / 2))
end=$((DEADLINE_SECONDS * 11 / 12))

# pools CLUSTER: one line of JSON for each pool of nodes: name, image, state, and the newest image that there is.
pools() {
  local list name newest pool
  list=$(arm_all "$1/agentPools?$API") || return 1
  while IFS= read -r pool; do
    name=$(jq -r .name <<<"$pool")
    newest=$(arm GET "$1/agentPools/$name/upgradeProfiles/default?$API" | jq -re .properties.latestNodeImageVersion) || return 1
    jq -c --arg newest "$newest" '{name, image: .properties.nodeImageVersion, newest: $newest,
      well: (.properties.provisioningState == "Succeeded" and .properties.powerState.code == "Running")}' <<<"$pool"
  done < <(jq -c '.[]' <<<"$list")
}

# The region before has had its patches, and stands.
if [[ -n $STAGE_BEFORE ]]; then
  before=$(pools "$STAGE_BEFORE") || die "nobody says how the stage before stands"
  jq -sce 'length > 0 and all(.[]; .well and .image == .newest)' <<<"$before" >/dev/null ||
    die "the stage before is not whole: $(jq -sc 'map(select((.well and .image == .newest) | not) | .name)' <<<"$before")"
fi

list=$(pools "$AKS_CLUSTER") || die "the pools of ${AKS_CLUSTER##*/} cannot be listed"
[[ -n $list ]] || die "${AKS_CLUSTER##*/} has no pool of nodes"
patched=0
while IFS= read -r pool; do
  name=$(jq -r .name <<<"$pool")
  jq -e .well <<<"$pool" >/dev/null || die "pool $name is not well: it is not touched, nor what would come after it"
  if jq -e '.image == .newest' <<<"$pool" >/dev/null; then continue; fi
  ((SECONDS < end)) || die "no time is left for pool $name"
  log "pool $name: $(jq -r '"\(.image) to \(.newest)"' <<<"$pool")"
  arm POST "$AKS_CLUSTER/agentPools/$name/upgradeNodeImageVersion?$API" >/dev/null || die "pool $name was not upgraded: look at it before the other region's turn"
  patched=$((patched + 1))
done <<<"$list"
after=$(pools "$AKS_CLUSTER") || die "the pools of ${AKS_CLUSTER##*/} cannot be listed"
jq -se 'all(.[]; .well and .image == .newest)' <<<"$after" >/dev/null || problem "not every pool has the newest image: $(jq -sc . <<<"$after")"

# A cluster of Databricks gets the patches of its runtime when it starts.
unpatched=$(databricks_all /api/2.1/clusters/list clusters | jq -c --argjson days "$UNPATCHED_DAYS" '
  [.[] | select(.state == "RUNNING" and (.last_restarted_time // .start_time // 0) / 1000 < now - $days * 86400) | .cluster_name]') || {
  problem "nobody says since when clusters run"
  unpatched=null
}
if [[ $unpatched != "[]" && $unpatched != null ]]; then problem "not restarted for $UNPATCHED_DAYS days: $unpatched"; fi
left=$((($(date -u -d "$RUNTIME_SUPPORTED_UNTIL" +%s) - EPOCHSECONDS) / 86400))
if ((left < NOTICE_DAYS)); then problem "the runtime gets patches for $left days more: plan the upgrade"; fi

jq -nc --argjson patched "$patched" --argjson unpatched "$unpatched" --argjson runtimeDays "$left" --argjson problems "$(problems_json)" \
  --slurpfile pools <(printf '%s\n' "$after") '{$patched, $pools, $unpatched, $runtimeDays, $problems}'
push patching <<METRICS
holdfast_pools_patched{asset="$ASSET",role="patching"} $patched
holdfast_runtime_supported_days{asset="$ASSET",role="patching"} $left
METRICS
end_with_problems
