# shellcheck shell=bash
# Reports and models of Power BI, from their export; nothing here acts until it is called.

powerbi_find() { find_point; }

# workspaces_of: "<id of the export> <id here>" of each workspace: in a clean room another tenant has made them, by name.
workspaces_of() {
  local here
  here=$(powerbi GET /groups) || die "Power BI does not list its workspaces"
  jq -r --argjson here "$here" '.[] | . as $one | [$here.value[] | select(.id == $one.id or .name == $one.name)][0].id // "" | "\($one.id) \(.)"' "$work/point/workspaces.json"
}

# powerbi_capacity: a capacity of this region runs, and the workspaces are on it.
powerbi_capacity() {
  local state id here known
  state=$(arm GET "$CAPACITY_ID?api-version=2023-11-01" | jq -re .properties.state) || die "the capacity ${CAPACITY_ID##*/} does not answer"
  if [[ $state == Paused ]]; then arm POST "$CAPACITY_ID/resume?api-version=2023-11-01" >/dev/null || die "the capacity ${CAPACITY_ID##*/} cannot be resumed"; fi
  active() { [[ $(arm GET "$CAPACITY_ID?api-version=2023-11-01" | jq -r .properties.state) == Active ]]; }
  wait_until active || die "the capacity ${CAPACITY_ID##*/} is not active"
  id=$(powerbi GET /capacities | jq -re --arg name "${CAPACITY_ID##*/}" '[.value[] | select((.displayName | ascii_downcase) == ($name | ascii_downcase))][0].id // empty') ||
    die "Power BI does not know the capacity ${CAPACITY_ID##*/}"
  jq -n --arg id "$id" '{capacityId: $id}' >"$work/capacity"
  found_point "$work/point"
  while read -r known here; do
    [[ -n $here ]] || die "the workspace $known of the export is not there: make it, with this job's identity as its admin, and start this step again"
    powerbi POST "/groups/$here/AssignToCapacity" "$work/capacity" >/dev/null </dev/null || die "workspace $known cannot move to the capacity ${CAPACITY_ID##*/}"
  done < <(workspaces_of)
  jq -n --arg capacity "${CAPACITY_ID##*/}" '{$capacity, state: "Active"}'
}

# published WORKSPACE NAME FILE: one report, as the file it was; what is there under its name is replaced.
published() {
  local import state=''
  [[ -r $3 ]] || die "the export has no file of report $2"
  {
    printf -- '--holdfast\r\nContent-Disposition: form-data; name="value"; filename="report.pbix"\r\nContent-Type: application/octet-stream\r\n\r\n'
    cat "$3"
    printf '\r\n--holdfast--\r\n'
  } >"$work/import"
  import=$(powerbi POST "/groups/$1/imports?datasetDisplayName=$(jq -rn --arg name "$2.pbix" '$name | @uri')&nameConflict=CreateOrOverwrite" \
    "$work/import" --header 'Content-Type: multipart/form-data; boundary=holdfast' | jq -re .id) || die "report $2 cannot be imported"
  # The first answer says only that it was taken.
  imported() {
    state=$(powerbi GET "/groups/$1/imports/$2" | jq -r .importState)
    [[ $state != Publishing ]]
  }
  wait_until imported "$1" "$import" || die "report $2 is still being published"
  [[ $state == Succeeded ]] || die "report $2 was not published: $state"
}

# powerbi_restore: every report of the export.
powerbi_restore() {
  local known here name file count=0
  found_point "$work/point"
  while read -r known here; do
    [[ -n $here ]] || die "the workspace $known of the export is not there"
    while IFS=$'\t' read -r name file; do
      published "$here" "$name" "$work/point/$file" </dev/null
      count=$((count + 1))
    done < <(jq -r --arg id "$known" '.[] | select(.id == $id) | .reports[] | [.name, .file] | @tsv' "$work/point/workspaces.json")
  done < <(workspaces_of)
  jq -n --argjson reports "$count" --arg point "$(jq -r .point "$work/point.json")" '{$reports, $point}'
}

# powerbi_verify: every report is there, with a model that shows the tables that are served now.
powerbi_verify() {
  local known here id status missing
  found_point "$work/point"
  while read -r known here; do
    missing=$(powerbi GET "/groups/$here/reports" </dev/null | jq -r --arg id "$known" --slurpfile export "$work/point/workspaces.json" \
      '[.value[].name] as $there | [$export[0][] | select(.id == $id) | .reports[].name | select(. as $one | $there | index($one) | not)] | join(", ")') || die "the reports of $known cannot be listed"
    [[ -z $missing ]] || die "these reports are not there: $missing"
    for id in $(powerbi GET "/groups/$here/datasets" </dev/null | jq -r '.value[].id'); do
      # Power BI lets its owner alone change a model.
      powerbi POST "/groups/$here/datasets/$id/Default.TakeOver" >/dev/null </dev/null || die "model $id cannot be taken over"
      jq -n --arg host "$WAREHOUSE_HOST" '{updateDetails: [{name: "Host", newValue: $host}]}' >"$work/host"
      powerbi POST "/groups/$here/datasets/$id/Default.UpdateParameters" "$work/host" >/dev/null </dev/null || die "model $id cannot be pointed at $WAREHOUSE_HOST"
      powerbi POST "/groups/$here/datasets/$id/refreshes" >/dev/null </dev/null || die "model $id cannot be refreshed"
      refreshed() {
        status=$(powerbi GET "/groups/$here/datasets/$id/refreshes?\$top=1" </dev/null | jq -r '.value[0].status')
        [[ $status != Unknown && $status != null ]]
      }
      wait_until refreshed || die "model $id does not end its refresh"
      [[ $status == Completed ]] || die "model $id cannot read what it shows: $status; give it credentials for $WAREHOUSE_HOST and start this step again"
    done
  done < <(workspaces_of)
  jq -n --arg host "$WAREHOUSE_HOST" '{reads: $host}'
}
