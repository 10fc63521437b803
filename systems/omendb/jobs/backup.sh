#!/usr/bin/env bash
# backup.sh full|incremental: takes a restore point and puts it, checked and locked, in the bucket of the other region.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"

kind=${1:-}
[[ $kind == full || $kind == incremental ]] || die "usage: backup.sh full|incremental"
need BUCKET PREFIX BUCKET_REGION PUSHGATEWAY_URL ASSET
whole REQUIRED_LOCK_DAYS
: "${DATA_VIEW:=flat}" "${OMENDB_URL:=}" "${USERS_FILE:=/etc/omendb/users/users.htpasswd}" "${NOT_BACKED_UP:=^$}"
: "${PART_BYTES:=4294967296}" # below the 5 GiB that one PutObject takes
whole PART_BYTES TRANSFER_JOBS
[[ $DATA_VIEW == flat || $DATA_VIEW == root ]] || die "DATA_VIEW must be flat or root, got '$DATA_VIEW'"
[[ -d $DATA_ROOT/data && -d $DATA_ROOT/wal ]] || die "DATA_ROOT must hold data and wal, got '$DATA_ROOT'"
if [[ $kind == full ]]; then [[ -r $USERS_FILE ]] || die "USERS_FILE must be readable, got '$USERS_FILE'"; fi

chains=$SCRATCH_DIR/chains state=$SCRATCH_DIR/state
mkdir -p "$chains" "$state" "$SCRATCH_DIR/work"
work=$(mktemp -d "$SCRATCH_DIR/work/XXXXXX")
trap 'rm -rf "$work"' EXIT
started=$(date +%s)
bytes=0

# ship_file "<file>\t<path>\t<key>": one file, in parts when it is too big for one object. Its entry goes to $work/files:
# "<path>\t<sha256>", then a line for each part.
ship_file() {
  local file path key size part entry number=0
  IFS=$'\t' read -r file path key <<<"$1"
  size=$(stat -c %s "$file") || return 1
  entry=$(mktemp "$work/files/XXXXXXXXXX") || return 1
  if ((size <= PART_BYTES)); then
    part=$(put "$file" "$key") || return 1
    printf '%s\t%s\n%s\n' "$path" "${part##*$'\t'}" "$part" >"$entry"
  else
    printf '%s\t%s\n' "$path" "$(sha256_of "$file")" >"$entry"
    part=$work/part.$BASHPID
    while ((number * PART_BYTES < size)); do
      tail -c "+$((number * PART_BYTES + 1))" "$file" | head -c "$PART_BYTES" >"$part" || true # head leaves early
      number=$((number + 1))
      put "$part" "$(printf '%s.%04d' "$key" "$number")" >>"$entry" || return 1
    done
    rm -f "$part"
  fi
}

# write_manifest CHAIN KIND CAPTURE: the last object of a run, from $work/manifest.json; only now the point exists.
write_manifest() {
  jq --arg kind "$2" --arg point "$3" --arg capture "$(iso_of "$3")" --arg ended "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
    '. + {kind: $kind, point: $point, capture: $capture, ended: $ended}' "$work/manifest.json" >"$work/point.json"
  put "$work/point.json" "$PREFIX/points/$3.json" >/dev/null || die "point $3 was not written"
  # Moved: a half-written file must not pass for the chain's state.
  mv "$work/point.json" "$state/$1/last.json"
}

