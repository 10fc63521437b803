#!/usr/bin/env bash
# drill.sh database|assets: rehearses the recovery where it would run: of the newest pair that fits together the dump, or
# dump and assets and what serves them, into scratch. Prints one line of JSON. Ends with 0 only when all was verified.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/sites.sh
source "$JOBS_DIR/sites.sh"
# shellcheck source=systems/omniverse/jobs/dumps.sh
source "$JOBS_DIR/dumps.sh"
# shellcheck source=systems/omniverse/jobs/snapshots.sh
source "$JOBS_DIR/snapshots.sh"
# shellcheck source=systems/jobs/promise.sh
source "$JOBS_DIR/promise.sh"

kind=${1:-}
[[ $kind == database || $kind == assets ]] || die "usage: drill.sh database|assets"
need ASSET BUCKET BUCKET_REGION DATABASE_PREFIX ASSETS_PREFIX PUSHGATEWAY_URL AWS_REGION RESTIC_SECRET REFERENCES_SQL REHEARSES STARTS_SERVICE
: "${START_DEADLINE:=120s}" "${DRILL_PORT:=3009}" "${NUCLEUS_COMMAND:=nucleus}"
whole DRILL_PORT
limit=$(seconds_of "$START_DEADLINE") || die "START_DEADLINE must be like 120s, got '$START_DEADLINE'"
drill=$(mktemp -d "$SCRATCH_DIR/drill.XXXXXX")
server=0
clean() {
  if ((server > 0)); then kill -KILL -- "-$server" 2>/dev/null || true; fi
  stop_scratch
  rm -rf "$drill"
}
trap clean EXIT
trap 'exit 143' TERM INT
export RESTIC_CACHE_DIR=$drill/cache TMPDIR=$drill
started=$(date +%s)

# Both come back together or not at all: the newest copy of the assets, and the dump that it holds all for.
open_repositories "$drill"
served=$(PREFIX=$ASSETS_PREFIX && newest_site)
of_site "$served"
copy=$(PREFIX=$ASSETS_PREFIX newest_point now) || die "the bucket has no copy of the assets"
manifest=$drill/copy.json
PREFIX=$ASSETS_PREFIX EXPECTED=$EXPECTED_OF_SNAPSHOT fetch_manifest "$copy" "$manifest"
dump=$(dump_of "$manifest") || die "the bucket has no dump that the newest copy of the assets fits to"
mkdir "$drill/dump"
fetch_dump_of() { PREFIX=$DATABASE_PREFIX fetch_dump "$dump" "$drill/dump"; }
fetch_dump_of
snapshot=$(jq -r .snapshot "$manifest")
files_of restic_of "$manifest" "$snapshot" >"$drill/files" || die "snapshot ${copy%% *} cannot be listed"
must_fit "$drill/dump/references" "$drill/files" "${dump%% *}"

start_scratch "$drill/dump"
restore_dump "$drill/dump" || die "dump ${dump%% *} cannot be restored"
confirm_dump "$drill/dump"
dumped=$(jq '[.dump[].size] | add' "$drill/dump/manifest.json")
point=${dump%% *} bytes=$dumped service='not part of it'

# Every restored object that the database knows the checksum of has it.
same_as_known() {
  local key sum wrong=0
  while IFS=' ' read -r sum key; do
    if [[ $(sha256_of "$drill/assets/$key") != "$sum" ]]; then
      log "$key restored is not what the database says it is"
      wrong=$((wrong + 1))
    fi
  done < <(awk -F '\t' 'length($3) == 64 { print $3 " " $1 }' "$drill/dump/references")
  ((wrong == 0)) || die "$wrong objects restored are not what the database says they are"
}

# The service on what was restored, as its pods run it but for where the files are: in a folder here, since the drill's
# role may write no bucket. Its command is not public; a stack whose image has none says so, and rehearses data alone.
serve() {
  local end
  if [[ $STARTS_SERVICE == no ]]; then
    service='not in the image'
    log "the stack says that the image has no $NUCLEUS_COMMAND: only data is rehearsed, no service"
    return 0
  fi
  command -v "$NUCLEUS_COMMAND" >/dev/null ||
    die "the image has no $NUCLEUS_COMMAND: data is restored, but nobody has seen a service start on it; where that is all that is wanted, set rehearsal.startsService to false"
  mkdir "$drill/tls" "$drill/accounts"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$drill/tls/tls.key" -out "$drill/tls/tls.crt" 2>/dev/null || die "no certificate could be made for the restored service"
  cp "$drill/tls/tls.crt" "$drill/tls/ca.crt"
  NUCLEUS_FILES=$drill/assets NUCLEUS_DATA=$drill/accounts NUCLEUS_DATABASE_URL="postgresql:///$DB_NAME?host=$PGHOST&user=$PGUSER" \
    NUCLEUS_PORT=$DRILL_PORT NUCLEUS_TLS_DIR=$drill/tls setsid "$NUCLEUS_COMMAND" </dev/null >"$drill/log" 2>&1 &
  server=$!
  disown "$server" # or the shell tells of its end
  end=$((SECONDS + limit))
  until curl --silent --fail --max-time 2 --cacert "$drill/tls/ca.crt" --output /dev/null "https://localhost:$DRILL_PORT/health"; do
    kill -0 "$server" 2>/dev/null || die "the restored service ended: $(tail -n 3 "$drill/log")"
    ((SECONDS < end)) || die "the restored service was not healthy within $START_DEADLINE"
    sleep 0.2
  done
  service=healthy
}

if [[ $kind == assets ]]; then
  point=${copy%% *} bytes=$(jq .bytes "$manifest")
  (($(bytes_free "$drill") > bytes + bytes / 10)) || die "$SCRATCH_DIR has no room for the $bytes bytes of point $point"
  restic_of "$manifest" restore "$snapshot" --target "$drill/assets" >&2 || die "copy $point cannot be restored"
  [[ $(find "$drill/assets" -type f -printf '%s\t%P\n' | LC_ALL=C sort -t $'\t' -k 2) == "$(<"$drill/files")" ]] ||
    die "copy $point restored has other files than its snapshot"
  same_as_known
  serve
fi

seconds=$(($(date +%s) - started))
# The pair is as old as its dump.
age=$(($(date +%s) - $(epoch_of "${dump%% *}")))
# A way back ends in a service: data alone is measured, and no entry for the register. Nor is that of the files: here they
# stay in a folder, and there they are uploaded to a bucket, which takes as long again.
records=()
if [[ $service == healthy ]]; then
  for path in $REHEARSES; do
    if [[ $path == assets-* ]]; then continue; fi
    records+=("$(record "${ASSET%%/*}/${path%%-*}" "$path" "$seconds" "$dumped")")
  done
fi
jq -cn --arg asset "$ASSET" --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg point "$point" --arg dump "${dump%% *}" \
  --arg copy "${copy%% *}" --arg service "$service" --argjson seconds "$seconds" --argjson bytes "$bytes" --argjson age "$age" \
  --argjson references "$(wc -l <"$drill/dump/references")" --slurpfile of "$drill/dump/manifest.json" \
  --argjson records "$(printf '%s\n' "${records[@]}" | jq -s .)" '{$asset, $at, $point,
    pair: {$dump, assets: $copy}, restoreSeconds: $seconds, $bytes, ageSeconds: $age, tables: $of[0].tables, $references,
    $service, verified: true, $records}'
hold "$seconds" "$bytes" "$age"
