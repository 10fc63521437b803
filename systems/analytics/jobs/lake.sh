# shellcheck shell=bash
# shellcheck disable=SC2034 # warehouse is read by ask
# The lake: tables of the layers, in place, in the other region and in a clean room; nothing here acts until it is called.

# folders_in ACCOUNT: "<layer>.<table>" of every folder of a table below the layers.
folders_in() {
  local layer page url
  # shellcheck disable=SC2059 # the declared address is a pattern
  url=$(printf "$DFS_URL" "$1")
  for layer in $LAYERS; do
    page=$(azure_call "tables of $1/$layer" https://storage.azure.com GET "$url/$TABLES?resource=filesystem&recursive=false&directory=$layer" '' --header 'x-ms-version: 2023-11-03') || return
    jq -r '.paths[]? | select(.isDirectory == "true") | .name | gsub("/"; ".")' <<<"$page" || return 1
  done
}

# newest_clone TABLE: "<version> <seconds>" of the last clone in its history that had ended before MOMENT (seconds).
clone_before() {
  ask "DESCRIBE HISTORY delta.\`$1\`" | jq -re --argjson limit "$2" '[.[] | select(.operation == "CLONE")
    | {version: (.version | tonumber), at: (.timestamp | sub("\\.[0-9]+"; "") | sub(" "; "T") | sub("Z?$"; "Z") | fromdate)} | select(.at <= $limit)]
    | max_by(.version) // empty | "\(.version) \(.at)"'
}