# ship CHAIN BACKUP: every file of one finished backup, then its manifest.
ship() {
  local chain=$1 backup=$2 dir=$chains/$1 key=$PREFIX/chains/$1 next=$state/$1/next.json own
  rm -rf "$work/files"
  mkdir "$work/files"
  {
    find "$dir/$backup" -type f -printf "%p\t$backup/%P\t$key/$backup/%P\n"
    # The index is rewritten by each backup, so each point keeps the one it needs under its own key.
    printf '%s\tbackup_index.json\t%s/index/%s.json\n' "$dir/backup_index.json" "$key" "$backup"
    if [[ $(jq -r .kind "$next") == full ]]; then printf '%s\tusers.htpasswd\t%s/users.htpasswd\n' "$USERS_FILE" "$key"; fi
  } >"$work/list"
  in_parallel ship_file <"$work/list" || die "backup $backup was not uploaded whole: no point was written"
  find "$work/files" -type f -exec cat {} + | jq -Rn '
    reduce (inputs | split("\t")) as $line ([];
      if ($line | length) == 2 then . + [{path: $line[0], size: 0, sha256: $line[1], parts: []}]
      else .[-1].size += ($line[2] | tonumber)
        | .[-1].parts += [{key: $line[0], versionId: $line[1], size: ($line[2] | tonumber), sha256: $line[3]}] end)
    | sort_by(.path)' >"$work/own.json"
  [[ $(jq length "$work/own.json") == "$(wc -l <"$work/list")" ]] || die "backup $backup was not uploaded whole: no point was written"
  own=$(jq '[.[].size] | add' "$work/own.json")
  bytes=$((bytes + own))
  jq --slurpfile own "$work/own.json" --slurpfile next "$next" --arg backup "$backup" --arg chain "$chain" \
    --arg asset "$ASSET" --arg database "$DATABASE" --arg version "$(omendb --version 2>/dev/null || echo unknown)" \
    --arg copied "$(date -u -r "$dir/backup_index.json" +%Y-%m-%dT%H:%M:%SZ)" \
    '{format: 1, asset: $asset, database: $database, chain: $chain, backup: $backup, omendb: $version, copied: $copied,
      records: $next[0].records, backups: (.backups + [$backup]),
      files: ([.files[] | select(.path != "backup_index.json")] + $own[0])}' "$state/$chain/last.json" >"$work/manifest.json"
  write_manifest "$chain" "$(jq -r .kind "$next")" "$(jq -r .capture "$next")"
  log "point $(jq -r .capture "$next"): backup $backup, $own bytes"
}

# Backups the tool finished in CHAIN that no manifest names yet: this run's, or one whose upload died.
unshipped() {
  jq -r --slurpfile last "$state/$1/last.json" 'keys - $last[0].backups | .[]' "$chains/$1/backup_index.json"
}

# The files of the database: what a full must contain.
database_files() {
  (cd "$DATA_ROOT" && find data wal -type f -not -path '*/.holdfast/*' | sed 's,^data/,,' | LC_ALL=C sort)
}

# A tool pointed at the wrong folder, or a database with files the tool does not know, gives a backup of nothing with exit 0.
must_cover() {
  local missing
  missing=$(LC_ALL=C comm -12 "$work/before" <(database_files) |
    LC_ALL=C comm -23 - <(jq -r '.included_files[] | ltrimstr("data/")' "$1" | LC_ALL=C sort) | grep -Ev -- "$NOT_BACKED_UP" || true)
  [[ -z $missing ]] || die "the full backup does not contain $(wc -l <<<"$missing") of the database's files, such as ${missing%%$'\n'*}"
}

# Upstream's tool reads <data-dir>/*.parquet and <data-dir>/wal, while omendb.toml keeps the data one level deeper:
# "flat" shows it the files where it looks. "root" passes DATA_ROOT as the guide writes it.
data_dir() {
  if [[ $DATA_VIEW == root ]]; then
    printf '%s' "$DATA_ROOT"
  else
    rm -rf "$work/view"
    mkdir "$work/view"
    find "$DATA_ROOT/data" -mindepth 1 -maxdepth 1 -type f -exec ln -s -t "$work/view" {} +
    ln -s "$DATA_ROOT/wal" "$work/view/wal"
    printf '%s' "$work/view"
  fi
}

records() { if [[ -n $OMENDB_URL ]]; then records_at "$OMENDB_URL"; else printf null; fi; }

# run_tool CHAIN KIND: notes the capture time (just before the tool starts), runs the tool. Returns 3 for "no changes".
run_tool() {
  local before after code=0 dir
  dir=$(data_dir)
  before=$(records)
  capture=${capture:-$(stamp now)}
  jq -n --arg capture "$capture" --arg kind "$2" '{capture: $capture, kind: $kind, records: null}' >"$state/$1/next.json"
  database_files >"$work/before"
  backup_tool --data-dir "$dir" --backup-dir "$chains/$1" "$2-backup" --database "$DATABASE" >"$work/output" 2>&1 || code=$?
  cat "$work/output" >&2
  after=$(records)
  [[ $(generation_of "$DATA_ROOT") == "$(cat "$state/$1/generation")" ]] || die "the database was restored while the backup ran"
  jq --argjson before "$before" --argjson after "$after" \
    '.records = (if $before == null or $after == null then null else {before: $before, after: $after} end)' \
    "$state/$1/next.json" >"$work/next.json"
  mv "$work/next.json" "$state/$1/next.json"
  ((code == 0)) && return 0
  # Upstream fails on an idle database; the state at this moment is the one the last point holds.
  [[ $2 == incremental ]] && grep -q 'No changes found' "$work/output" && return 3
  die "backup_tool failed with code $code"
}

