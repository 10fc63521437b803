# shellcheck shell=bash
# shellcheck disable=SC2154 # export.sh makes the folder work
# analytics/powerbi: workspaces.json, an array of the workspaces with their models, people and reports, and for every report
# the file that it names, <workspace>/<report>.pbix.

need POWERBI_WORKSPACES POWERBI_URL

collect() {
  local groups id report
  groups=$(powerbi GET /groups) || return 1
  for id in $POWERBI_WORKSPACES; do
    mkdir "$1/$id"
    jq -e --arg id "$id" '[.value[] | select(.id == $id)][0] // empty' <<<"$groups" >"$work/group.json" ||
      { log "workspace $id is not there, or this job may not see it" && return 1; }
    powerbi GET "/groups/$id/datasets" >"$work/datasets.json" || return 1
    powerbi GET "/groups/$id/users" >"$work/users.json" || return 1
    powerbi GET "/groups/$id/reports" >"$work/reports.json" || return 1
    # What Power BI does not hand out has to be known: without its file nobody brings a report back.
    for report in $(jq -r '.value[].id' "$work/reports.json"); do
      powerbi GET "/groups/$id/reports/$report/Export" >"$1/$id/$report.pbix" ||
        { log "report $report of workspace $id cannot be exported" && return 1; }
      [[ -s $1/$id/$report.pbix ]] || { log "the file of report $report of workspace $id is empty" && return 1; }
    done
    jq -c --slurpfile datasets "$work/datasets.json" --slurpfile users "$work/users.json" --slurpfile reports "$work/reports.json" \
      '. + {datasets: $datasets[0].value, users: $users[0].value}
        | .id as $id | .reports = [$reports[0].value[] | . + {file: "\($id)/\(.id).pbix"}]' "$work/group.json" || return 1
  done | jq -s . >"$1/workspaces.json"
}

check() {
  local reports
  reports=$(jq 'map(.reports | length) | add' "$1/workspaces.json") || return 1
  # Workspaces that all lost their reports at once are no state that anybody wants to come back to.
  ((reports > 0)) || { log "no workspace holds a report" && return 1; }
  [[ $(find "$1" -name '*.pbix' | wc -l) == "$reports" ]] || { log "not every report has a file" && return 1; }
  jq '{workspaces: length, models: (map(.datasets | length) | add), reports: (map(.reports | length) | add)}' "$1/workspaces.json"
}

told() { :; }
