# shellcheck shell=bash
# shellcheck disable=SC2154 # export.sh makes the folder work
# analytics/logs: <table>.jsonl.gz for each table, with the lines that came in since the last copy; together the copies hold
# every line. window.json says from when to when.

need WORKSPACE TABLES LOGS_URL
whole KEEP_DAYS

# How long a line may take from coming in to being found.
: "${SETTLE:=1800}"

collect() {
  local table from until last
  until=$((EPOCHSECONDS - SETTLE))
  from=$((until - KEEP_DAYS * 86400))
  if last=$(point_before now); then
    point_fetch "$last" "$work/last"
    from=$(jq -e .until "$work/last/window.json") || return 1
  fi
  for table in $TABLES; do
    lines_of "$table" "$from" "$until" | gzip -n >"$1/$table.jsonl.gz" || return 1
  done
  jq -n --argjson from "$from" --argjson until "$until" '{$from, $until}' >"$1/window.json"
}

# lines_of TABLE FROM UNTIL: every line that came in, by the day; an answer that would be cut short is asked for in halves.
lines_of() {
  local from=$2 until
  while ((from < $3)); do
    until=$((from + 86400 < $3 ? from + 86400 : $3))
    slice "$1" "$from" "$until" || return 1
    from=$until
  done
}

slice() {
  local middle=$((($2 + $3) / 2))
  if logs_query "$WORKSPACE" "$1 | where ingestion_time() >= datetime($(iso "$2")) and ingestion_time() < datetime($(iso "$3"))" 2>"$work/refused" >"$work/rows"; then
    jq -c '.[]' "$work/rows"
    return
  fi
  grep -q 'only a part' "$work/refused" || { cat "$work/refused" >&2 && return 1; }
  ((middle > $2)) || { log "$1: a second of lines is more than one answer holds" && return 1; }
  slice "$1" "$2" "$middle" && slice "$1" "$middle" "$3"
}

check() {
  local table rows total=0
  for table in $TABLES; do
    rows=$(gzip -dc "$1/$table.jsonl.gz" | wc -l) || return 1
    total=$((total + rows))
    jq -n --arg table "$table" --argjson rows "$rows" '{($table): $rows}' || return 1
  done >"$work/counts"
  # A platform that logs nothing for a day does not exist: who collects has stopped.
  ((total > 0)) || { log "no table has taken a line" && return 1; }
  jq -s add "$work/counts"
}

told() { :; }
