# shellcheck shell=bash
# shellcheck disable=SC2034 # warehouse is read by ask
# The lake: tables of the layers, in place, in the other region and in a clean room; nothing here acts until it is called.

# of_clones ACCOUNT TABLE: what the runs of clones keep in an account beside the tables, as SQL names it.
of_clones() { printf '%s' "delta.\`abfss://$TABLES@$1.dfs.core.windows.net/_holdfast/$2\`"; }

# folder_of ACCOUNT TABLE: where a table, "<layer>.<name>", lies in an account.
folder_of() { printf 'abfss://%s@%s.dfs.core.windows.net/%s' "$TABLES" "$1" "${2/.//}"; }

# tables_named: "<layer>.<table> <place>" of all that the catalog of the workspace has in the layers. Views have no history.
tables_named() {
  ask "SELECT table_schema, table_name, storage_path FROM \`$CATALOG\`.information_schema.tables WHERE table_schema IN ('${LAYERS// /\', \'}') AND data_source_format = 'DELTA'" |
    jq -r '.[] | "\(.table_schema).\(.table_name) \(.storage_path // "-" | rtrimstr("/"))"' || die "the tables of $CATALOG in $DATABRICKS_URL cannot be listed"
}

# clone_in ACCOUNT TABLE VERSION: a version of a clone, as SQL names it where it lies.
clone_in() { printf '%s' "delta.\`$(folder_of "$1" "$2")\` VERSION AS OF $3"; }

# version_of TABLE WHICH [CONDITION]: max or min of its versions, "-" where none is as the condition says; fails where that cannot
# be read. The warehouse looks through the history: a result ends at 25 MiB, and tables with ten commits a minute have more.
version_of() {
  local found
  found=$(ask "SELECT $2(version) AS version FROM (DESCRIBE HISTORY $1)${3:+ WHERE $3}") || return 1
  jq -r '.[0].version // "-"' <<<"$found"
}

# version_before TABLE MOMENT: the newest version, as SQL names the table, that was there at a moment in seconds, "-" where none was.
version_before() { version_of "$1" max "timestamp <= timestamp_seconds($2)"; }

# newest_version TABLE: as SQL names it.
newest_version() { ask "DESCRIBE HISTORY $1 LIMIT 1" | jq -re '.[0].version | tonumber'; }

# clones_in ACCOUNT [MOMENT]: lines "<layer>.<table> <captured> <version> <rows> <listed> <source>" of every table that the newest
# run there has found, as it was noted at a moment in seconds: since when its clone lacks what is written, in seconds, the
# version of the clone and its rows, "-" where none was ever cloned to its end; and since when runs find it. A table that was
# dropped or renamed is in no newer list: its folder stays, and keeps nothing from coming back. The last is the version of the
# source that holds the same.
clones_in() {
  local log version='' found
  log=$(of_clones "$1" clones)
  if [[ -n ${2:-} ]]; then
    version=$(version_before "$log" "$2") || die "the history of the list of clones in $1 cannot be read"
    [[ $version != - ]] || die "$1 has no list of clones from before $(iso "$2")"
    version=" VERSION AS OF $version"
  fi
  found=$(ask "SELECT layer, name, unix_timestamp(max(captured)) AS captured, max_by(version, captured) FILTER (WHERE captured IS NOT NULL) AS version,
    max_by(rows, captured) FILTER (WHERE captured IS NOT NULL) AS rows, unix_timestamp(min(run)) AS listed,
    max_by(source, captured) FILTER (WHERE captured IS NOT NULL) AS source
    FROM $log$version GROUP BY layer, name
    HAVING max(run) FILTER (WHERE captured IS NULL) = (SELECT max(run) FROM $log$version WHERE captured IS NULL)" |
    jq -r 'sort_by(.layer, .name)[] | "\(.layer).\(.name) \(.captured // "-") \(.version // "-") \(.rows // "-") \(.listed) \(.source // "-")"') ||
    die "the list of clones in $1 cannot be read"
  [[ -n $found ]] || die "$1 holds no table: no run of clones has ever listed one"
  printf '%s\n' "$found"
}

# served_from: since when people write into the clones, in seconds; 0 where they do not.
served_from() {
  ask "SELECT unix_timestamp(min(since)) AS since FROM $(of_clones "$COPY" serving)" | jq -re '.[0].since // "0" | tonumber'
}

