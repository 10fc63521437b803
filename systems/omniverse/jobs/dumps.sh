# shellcheck shell=bash
# Dumps in the bucket, and a server of the pod's own that they are restored into.

# shellcheck source=systems/omniverse/jobs/pages.sh
source "$JOBS_DIR/pages.sh"

EXPECTED_OF_DUMP='(.dump | length > 0) and (.references.parts | length > 0) and (.tables | length > 0)'
scratch_server='' scratch_sockets=''

# parts MANIFEST FILTER: writes out the content of the parts one after the other, each checked; by version, so that a
# later overwrite or delete marker under the same key changes nothing.
parts() {
  local key version sum part
  part=$(mktemp "$SCRATCH_DIR/part.XXXXXX") || return 1
  while IFS=' ' read -r version sum key; do
    s3 get-object --bucket "$BUCKET" --key "$key" --version-id "$version" "$part" >/dev/null || die "cannot read $key"
    [[ $(sha256_of "$part") == "$sum" ]] || die "$key is damaged: its SHA-256 is not the one in the manifest"
    cat "$part" || return 1
  done < <(jq -r "$2[] | \"\\(.versionId) \\(.sha256) \\(.key)\"" "$1")
  rm -f "$part"
}

# fetch_references DIR: DIR/references of DIR/manifest.json, which must be as many as were listed.
fetch_references() {
  parts "$1/manifest.json" .references.parts | gzip -dc >"$1/references" || die "the references of point $(jq -r .point "$1/manifest.json") cannot be read"
  [[ $(wc -l <"$1/references") == "$(jq .references.count "$1/manifest.json")" ]] ||
    die "the references of point $(jq -r .point "$1/manifest.json") are not whole"
}

# fetch_dump "<capture> <version>" DIR: DIR/manifest.json, DIR/references and the archive in DIR/dump.
fetch_dump() {
  local bytes
  mkdir -p "$2/dump"
  EXPECTED=$EXPECTED_OF_DUMP fetch_manifest "$1" "$2/manifest.json"
  bytes=$(jq '[.dump[].size] | add' "$2/manifest.json")
  # One part lies there beside what was unpacked of it.
  (($(bytes_free "$2") > bytes + bytes / 10)) || die "$SCRATCH_DIR has no room for the $bytes bytes of point ${1%% *}"
  parts "$2/manifest.json" .dump | tar -xf - --no-same-owner --no-same-permissions -C "$2/dump" ||
    die "dump ${1%% *} could not be fetched whole"
  fetch_references "$2"
}

# start_scratch DIR: an empty PostgreSQL of this pod alone, and all that follows connects to it.
start_scratch() {
  scratch_sockets=$(mktemp -d "$RUN_DIR/pg.XXXXXX")
  unset PGPORT PGPASSFILE PGSSLMODE PGSSLROOTCERT
  export PGHOST=$scratch_sockets PGUSER=nucleus
  initdb --pgdata "$1/server" --username "$PGUSER" --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync >/dev/null ||
    die "no scratch server could be made"
  scratch_server=$1/server
  # What is lost with the pod need not be durable.
  pg_ctl start --pgdata "$scratch_server" --wait --timeout 120 --log "$1/server.log" --options \
    "-c listen_addresses='' -c unix_socket_directories='$scratch_sockets' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_wal_size=8GB -c maintenance_work_mem=512MB" >&2 ||
    die "the scratch server does not start: $(tail -n 3 "$1/server.log")"
}

# stop_scratch: can be called at any moment, and again.
stop_scratch() {
  if [[ -n $scratch_server ]]; then pg_ctl stop --pgdata "$scratch_server" --mode immediate >/dev/null 2>&1 || true; fi
  if [[ -n $scratch_sockets ]]; then rm -rf "$scratch_server" "$scratch_sockets"; fi
  scratch_server='' scratch_sockets=''
}

# restore_dump DIR: what fetch_dump brought, into the server that psql connects to, in a new database DB_NAME.
restore_dump() {
  SQL_DATABASE=postgres sql <<<"create database \"$DB_NAME\" template template0" || return 1
  # Extensions belong to RDS where it makes them: whoever restores there may not comment on one, and may do the rest.
  pg_restore --list "$1/dump" | sed '/^[0-9]*; [0-9]* [0-9]* COMMENT - EXTENSION /d' >"$1/contents" || return 1
  # The roles of the source are not part of a dump.
  pg_restore --exit-on-error --no-owner --no-privileges --use-list "$1/contents" --jobs "$WORK_JOBS" --dbname "$DB_NAME" "$1/dump" >&2
}

# confirm_dump DIR: the restored database holds what was counted in the snapshot that the dump was taken of.
confirm_dump() {
  local point counts differ
  point=$(jq -r .point "$1/manifest.json")
  counts=$(count_rows '' 2147483647 | as_tables) || die "the tables of point $point cannot be counted"
  differ=$(jq -r --argjson now "$counts" '.tables | to_entries[] | select(.value != $now[.key])
    | "\(.key): \($now[.key] // "missing") rows, \(.value) were dumped"' "$1/manifest.json")
  [[ -z $differ ]] || die "point $point restored is not what was dumped: ${differ//$'\n'/; }"
  list_references '' | cmp -s - "$1/references" || die "point $point restored refers to other objects than were listed"
  look_at_restored "point $point restored" "point $point restored is damaged: see pg_amcheck above"
}
