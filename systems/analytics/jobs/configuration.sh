# shellcheck shell=bash
# How everything is set, from the export that drift detection takes; nothing here acts until it is called.

configuration_find() { find_point; }

# What is a setting and no store: only these are written; of whatever else differs, people and the program decide.
: "${SETTINGS:=Microsoft.Authorization/policyDefinitions Microsoft.Authorization/policyAssignments Microsoft.Insights/actionGroups Microsoft.Insights/metricAlerts Microsoft.Insights/scheduledQueryRules Microsoft.EventHub/namespaces/networkRuleSets}"

# What Azure writes by itself says nothing; the export leaves it out as well.
plain='def plain: walk(if type == "object" then del(.etag, .systemData, .provisioningState, .updatedAt, .lastModifiedTime, .createdOn, .updatedOn)
  else . end) | del(.apiVersion, .name, .type) | del(.. | nulls);'

# compared: "<set|role|other>\t<place in the export>\t<id>" of each resource that is not as it was exported. Who may do what is
# for people to give back: whoever recovers gives nobody rights.
compared() {
  local line id version place=0 kind
  while IFS= read -r line; do
    id=$(jq -r .id <<<"$line") version=$(jq -r .apiVersion <<<"$line")
    [[ $version != null ]] || die "the export does not say in which version of the API $id was read"
    if ! arm GET "$id?api-version=$version" </dev/null >"$work/now" 2>"$work/said"; then
      # A region that is lost answers for none of its resources.
      grep -q 'answered 404' "$work/said" || { cat "$work/said" >&2 && return 1; }
      printf null >"$work/now"
    fi
    if ! jq -en --argjson was "$line" --slurpfile now "$work/now" "$plain"'($was | plain) == ($now[0] | if . == null then null else plain end)' >/dev/null; then
      kind=other
      if [[ ${id,,} == */providers/microsoft.authorization/roleassignments/* ]]; then kind=role; fi
      for one in $SETTINGS; do if [[ ${id,,} == *"/providers/${one,,}/"* || ${one,,} == *networkrulesets && ${id,,} == */networkrulesets/* ]]; then kind=set; fi; done
      printf '%s\t%d\t%s\n' "$kind" "$place" "$id"
    fi
    place=$((place + 1))
  done < <(jq -c '.[]' "$work/point/all.json")
}

# What lies in the groups that come back, or above all groups.
ours='def ours($groups): ($groups | ascii_downcase | split(" ")) as $wanted
  | [.[] | select((.id | ascii_downcase) as $id | ($id | contains("/resourcegroups/") | not) or any($wanted[]; . as $one | $id | contains("/resourcegroups/\($one)/")))];'

# listed KIND VERSION [QUERY]: "<version>\t<id>" of each of one kind that the export does not have.
listed() {
  arm_all "/subscriptions/$SUBSCRIPTION/providers/Microsoft.Authorization/$1?api-version=$2${3:-}" </dev/null |
    jq -r --arg groups "$GROUPS_THERE" --arg version "$2" --slurpfile all "$work/point/all.json" "$ours"'([$all[0][].id | ascii_downcase]) as $known
      | ours($groups)[] | select((.id | ascii_downcase) as $id | $known | index($id) | not) | [$version, .id] | @tsv'
}

# added: what somebody has added to the policies, into the file policies, and to the role assignments, into the file roles.
# What else there is in a clean room is the security team's.
added() {
  : >"$work/policies"
  : >"$work/roles"
  [[ $WAY != room ]] || return 0
  # An assignment goes before what it assigns.
  listed policyAssignments 2023-04-01 >"$work/policies" || return 1
  listed policyDefinitions 2023-04-01 "&\$filter=policyType%20eq%20'Custom'" >>"$work/policies" || return 1
  listed roleAssignments 2022-04-01 >"$work/roles"
}

# with_all: what the export holds of the groups that come back; in a clean room under the names of that.
with_all() {
  found_point "$work/point"
  if [[ $WAY == room ]]; then
    for part in resources policies; do
      jq --arg from "$SUBSCRIPTION" --arg to "$ROOM_SUBSCRIPTION" --arg groups "$GROUPS_OF_BOTH" --arg group "$ROOM_GROUP" '
        walk(if type == "string" then gsub($from; $to) | reduce ($groups | split(" "))[] as $one (.; gsub($one; $group; "i")) else . end)' \
        "$work/point/$part.json" >"$work/moved" && mv "$work/moved" "$work/point/$part.json"
    done
  fi
  # Rights of the room are its own.
  if [[ $WAY == room ]]; then printf '[]' >"$work/point/roles.json"; fi
  jq -s 'add' "$work/point"/{policies,resources,roles}.json | jq --arg groups "$GROUPS_THERE" "$ours"'ours($groups)' >"$work/point/all.json"
}

# differences: what is not as it was exported, into the files different, policies and roles.
differences() {
  with_all
  compared >"$work/different" || die "what is there cannot be compared with the export"
  added || die "policies and role assignments cannot be listed: nobody can say what was added"
  awk -F '\t' '$1 == "role" { print $2 "\t" $3 }' "$work/different" >>"$work/roles"
}

# configuration_restore: settings are put back, and policies that were added are taken away; a store that differs is named, and
# `pulumi up` brings it, and so is whoever may do more or less than before.
configuration_restore() {
  local kind place id version count=0 removed=0
  differences
  while IFS=$'\t' read -r kind place id; do
    [[ $kind == set ]] || continue
    version=$(jq -r --argjson place "$place" '.[$place].apiVersion' "$work/point/all.json")
    jq --argjson place "$place" '.[$place] | del(.id, .name, .type, .apiVersion, .systemData, .etag)' "$work/point/all.json" >"$work/body"
    arm PUT "$id?api-version=$version" "$work/body" >/dev/null </dev/null || die "$id cannot be set as it was"
    count=$((count + 1))
  done <"$work/different"
  while IFS=$'\t' read -r version id; do
    arm DELETE "$id?api-version=$version" >/dev/null </dev/null || die "$id was added and cannot be taken away"
    removed=$((removed + 1))
  done <"$work/policies"
  jq -Rn --argjson set "$count" --argjson removed "$removed" --rawfile roles "$work/roles" '{$set, $removed,
    others: [inputs | split("\t") | select(.[0] == "other") | .[2]], roles: [$roles | split("\n")[] | select(. != "") | split("\t")[1]]}' <"$work/different"
}

# configuration_verify: every setting is as it was exported, none was added, and nobody may do more or less.
configuration_verify() {
  local left
  differences
  left=$(awk -F '\t' '$1 == "set" { print $3 }' "$work/different" | cat - <(cut -f 2 "$work/policies") | head -n 5 | paste -sd ' ')
  [[ -z $left ]] || die "these are not as they were: $left"
  left=$(cut -f 2 "$work/roles" | head -n 5 | paste -sd ' ')
  [[ -z $left ]] || die "these role assignments are not as they were: $left: whoever may gives them back or takes them away, then start this step again"
  jq -n --argjson all "$(jq length "$work/point/all.json")" --argjson others "$(awk -F '\t' '$1 == "other"' "$work/different" | wc -l)" '{verified: ($all - $others), broughtByTheProgram: $others}'
}
