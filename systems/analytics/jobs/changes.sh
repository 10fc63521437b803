# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # failback.sh sources what belongs together
# What was written where the clones serve, on its way back to where they were cloned from; nothing here acts until it is
# called. The list of clones says of each table which version here and which there hold the same. A round brings back what
# changed since, row by row, and notes the next pair; one that ended early begins again from the last pair.

# lake_round [READY]: brings back every table, and prints how much there was to bring. READY is what the step ready has noted: what
# the first region does not name there is copied whole, once.
lake_round() {
  local clones tables table captured known ready=${1:-null} changed='' copied=''
  tables=$(tables_here) || exit 1
  listed_anew "$tables"
  clones=$(clones_in "$COPY") || exit 1
  for table in $tables; do
    read -r captured known < <(awk -v table="$table" '$1 == table { print $2, $3, $6 }' <<<"$clones") || known=''
    # What was made here has no version there.
    if [[ -z $known || $known == *-* ]] || gone_there "$table" "$captured" "$ready"; then
      copied_back "$table"
      copied+=" $table"
    elif brought_back "$table" "${known% *}" "${known#* }"; then
      changed+=" $table"
    fi
  done
  jq -n --arg changed "${changed# }" --arg copied "${copied# }" '{changed: ($changed | split(" ")), copied: ($copied | split(" "))}'
}

# tables_here: "<layer>.<table>" of all that people have where the clones serve.
tables_here() {
  local found
  found=$(tables_named | awk '{ print $1 }') || exit 1
  [[ -n $found ]] || die "the catalog $CATALOG has no table: lake-in-secondary has not named the clones"
  printf '%s\n' "$found"
}

# gone_there TABLE CAPTURED READY: the first region had no such table when the way back began, and no round has copied it since.
gone_there() {
  jq -e --arg table "$1" --argjson captured "$2" '. != null and (.tables | index([$table]) == null) and $captured < (.at | fromdate)' <<<"$3" >/dev/null
}

# brought_back TABLE HERE THERE: what changed here since version HERE, which is version THERE of the other region. What had
# been written there since, and was never cloned, stays in the history of that table. As much goes at once as was written in
# AT_ONCE seconds: a statement that is ended leaves nothing, and Databricks ends each. Returns 1 where nothing changed.
brought_back() {
  local table=$1 from=$2 name there now to at since=$EPOCHSECONDS changes kinds all=''
  whole AT_ONCE
  name=$(quoted "$CATALOG.$table") || exit 1
  there="delta.\`$(folder_of "$WRITTEN" "$table")\`"
  now=$(newest_version "$name") || die "$table has no history here"
  to=$(newest_version "$there") || die "$table has no history in $WRITTEN"
  if ((to != $3)); then ask "RESTORE TABLE $there TO VERSION AS OF $3" >/dev/null || die "$table cannot be set in $WRITTEN to version $3, which was cloned"; fi
  if ((from == now)); then
    same_rows "$table" "$name" "$there" "$now" "$since"
    return 1
  fi
  while ((from < now)); do
    at=$(ask "SELECT unix_timestamp(min(timestamp)) AS at FROM (DESCRIBE HISTORY $name) WHERE version > $from" | jq -re --argjson more "$AT_ONCE" '.[0].at | tonumber + $more') ||
      die "the history of $table since version $from cannot be read"
    to=$(version_of "$name" max "version <= $now AND timestamp <= timestamp_seconds($at)") || die "the history of $table before version $now cannot be read"
    [[ $to != - && $to -gt $from ]] || die "the history of $table goes back in time after version $from"
    ((to < now)) || at=$since
    changes="table_changes('$CATALOG.$table', $((from + 1)), $to)"
    kinds=$(ask "SELECT DISTINCT _change_type AS kind FROM $changes" | jq -r '[.[].kind] | sort | join(" ")') || die "what changed of $table since version $from cannot be read"
    case $kinds in
      '') ;; # files were put together
      insert) ask "INSERT INTO $there SELECT * EXCEPT (_change_type, _commit_version, _commit_timestamp) FROM $changes" >/dev/null || die "what was added to $table cannot be added in $WRITTEN" ;;
      *)
        if ! by_date "$name"; then
          copied_back "$table"
          return 0
        fi
        days_back "$table" "$name" "$there" "$changes" "$to"
        ;;
    esac
    same_rows "$table" "$name" "$there" "$to" "$at"
    all+=$kinds
    from=$to
  done
  [[ -n $all ]]
}

# by_date NAME: the table is divided by date, and by nothing else.
by_date() {
  local columns
  columns=$(ask "DESCRIBE DETAIL $1" | jq -r '.[0].partitionColumns | fromjson | join(" ")') || die "$1 does not say how it is divided"
  [[ $columns == date ]]
}

# days_back TABLE NAME THERE CHANGES VERSION: rows were changed or deleted: each day that has such a row is replaced whole.
days_back() {
  local days
  days=$(ask "SELECT DISTINCT CAST(date AS string) AS day FROM $4" | jq -r '[.[] | "DATE\u0027\(.day)\u0027"] | join(", ")') || die "the days of $1 that changed cannot be read"
  ask "INSERT INTO $3 REPLACE WHERE date IN ($days) SELECT * FROM $2 VERSION AS OF $5 WHERE date IN ($days)" >/dev/null || die "days of $1 cannot be replaced in $WRITTEN: $days"
}

# copied_back TABLE: all of it, which takes as long as its bytes do at COPY_RATE; refused where neither this step nor a statement
# has that long.
copied_back() {
  local table=$1 name there now since=$EPOCHSECONDS bytes takes left
  whole COPY_RATE STATEMENT_SECONDS
  left=$(time_left)
  if ((left > STATEMENT_SECONDS)); then left=$STATEMENT_SECONDS; fi
  name=$(quoted "$CATALOG.$table") || exit 1
  there="delta.\`$(folder_of "$WRITTEN" "$table")\`"
  bytes=$(ask "DESCRIBE DETAIL $name" | jq -re '.[0].sizeInBytes | tonumber') || die "$table does not say how large it is"
  takes=$((bytes / COPY_RATE))
  ((takes <= left)) || die "$table must be copied whole: $bytes bytes take $(spell "$takes"), and there is time for $(spell "$left"); its owner brings it back beside this page, or leaves it by dropping it here"
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
