#!/usr/bin/env bash
# dump.sh: takes a dump of the database, with what it must hold counted in the same snapshot, and puts it, checked and
# locked, in the bucket of the other region.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/sites.sh
source "$JOBS_DIR/sites.sh"

need ASSET BUCKET BUCKET_REGION PREFIX PUSHGATEWAY_URL AWS_REGION DB_INSTANCE DB_SECRET REFERENCES_SQL
whole REQUIRED_LOCK_DAYS
only_where_it_serves
: "${COUNTED_TABLES:=50}" "${ROLE:=full}"
work=$(mktemp -d "$SCRATCH_DIR/dump.XXXXXX")
holder=''
clean() {
  if [[ -n $holder ]]; then kill "$holder" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 143' TERM INT
started=$(date +%s)

reach_database "$work"
# Before the snapshot: the point must not claim a moment that it does not hold.
capture=$(stamp now)
coproc HOLDER { sql; }
holder=$HOLDER_PID
printf "set idle_in_transaction_session_timeout = 0;\nbegin isolation level repeatable read, read only;\nselect pg_export_snapshot();\n" >&"${HOLDER[1]}"
IFS= read -rt 60 snapshot <&"${HOLDER[0]}" || die "the database gives no snapshot"

count_rows "$snapshot" "$COUNTED_TABLES" >"$work/tables" || die "the tables cannot be counted"
[[ -s $work/tables ]] || die "the database $DB_NAME has no table: nothing is dumped"
list_references "$snapshot" >"$work/references" || die "what the database refers to cannot be listed"
pg_dump --format directory --jobs "$WORK_JOBS" --snapshot "$snapshot" --lock-wait-timeout 300s --no-password \
  --file "$work/dump" "$DB_NAME" || die "pg_dump failed: nothing is kept of it"
version=$(sql <<<'show server_version')
kill -0 "$holder" 2>/dev/null || die "the session that held the snapshot ended before the dump did"

# Before it is sent: a dump that is empty or cut short must not become the newest.
pg_restore --list "$work/dump" | awk '$4 == "TABLE" && $5 == "DATA" { print $3 }' >"$work/dumped" ||
  die "the dump cannot be read"
absent=$(awk -F '\t' 'FILENAME == ARGV[1] { dumped[$1]; next } !($1 in dumped) { print $2 }' "$work/dumped" "$work/tables")
[[ -z $absent ]] || die "the dump holds no data of ${absent//$'\n'/, }"

# send NAME: stdin in parts that one upload takes; their lines go to $work/NAME.parts.
send() {
  local number=0
  while :; do
    head -c "$PART_BYTES" >"$work/part" || return 1
    [[ -s $work/part ]] || return 0
    put "$work/part" "$(printf '%s/dumps/%s/%s.%04d' "$PREFIX" "$capture" "$1" "$number")" >>"$work/$1.parts" || return 1
    number=$((number + 1))
  done
}
tar --sort=name --owner=0 --group=0 --numeric-owner -C "$work/dump" -cf - . | send dump || die "the dump was not uploaded whole"
gzip -nc "$work/references" | send references || die "the references were not uploaded whole"

jq -n --rawfile dump "$work/dump.parts" --rawfile references "$work/references.parts" --argjson tables "$(as_tables <"$work/tables")" \
  --argjson count "$(wc -l <"$work/references")" --arg asset "$ASSET" --arg point "$capture" --arg capture "$(iso_of "$capture")" \
  --arg ended "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg database "$DB_NAME" --arg version "$version" '
  def parts: split("\n") | map(select(. != "") | split("\t")
    | {key: .[0], versionId: .[1], size: (.[2] | tonumber), sha256: .[3]});
  {format: 1, asset: $asset, point: $point, capture: $capture, ended: $ended, database: $database, postgres: $version,
    tables: $tables, references: {count: $count, parts: ($references | parts)}, dump: ($dump | parts)}' >"$work/manifest.json"
# The last object of a run: only now the dump exists.
put "$work/manifest.json" "$PREFIX/points/$capture.json" >/dev/null
bytes=$(jq '[.dump[].size] | add' "$work/manifest.json")
log "dumped $(jq -c .tables "$work/manifest.json"), $(jq .references.count "$work/manifest.json") references, $bytes bytes"

push "$ROLE" <<METRICS
holdfast_capture_timestamp_seconds{asset="$ASSET",role="$ROLE"} $(epoch_of "$capture")
holdfast_run_seconds{asset="$ASSET",role="$ROLE"} $(($(date +%s) - started))
holdfast_backup_bytes{asset="$ASSET",role="$ROLE"} $bytes
METRICS