# lake_restore_secondary: the names that people know lead to the clones where they are: no byte is moved.
lake_restore_secondary() {
  local tables table found lost oldest=$EPOCHSECONDS count=0 name location
  lost=$(date -u -d "$(result "$path.fence" | jq -r .lost)" +%s)
  warehouse=$(warehouse_up) || exit 1
  tables=$(folders_in "$COPY") || die "the clones in $COPY cannot be listed"
  [[ -n $tables ]] || die "$COPY holds no table"
  : >"$work/tables"
  for table in $tables; do
    location="abfss://$TABLES@$COPY.dfs.core.windows.net/${table/.//}"
    found=$(clone_before "$location" "$EPOCHSECONDS") || die "$table in $COPY was never cloned to its end"
    if ((${found##* } < oldest)); then oldest=${found##* }; fi
    name=$(quoted "$CATALOG.$table") || exit 1
    ask "CREATE TABLE IF NOT EXISTS $name USING DELTA LOCATION '$location'" >/dev/null || die "$table cannot be named in the secondary"
    printf '%s\t%s\n' "$table" "${found%% *}" >>"$work/tables"
    count=$((count + 1))
  done
  # Every table is as old as its own clone; the lake is as old as the oldest.
  within_rpo "the oldest clone" "$oldest" "$lost"
  jq -Rn --arg holds "$(iso "$oldest")" --argjson age "$((lost - oldest))" '{$holds, ageSeconds: $age, tables: [inputs | split("\t") | {table: .[0], version: (.[1] | tonumber)}]}' <"$work/tables"
}

# lake_stop: nobody writes while tables are brought back.
lake_stop() {
  pipelines PAUSED
  jq -n --arg stopped "$(iso "$EPOCHSECONDS")" '{$stopped}'
}

# lake_find: of each damaged table the newest version before what is trusted, which must still be readable.
lake_find_place() {
  local limit tables table version name
  limit=$(trusted) || exit 1
  warehouse=$(warehouse_up) || exit 1
  tables=${DAMAGED_TABLES:-$(ask "SELECT table_schema, table_name FROM \`$CATALOG\`.information_schema.tables WHERE table_schema IN ('${LAYERS// /\', \'}')" | jq -r '.[] | "\(.table_schema).\(.table_name)"')}
  [[ -n $tables ]] || die "the catalog $CATALOG has no table"
  : >"$work/tables"
  for table in $tables; do
    name=$(quoted "$CATALOG.$table") || exit 1
    version=$(ask "DESCRIBE HISTORY $name" | jq -re --argjson limit "$limit" '[.[] | {version: (.version | tonumber),
      at: (.timestamp | sub("\\.[0-9]+"; "") | sub(" "; "T") | sub("Z?$"; "Z") | fromdate)} | select(.at <= $limit)] | max_by(.version) // empty | .version') ||
      die "$table has no version before $(iso "$limit"): it is younger, or its history has ended; bring it from the clones under the lock"
    # Its files may be gone although its history names it.
    rows=$(rows_of "$CATALOG.$table" "$version") || die "version $version of $table cannot be read any more: bring it from the clones under the lock"
    printf '%s\t%s\t%s\n' "$table" "$version" "$rows" >>"$work/tables"
  done
  jq -Rn --arg holds "$(iso "$limit")" '{$holds, tables: [inputs | split("\t") | {table: .[0], version: (.[1] | tonumber), rows: (.[2] | tonumber)}]}' <"$work/tables"
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

# checked: what must be true of the content of tables, whatever brought them back. CHECKS: lines "<table>\t<what>\t<SQL>",
# each of which counts rows that are wrong.
checked() {
  local table what statement wrong failed=0
  while IFS=$'\t' read -r table what statement; do
    [[ -n $table ]] || continue
    [[ " $1 " == *" $table "* ]] || continue
    wrong=$(ask "$statement" </dev/null | jq -re '.[0].wrong | tonumber') || die "$table cannot be checked: $what"
    if ((wrong > 0)); then
      log "$table: $wrong rows, $what"
      failed=1
    fi
  done <<<"$CHECKS"
  return "$failed"
}

# as_it_was FILE ELSE: each table has as many rows as FILE says, lines "<table>\t<rows>", and its content is sound; ELSE is
# what is left to do where it is not.
as_it_was() {
  local table wanted rows tables=''
  while IFS=$'\t' read -r table wanted; do
    rows=$(rows_of "$CATALOG.$table" </dev/null) || die "$table cannot be counted"
    ((rows == wanted)) || die "$table has $rows rows, what was to come back has $wanted: somebody still writes, or it was not brought back"
    tables+=" $table"
  done <"$1"
  checked "$tables" || die "what came back is not sound: $2"
  jq -n --arg tables "$tables" '{verified: ($tables | split(" ") | map(select(. != "")))}'
}

# lake_verify_place: what the versions had that were found.
lake_verify_place() {
  warehouse=$(warehouse_up) || exit 1
  result "$path.find" | jq -r '.tables[] | [.table, .rows] | @tsv' >"$work/wanted"
  as_it_was "$work/wanted" "choose an earlier RESTORE_BEFORE"
}

# lake_verify: what the clones have that tables were named after, where they lie.
lake_verify() {
  local table version wanted
  warehouse=$(warehouse_up) || exit 1
  result "$path.restore" | jq -r '.tables[] | [.table, .version] | @tsv' >"$work/cloned"
  while IFS=$'\t' read -r table version; do
    wanted=$(rows_of "$CATALOG.$table" "$version" </dev/null) || die "$table cannot be read as it was cloned"
    printf '%s\t%s\n' "$table" "$wanted"
  done <"$work/cloned" >"$work/wanted"
  as_it_was "$work/wanted" "an earlier clone is in the history of each table"
}

# lake_resume: the pipelines write again, from where the tables now end.
lake_resume() {
  warehouse=$(warehouse_up) || exit 1
  begin_anew
  pipelines UNPAUSED
  pipelines_live
  jq -n '{pipelines: "UNPAUSED"}'
}

# lake_restore_room: shallow clones of what lies under the lock, as each table was before what is trusted.
lake_restore_room() {
  local limit tables table found name location
  limit=$(trusted) || exit 1
  warehouse=$(warehouse_up) || exit 1
  tables=$(folders_in "$LOCKED") || die "the clones in $LOCKED cannot be listed"
  [[ -n $tables ]] || die "$LOCKED holds no table"
  : >"$work/tables"
  for table in $tables; do
    location="abfss://$TABLES@$LOCKED.dfs.core.windows.net/${table/.//}"
    found=$(clone_before "$location" "$limit") || die "$table has no clone before $(iso "$limit") that can be read: bring back what was deleted of it under the lock, as the page of this path says"
    name=$(quoted "$CATALOG.$table") || exit 1
    ask "CREATE SCHEMA IF NOT EXISTS $(quoted "$CATALOG.${table%%.*}")" >/dev/null || die "the schema of $table cannot be made"
    ask "CREATE OR REPLACE TABLE $name SHALLOW CLONE delta.\`$location\` VERSION AS OF ${found%% *}" >/dev/null || die "$table cannot be cloned into the room"
    printf '%s\t%s\n' "$table" 0 >>"$work/tables"
  done
  jq -Rn --arg holds "$(iso "$limit")" '{$holds, tables: [inputs | split("\t") | {table: .[0], version: (.[1] | tonumber)}]}' <"$work/tables"
}
