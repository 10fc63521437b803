# shellcheck shell=bash
# shellcheck disable=SC2154 # export.sh makes the folder work
# analytics/configuration: every resource of the platform's groups, with what lies below namespaces and accounts, and the
# policies and role assignments of the subscription, as Azure has them: resources.json, policies.json and roles.json, arrays
# of what Azure answers with the apiVersion that was asked for. Git says how things should be; this says how they are, and
# changes.json what is not as it was at the last look.

need SUBSCRIPTION GROUPS_OF_BOTH ARM_URL

collect() {
  local group
  arm GET "/subscriptions/$SUBSCRIPTION/providers?api-version=2021-04-01" |
    jq '[.value[] | .namespace as $of | .resourceTypes[] | {key: ("\($of)/\(.resourceType)" | ascii_downcase),
      value: (.defaultApiVersion // ([.apiVersions[] | select(endswith("-preview") | not)][0]) // .apiVersions[0])}] | from_entries' >"$work/versions.json" || return 1
  for group in $GROUPS_OF_BOTH; do
    arm_all "/subscriptions/$SUBSCRIPTION/resourceGroups/$group/resources?api-version=2021-04-01" || return 1
  done | jq -rs 'add | .[] | select(.id and .type) | .type as $type | .id, (
    if ($type | ascii_downcase) == "microsoft.eventhub/namespaces" then "\(.id)/networkRuleSets/default"
    elif ($type | ascii_downcase) == "microsoft.storage/storageaccounts" then "\(.id)/blobServices/default", "\(.id)/managementPolicies/default"
    else empty end)' >"$work/ids" || return 1
  mkdir "$work/read"
  in_parallel read_one <"$work/ids" || return 1
  find "$work/read" -type f -exec cat {} + | jq -s 'sort_by(.id)' >"$1/resources.json" || return 1
  listed policyDefinitions 2023-04-01 "&\$filter=policyType%20eq%20'Custom'" >"$work/definitions.json" || return 1
  listed policyAssignments 2023-04-01 >"$work/assignments.json" || return 1
  jq -s add "$work/definitions.json" "$work/assignments.json" >"$1/policies.json" || return 1
  listed roleAssignments 2022-04-01 >"$1/roles.json" || return 1
  changes_since id "$1" resources.json roles.json policies.json >"$1/changes.json"
}

# read_one ID: one resource, in the version of the API that its provider names as its own.
read_one() {
  local version answer
  version=$(jq -re --arg id "$1" '($id | ascii_downcase | split("/providers/") | last | split("/")) as $parts
    | .[[$parts[0]] + [$parts | to_entries[] | select(.key % 2 == 1) | .value] | join("/")] // empty' "$work/versions.json") ||
    { log "no version of the API is known for $1" && return 1; }
  # One that went since the list was made is no fault of this run.
  answer=$(arm GET "$1?api-version=$version") || { (($? == 4)) && return; return 1; }
  jq -c --arg version "$version" '. + {apiVersion: $version} | walk(if type == "object" then del(.etag, .systemData, .provisioningState,
    .updatedAt, .lastModifiedTime) else . end)' <<<"$answer" >"$work/read/$(printf '%s' "$1" | sha256sum | cut -c 1-32)"
}

# listed KIND VERSION [QUERY]: what of one kind the subscription and its groups have, as Microsoft.Authorization lists it.
listed() {
  arm_all "/subscriptions/$SUBSCRIPTION/providers/Microsoft.Authorization/$1?api-version=$2${3:-}" |
    jq --arg version "$2" 'map(. + {apiVersion: $version} | del(.systemData, .properties.metadata.createdOn?, .properties.metadata.updatedOn?)) | sort_by(.id)'
}

# Groups without a resource were read without the right to see them, or are not ours.
check() {
  local group
  for group in $GROUPS_OF_BOTH; do
    jq -e --arg group "/resourcegroups/${group,,}/" 'any(.id | ascii_downcase | contains($group))' "$1/resources.json" >/dev/null ||
      { log "nothing of group $group is shown" && return 1; }
  done
  counted "$1" resources roles policies
}

told() { tell_changes "$1"; }