# lake_serves SINCE: says beside the clones that people write into them from a moment on. A run of clones reads it first,
# and before each table: whoever deploys or opens the lost region meanwhile, nothing is cloned over what they write.
lake_serves() {
  local serving
  serving=$(of_clones "$COPY" serving)
  ask "INSERT INTO $serving SELECT '$OWN_REGION', timestamp_seconds($1) WHERE NOT EXISTS (SELECT 1 FROM $serving)" >/dev/null ||
    die "$COPY cannot be marked as serving: a run of clones would write over what people go on with"
  [[ $(served_from) != 0 ]] || die "$COPY is not marked as serving, although that was written"
}

# lake_served: nobody writes into the clones any more: runs may clone over them.
lake_served() {
  ask "DELETE FROM $(of_clones "$COPY" serving)" >/dev/null || die "$COPY cannot be unmarked: no run of clones would copy anything"
  [[ $(served_from) == 0 ]] || die "$COPY is still marked as serving, although that was taken away"
}

# lake_restore_secondary: the names that people know lead to the clones where they are: no byte is moved.
lake_restore_secondary() {
  local clones table captured version rows listed lost since oldest absent='' name
  lost=$(date -u -d "$(result "$path.fence" | jq -r .lost)" +%s)
  warehouse=$(warehouse_up) || exit 1
  clones=$(clones_in "$COPY") || exit 1
  # This page again, after people have written here: the loss is that of the first time.
  since=$(served_from) || die "nobody can tell whether $COPY serves already"
  if ((since > 0 && since < lost)); then lost=$since; fi
  oldest=$lost
  : >"$work/tables"
  while read -r table captured version rows listed _; do
    if [[ $captured == - ]]; then
      # All that it had is lost with it, since it is there.
      within_rpo "the list in which $table, never cloned to its end, came first" "$listed" "$lost"
      absent+=" $table"
      continue
    fi
    # Every table is as old as its own clone; the lake is as old as the oldest.
    within_rpo "the clone of $table" "$captured" "$lost"
    if ((captured < oldest)); then oldest=$captured; fi
    printf '%s\t%s\t%s\n' "$table" "$version" "$rows" >>"$work/tables"
  done <<<"$clones"
  [[ -s $work/tables ]] || die "no table in $COPY was ever cloned to its end"
  lake_serves "$lost"
  while read -r table _; do
    name=$(quoted "$CATALOG.$table") || exit 1
    ask "CREATE TABLE IF NOT EXISTS $name USING DELTA LOCATION '$(folder_of "$COPY" "$table")'" >/dev/null </dev/null || die "$table cannot be named in the secondary"
  done <"$work/tables"
  jq -Rn --arg holds "$(iso "$oldest")" --argjson age "$((lost - oldest))" --arg absent "${absent# }" '{$holds, ageSeconds: $age,
    absent: ($absent | split(" ")), tables: [inputs | split("\t") | {table: .[0], version: (.[1] | tonumber), rows: (.[2] | tonumber)}]}' <"$work/tables"
}

# lake_jobs PAUSED|UNPAUSED: sets the jobs of a workspace that clone tables or rewrite their files, and reads it back.
lake_jobs() {
  local name id
  for name in $LAKE_JOBS; do
    id=$(job_named "$name") || die "the workspace $DATABRICKS_URL has no job $name"
    databricks GET "/api/2.2/jobs/get?job_id=$id" | jq --arg status "$1" '{job_id, new_settings: {schedule: (.settings.schedule | .pause_status = $status)}}' >"$work/update" ||
      die "$name does not say when it runs"
    databricks POST /api/2.2/jobs/update "$work/update" >/dev/null || die "$name cannot be set $1"
    if [[ $1 == PAUSED ]]; then
      jq '{job_id}' "$work/update" >"$work/cancel"
      databricks POST /api/2.2/jobs/runs/cancel-all "$work/cancel" >/dev/null || die "the runs of $name cannot be ended"
    fi
    [[ $(databricks GET "/api/2.2/jobs/get?job_id=$id" | jq -r .settings.schedule.pause_status) == "$1" ]] || die "$name is not $1"
  done
}

# lake_rests: what writes in the lost region is paused, if its workspace answers within a minute. The accounts are closed to
# it in any case, and its clones refuse once this region serves.
lake_rests() {
  (
    DATABRICKS_URL=$PRIMARY_DATABRICKS_URL AZURE_SECONDS=10 AZURE_RETRIES=0 STEP_SECONDS=$((SECONDS + SAY_WITHIN + 60))
    lake_jobs PAUSED
    pipelines PAUSED
  ) || log "not all that writes in the lost region could be paused: its workspace does not answer, or a run does not end"
}