full() {
  local chain backup old
  exec {lock}>"$state/full.lock"
  flock -n "$lock" || die "another full backup is running"
  capture=$(stamp now)
  chain=$capture
  mkdir -p "$chains/$chain" "$state/$chain"
  generation_of "$DATA_ROOT" >"$state/$chain/generation"
  echo '{"backups": [], "files": []}' >"$state/$chain/last.json"
  run_tool "$chain" full
  backup=$(unshipped "$chain")
  [[ -n $backup ]] || die "backup_tool succeeded but its index has no new backup"
  must_cover "$chains/$chain/$backup/metadata.json"
  ship "$chain" "$backup"
  # A rename: an incremental sees the old chain or the new one, never none and never a chain without its full.
  old=$(readlink "$chains/current" || true)
  ln -s "$chain" "$work/current"
  mv -T "$work/current" "$chains/current"
  # The bucket keeps the history; here only the current chain and the one an incremental may still be writing.
  find "$SCRATCH_DIR/work" -mindepth 1 -maxdepth 1 -mmin +1440 -exec rm -rf {} + # of runs that were killed
  find "$chains" "$state" -mindepth 1 -maxdepth 1 -type d -not -name "$chain" -not -name "${old:-none}" -exec rm -rf {} +
}

incremental() {
  local chain=$1 backup code=0
  exec {lock}>"$state/$chain/lock"
  flock -n "$lock" || die "another incremental backup is running"
  # First what an earlier run captured and did not get into the bucket: the next backup builds on it.
  for backup in $(unshipped "$chain"); do ship "$chain" "$backup"; done
  run_tool "$chain" incremental || code=$?
  if ((code == 3)); then
    # The tool reads the log until its first unreadable entry and then sees nothing: the record count tells.
    jq -e --slurpfile last "$state/$chain/last.json" '.records as $now | $last[0].records as $was
      | $now == null or $was == null
        or ($now.before >= ([$was.before, $was.after] | min) and $now.before <= ([$was.before, $was.after] | max))' \
      "$state/$chain/next.json" >/dev/null || die "the tool finds no changes, but the number of records changed since the last point"
    jq --slurpfile next "$state/$chain/next.json" '.records = $next[0].records' "$state/$chain/last.json" >"$work/manifest.json"
    write_manifest "$chain" unchanged "$capture"
    log "point $capture: no changes since the last backup"
    return 0
  fi
  for backup in $(unshipped "$chain"); do ship "$chain" "$backup"; done
  [[ $(jq -r .point "$state/$chain/last.json") == "$capture" ]] || die "backup_tool succeeded but its index has no new backup"
}

capture=""
chain=$(readlink "$chains/current" || true)
if [[ $kind == full ]]; then
  full
elif [[ -z $chain ]] || ! jq -e . "$chains/$chain/backup_index.json" "$state/$chain/last.json" >/dev/null 2>&1; then
  log "scratch holds no complete chain: taking a full backup instead of an incremental"
  [[ -r $USERS_FILE ]] || die "USERS_FILE must be readable, got '$USERS_FILE'"
  full
elif [[ $(cat "$state/$chain/generation") != "$(generation_of "$DATA_ROOT")" ]]; then
  log "the database was restored since chain $chain began: taking a full backup instead of an incremental"
  [[ -r $USERS_FILE ]] || die "USERS_FILE must be readable, got '$USERS_FILE'"
  full
else
  incremental "$chain"
fi

push "$kind" <<METRICS
holdfast_capture_timestamp_seconds{asset="$ASSET",role="$kind"} $(epoch_of "$capture")
holdfast_run_seconds{asset="$ASSET",role="$kind"} $(($(date +%s) - started))
holdfast_backup_bytes{asset="$ASSET",role="$kind"} $bytes
METRICS
