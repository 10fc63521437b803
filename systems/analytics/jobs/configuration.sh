# shellcheck shell=bash
# How everything is set, from the export that drift detection takes; nothing here acts until it is called.

configuration_find() { find_point; }

# What is a setting and no store: only these are written; of whatever else differs, people and the program decide.
: "${SETTINGS:=Microsoft.Authorization/policyDefinitions Microsoft.Authorization/policyAssignments Microsoft.Insights/actionGroups Microsoft.Insights/metricAlerts Microsoft.Insights/scheduledQueryRules Microsoft.EventHub/namespaces/networkRuleSets}"

# What Azure writes by itself says nothing; the export leaves it out as well.
plain='def plain: walk(if type == "object" then del(.etag, .systemData, .provisioningState, .updatedAt, .lastModifiedTime, .createdOn, .updatedOn)
  else . end) | del(.apiVersion, .name, .type) | del(.. | nulls);'

# compared: "<set|other>\t<place in the export>\t<id>" of each resource that is not as it was exported.
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
      for one in $SETTINGS; do if [[ ${id,,} == *"/providers/${one,,}/"* || ${one,,} == *networkrulesets && ${id,,} == */networkrulesets/* ]]; then kind=set; fi; done
      printf '%s\t%d\t%s\n' "$kind" "$place" "$id"
    fi
    place=$((place + 1))
  done < <(jq -c '.[]' "$work/point/all.json")
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
  jq -s 'add' "$work/point/policies.json" "$work/point/resources.json" | jq --arg groups "$GROUPS_THERE" '($groups | ascii_downcase | split(" ")) as $wanted
    | [.[] | select((.id | ascii_downcase) as $id | ($id | contains("/resourcegroups/") | not) or any($wanted[]; . as $one | $id | contains("/resourcegroups/\($one)/")))]' >"$work/point/all.json"
}

# configuration_restore: settings are put back; a store that differs is named, and `pulumi up` brings it.
configuration_restore() {
  local kind place id version count=0
  with_all
  compared >"$work/different" || die "what is there cannot be compared with the export"
  while IFS=$'\t' read -r kind place id; do
    [[ $kind == set ]] || continue
    version=$(jq -r --argjson place "$place" '.[$place].apiVersion' "$work/point/all.json")
    jq --argjson place "$place" '.[$place] | del(.id, .name, .type, .apiVersion, .systemData, .etag)' "$work/point/all.json" >"$work/body"
    arm PUT "$id?api-version=$version" "$work/body" >/dev/null </dev/null || die "$id cannot be set as it was"
    count=$((count + 1))
  done <"$work/different"
  jq -Rn --argjson set "$count" '{$set, others: [inputs | split("\t") | select(.[0] == "other") | .[2]]}' <"$work/different"
}

# configuration_verify: every setting is as it was exported.
configuration_verify() {
  local left
  with_all
  compared >"$work/different" || die "what is there cannot be compared with the export"
  left=$(awk -F '\t' '$1 == "set" { print $3 }' "$work/different" | head -n 5 | paste -sd ' ')
  [[ -z $left ]] || die "these are not as they were: $left"
  jq -n --argjson all "$(jq length "$work/point/all.json")" --argjson others "$(awk -F '\t' '$1 == "other"' "$work/different" | wc -l)" '{verified: ($all - $others), broughtByTheProgram: $others}'
}