# lake_stop: nobody writes while tables are brought back.
lake_stop() {
  pipelines PAUSED
  jq -n --arg stopped "$(iso "$EPOCHSECONDS")" '{$stopped}'
}

# lake_find: of each damaged table the newest version before what is trusted, which must still be readable. Where nobody has
# named tables, one that is younger than that holds nothing that is trusted, and is left as it is.
lake_find_place() {
  local limit tables table version name rows young=''
  limit=$(trusted) || exit 1
  warehouse=$(warehouse_up) || exit 1
  tables=${DAMAGED_TABLES:-}
  if [[ -z $tables ]]; then tables=$(tables_named | awk '{ print $1 }') || exit 1; fi
  [[ -n $tables ]] || die "the catalog $CATALOG has no table"
  : >"$work/tables"
  for table in $tables; do
    name=$(quoted "$CATALOG.$table") || exit 1
    version=$(version_before "$name" "$limit") || die "the history of $table cannot be read"
    if [[ $version == - ]]; then
      # Its history goes back to when it was made.
      if [[ -z ${DAMAGED_TABLES:-} && $(version_of "$name" min) == 0 ]]; then
        log "$table was made after $(iso "$limit") and is left as it is: its owners look at it"
        young+=" $table"
        continue
      fi
      die "$table has no version before $(iso "$limit"): it is younger, or its history has ended; bring it from the clones under the lock"
    fi
    # Its files may be gone although its history names it.
    rows=$(rows_of "$CATALOG.$table" "$version") || die "version $version of $table cannot be read any more: bring it from the clones under the lock"
    printf '%s\t%s\t%s\n' "$table" "$version" "$rows" >>"$work/tables"
  done
  [[ -s $work/tables ]] || die "every table is younger than $(iso "$limit"): nothing can come back in place"
  jq -Rn --arg holds "$(iso "$limit")" --arg young "${young# }" '{$holds, young: ($young | split(" ")),
    tables: [inputs | split("\t") | {table: .[0], version: (.[1] | tonumber), rows: (.[2] | tonumber)}]}' <"$work/tables"
}

# lake_restore_place: a new version that is the chosen one; what was written since stays in the history.
lake_restore_place() {
  local table version name
  warehouse=$(warehouse_up) || exit 1
  while IFS=$'\t' read -r table version _; do
    name=$(quoted "$CATALOG.$table") || exit 1
    ask "RESTORE TABLE $name TO VERSION AS OF $version" >/dev/null </dev/null || die "$table cannot be restored to version $version"
  done < <(result "$path.find" | jq -r '.tables[] | [.table, .version, .rows] | @tsv')
  result "$path.find" | jq -c '{holds, tables: (.tables | length)}'
}

# checked TABLES [MOMENT]: what must be true of the content of tables, whatever brought them back, as far as their rows are of
# a moment or later, in seconds: what is trusted where none is given. CHECKS: lines "<table>\t<what>\t<SQL>", each of which
# counts rows that are wrong.
checked() {
  local table what statement wrong failed=0 from=${2:-}
  if [[ -z $from ]]; then from=$(trusted) || exit 1; fi
  from=$(date -u -d "@$from" '+%F %T')
  while IFS=$'\t' read -r table what statement; do
    [[ -n $table ]] || continue
    [[ " $1 " == *" $table "* ]] || continue
    wrong=$(ask "${statement//'{from}'/$from}" </dev/null | jq -re '.[0].wrong | tonumber') || die "$table cannot be checked: $what"
    if ((wrong > 0)); then
      log "$table: $wrong rows, $what"
      failed=1
    fi
  done <<<"$CHECKS"
  return "$failed"
}

# before_last MOMENT: CHECKED_SECONDS earlier: what was written last before a copy or a moment is where its end shows.
before_last() {
  whole CHECKED_SECONDS
  printf '%d' "$(($1 - CHECKED_SECONDS))"
}

# as_it_was FILE ELSE: each table has as many rows as FILE says, lines "<table>\t<rows>", and its content is sound; ELSE is
# what is left to do where it is not.
as_it_was() {
  local table wanted rows tables='' from
  from=$(trusted) || exit 1
  from=$(before_last "$from") || exit 1
  while IFS=$'\t' read -r table wanted; do
    rows=$(rows_of "$CATALOG.$table" </dev/null) || die "$table cannot be counted"
    ((rows == wanted)) || die "$table has $rows rows, what was to come back has $wanted: somebody still writes, or it was not brought back"
    tables+=" $table"
  done <"$1"
  checked "$tables" "$from" || die "what came back is not sound: $2"
  jq -n --arg tables "$tables" '{verified: ($tables | split(" ") | map(select(. != "")))}'
}

