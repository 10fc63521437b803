# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154,SC2034 # the $ are jq's, drill.sh sources what belongs together
# What the test of a workspace brings back; nothing here acts until it is called.

# drill_databricks: every job of the newest export is made under a name of the drill's, paused, led to what has the names
# that it names, and compared, also as whom it runs. A job that names what only a recovery makes here is counted, and not made,
# as is one that runs as a service; one that names what no export holds, or shares its name, would not come back at all: the
# drill fails.
drill_databricks() {
  local age id wrong name lost
  newest_export
  names_there
  names_here
  lost=$(with_names '[.[].settings | select(.name | IN($left[]) | not) | "\(.name) (\((shared($there; {}; "jobs"; .name) + lacks($there; $there))[]))"] | unique | join(", ")' -r "$work/point/jobs.json") || die "the jobs of the export cannot be read"
  [[ -z $lost ]] || die "these jobs share a name or name what no export holds, and would not come back: $lost"
  with_names "$same_settings"' .[] | select(.settings.name | IN($left[]) | not) | {name: .settings.name, run_as, names: (.settings | named($there)),
    ready: (person and (.settings | lacks($there; $here) == [])), body: (runs_as + (.settings | paused | led($there; $here) | .name = "\($mark) \(.name)"))}' --arg mark "$mark" "$work/point/jobs.json" >"$work/jobs"
  while IFS= read -r job; do
    name=$(jq -r .name <<<"$job")
    printf '%s' "$job" >"$work/one"
    jq .body "$work/one" >"$work/body"
    id=$(databricks POST /api/2.2/jobs/create "$work/body" </dev/null | jq -re .job_id) || die "$name cannot be made"
    printf 'job %s\n' "$id" >>"$work/made"
    databricks GET "/api/2.2/jobs/get?job_id=$id" </dev/null >"$work/seen" || die "what was made cannot be read"
    wrong=$(with_names "$same_settings"' . as $is | input | (.body.name as $name | .names | .name = $name | plain) != ($is.settings | named($here) | plain) or (runs_as_it_did($is) | not)' "$work/seen" "$work/one") || die "$name cannot be compared"
    [[ $wrong == false ]] || die "$name is not as it was exported"
  done < <(jq -c 'select(.ready)' "$work/jobs")
  [[ -s $work/made ]] || die "the export holds no job that can be made here"
  warehouse=$(warehouse_up) || exit 1
  ask 'SELECT 1 AS one' | jq -e '.[0].one | tonumber == 1' >/dev/null || die "SQL does not run in $DATABRICKS_URL"
  drilled "$(jq -s --argjson jobs "$(wc -l <"$work/made")" '{$jobs, unmade: map(select(.ready | not) | .name)}' "$work/jobs")"
}
