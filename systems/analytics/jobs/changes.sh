# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # failback.sh sources what belongs together
# What was written where the clones serve, on its way back to where they were cloned from; nothing here acts until it is
# called. The list of clones says of each table which version here and which there hold the same. A round brings back what
# changed since, row by row, and notes the next pair; one that ended early begins again from the last pair.

# lake_round: brings back every table, and prints how much there was to bring.
lake_round() {
  local clones tables table known changed='' copied=''
  tables=$(tables_here) || exit 1
  listed_anew "$tables"
  clones=$(clones_in "$COPY") || exit 1
  for table in $tables; do
    known=$(awk -v table="$table" '$1 == table { print $3, $6 }' <<<"$clones")
    # What was made here has no version there, and all of it is copied.
    if [[ -z $known || $known == *-* ]]; then
      copied_back "$table"
      copied+=" $table"
    elif brought_back "$table" "${known% *}" "${known#* }"; then
      changed+=" $table"
    fi
  done
  jq -n --arg changed "${changed# }" --arg copied "${copied# }" '{changed: ($changed | split(" ")), copied: ($copied | split(" "))}'
}

# tables_here: "<layer>.<table>" of all that the catalog has in the layers.
tables_here() {
  local found
  found=$(ask "SELECT table_schema, table_name FROM \`$CATALOG\`.information_schema.tables WHERE table_schema IN ('${LAYERS// /\', \'}') AND data_source_format = 'DELTA'" |
    jq -r '.[] | "\(.table_schema).\(.table_name)"') || die "the tables of $CATALOG cannot be listed"
  [[ -n $found ]] || die "the catalog $CATALOG has no table: lake-in-secondary has not named the clones"
  printf '%s\n' "$found"
}

# brought_back TABLE HERE THERE: what changed here since version HERE, which is version THERE of the other region. What had
# been written there since, and was never cloned, stays in the history of that table. Returns 1 where nothing changed.
brought_back() {
  local table=$1 name there now since=$EPOCHSECONDS changes kinds
  name=$(quoted "$CATALOG.$table") || exit 1
  there="delta.\`$(folder_of "$WRITTEN" "$table")\`"
  now=$(newest_version "$name") || die "$table has no history here"
  kinds=$(newest_version "$there") || die "$table has no history in $WRITTEN"
  if ((kinds != $3)); then ask "RESTORE TABLE $there TO VERSION AS OF $3" >/dev/null || die "$table cannot be set in $WRITTEN to version $3, which was cloned"; fi
  kinds=''
  if ((now > $2)); then
    changes="table_changes('$CATALOG.$table', $(($2 + 1)), $now)"
    kinds=$(ask "SELECT DISTINCT _change_type AS kind FROM $changes" | jq -r '[.[].kind] | sort | join(" ")') || die "what changed of $table since version $2 cannot be read"
    case $kinds in
      '') ;; # files were put together
      insert) ask "INSERT INTO $there SELECT * EXCEPT (_change_type, _commit_version, _commit_timestamp) FROM $changes" >/dev/null || die "what was added to $table cannot be added in $WRITTEN" ;;
      *) days_back "$table" "$name" "$there" "$changes" "$now" ;;
    esac
  fi
  same_rows "$table" "$name" "$there" "$now" "$since"
  [[ -n $kinds ]]
}

# days_back TABLE NAME THERE CHANGES VERSION: rows were changed or deleted: each day that has such a row is replaced whole.
days_back() {
  local days
  if [[ $(ask "DESCRIBE DETAIL $2" | jq -r '.[0].partitionColumns | fromjson | join(" ")') != date ]]; then
    copied_back "$1"
    return
  fi
  days=$(ask "SELECT DISTINCT CAST(date AS string) AS day FROM $4" | jq -r '[.[] | "DATE\u0027\(.day)\u0027"] | join(", ")') || die "the days of $1 that changed cannot be read"
  ask "INSERT INTO $3 REPLACE WHERE date IN ($days) SELECT * FROM $2 VERSION AS OF $5 WHERE date IN ($days)" >/dev/null || die "days of $1 cannot be replaced in $WRITTEN: $days"
}

# copied_back TABLE: all of it, which takes as long as its bytes do at COPY_RATE; refused where this step has not that long.
copied_back() {
  local table=$1 name there now since=$EPOCHSECONDS bytes takes
  whole COPY_RATE
  name=$(quoted "$CATALOG.$table") || exit 1
  there="delta.\`$(folder_of "$WRITTEN" "$table")\`"
  bytes=$(ask "DESCRIBE DETAIL $name" | jq -re '.[0].sizeInBytes | tonumber') || die "$table does not say how large it is"
  takes=$((bytes / COPY_RATE))
  ((takes <= $(time_left))) || die "$table must be copied whole: $bytes bytes take $(spell "$takes"), and this step has $(spell "$(time_left)") left; its owner brings it back beside this page, or leaves it by dropping it here"
  now=$(newest_version "$name") || die "$table has no history here"
  ask "CREATE OR REPLACE TABLE $there DEEP CLONE $name VERSION AS OF $now" >/dev/null || die "$table cannot be copied to $WRITTEN"
  same_rows "$table" "$name" "$there" "$now" "$since"
}

# same_rows TABLE NAME THERE VERSION SINCE: both have as many, and from now on are a pair that holds the same.
same_rows() {
  local here there version
  here=$(ask "SELECT count(*) AS rows FROM $2 VERSION AS OF $4" | jq -re '.[0].rows | tonumber') || die "$1 cannot be counted"
  there=$(ask "SELECT count(*) AS rows FROM $3" | jq -re '.[0].rows | tonumber') || die "$1 cannot be counted in $WRITTEN"
  ((here == there)) || die "$1 has $there rows in $WRITTEN, here $here: somebody still writes there"
  version=$(newest_version "$3") || die "$1 has no history in $WRITTEN"
  ask "INSERT INTO $(of_clones "$COPY" clones) VALUES (timestamp_seconds($5), '${1%%.*}', '${1#*.}', timestamp_seconds($5), $4, $version, $here)" >/dev/null ||
    die "that $1 is brought back cannot be noted"
}

# sound_there TABLE: what was brought back last has content that is sound.
sound_there() {
  local name from
  name=$(quoted "$CATALOG.$1") || exit 1
  from=$(before_last "$EPOCHSECONDS") || exit 1
  CHECKS=${CHECKS//"$name"/"delta.\`$(folder_of "$WRITTEN" "$1")\`"} checked "$1" "$from"
}

# listed_anew TABLES: these are what a failover brings back, until a run of clones makes a list of its own.
listed_anew() {
  local rows
  rows=$(awk -F . -v run="timestamp_seconds($EPOCHSECONDS)" '{ printf "%s(%s, \047%s\047, \047%s\047, NULL, NULL, NULL, NULL)", (NR > 1 ? ", " : ""), run, $1, $2 }' <<<"$1")
  ask "INSERT INTO $(of_clones "$COPY" clones) VALUES $rows" >/dev/null || die "the list of tables cannot be noted"
}