# lake_verify_place: what the versions had that were found.
lake_verify_place() {
  warehouse=$(warehouse_up) || exit 1
  result "$path.find" | jq -r '.tables[] | [.table, .rows] | @tsv' >"$work/wanted"
  as_it_was "$work/wanted" "choose an earlier RESTORE_BEFORE"
}

# lake_verify: the version of each table that was cloned, with the rows that its clone noted and content that is sound. What
# people have written since is not looked at: they may have begun.
lake_verify() {
  local table version wanted rows name checks tables='' from
  warehouse=$(warehouse_up) || exit 1
  from=$(result "$path.restore" | jq -r .holds) || die "restore of $path does not say which moment came back"
  from=$(before_last "$(date -u -d "$from" +%s)") || exit 1
  while IFS=$'\t' read -r table version wanted; do
    rows=$(rows_of "$CATALOG.$table" "$version" </dev/null) || die "$table cannot be read as it was cloned"
    ((rows == wanted)) || die "$table has $rows rows in version $version, which was cloned with $wanted"
    name=$(quoted "$CATALOG.$table") || exit 1
    checks=${CHECKS//"$name"/"$name VERSION AS OF $version"}
    CHECKS=$checks checked "$table" "$from" || die "what came back is not sound: an earlier clone is in the history of each table"
    tables+=" $table"
  done < <(result "$path.restore" | jq -r '.tables[] | [.table, .version, .rows] | @tsv')
  jq -n --arg tables "$tables" '{verified: ($tables | split(" ") | map(select(. != "")))}'
}

# lake_resume: the pipelines write again, from where the tables now end.
lake_resume() {
  warehouse=$(warehouse_up) || exit 1
  begin_anew
  pipelines UNPAUSED
  pipelines_live
  jq -n '{pipelines: "UNPAUSED"}'
}

# lake_restore_room: shallow clones of what lies under the lock, as each table was before what is trusted. Unity Catalog clones
# an external table to an external table, and no path: each gets a name where it is locked, and its clone a place in the room.
lake_restore_room() {
  local limit clones table captured version rows listed absent='' name locked schema
  need ROOM_ACCOUNT
  limit=$(trusted) || exit 1
  warehouse=$(warehouse_up) || exit 1
  clones=$(clones_in "$LOCKED" "$limit") || exit 1
  : >"$work/tables"
  while read -r table captured version rows listed _; do
    if [[ $captured == - ]]; then
      log "$table was found by a run at $(iso "$listed"), and not cloned before $(iso "$limit")"
      absent+=" $table"
      continue
    fi
    name=$(quoted "$CATALOG.$table") || exit 1
    locked=$(quoted "$CATALOG.locked.${table/./_}") || exit 1
    for schema in locked "${table%%.*}"; do
      ask "CREATE SCHEMA IF NOT EXISTS $(quoted "$CATALOG.$schema")" >/dev/null </dev/null || die "the schema $schema cannot be made"
    done
    ask "CREATE TABLE IF NOT EXISTS $locked USING DELTA LOCATION '$(folder_of "$LOCKED" "$table")'" >/dev/null </dev/null ||
      die "$table cannot be named where it is locked: the room has an external location there, in which this identity may make tables"
    ask "CREATE OR REPLACE TABLE $name SHALLOW CLONE $locked VERSION AS OF $version LOCATION '$(folder_of "$ROOM_ACCOUNT" "$table")'" >/dev/null </dev/null ||
      die "version $version of $table cannot be cloned into the room: bring back what was deleted of it under the lock, as the page of this path says"
    # The table of the room has a history of its own.
    version=$(newest_version "$name" </dev/null) || die "$table has no history in the room"
    printf '%s\t%s\t%s\n' "$table" "$version" "$rows" >>"$work/tables"
  done <<<"$clones"
  [[ -s $work/tables ]] || die "no table in $LOCKED was cloned before $(iso "$limit")"
  jq -Rn --arg holds "$(iso "$limit")" --arg absent "${absent# }" '{$holds, absent: ($absent | split(" ")),
    tables: [inputs | split("\t") | {table: .[0], version: (.[1] | tonumber), rows: (.[2] | tonumber)}]}' <"$work/tables"
}
