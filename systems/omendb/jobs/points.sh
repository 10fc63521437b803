# shellcheck shell=bash
# Restore points in the bucket. A point exists only with its manifest, and the manifest names every object it needs
# by version, so that a later overwrite or delete marker under the same key changes nothing.

: "${RESTORE_DIR:=$SCRATCH_DIR/restore}"

# fetch_manifest CAPTURE VERSION: downloads and checks it; prints its path.
fetch_manifest() {
  local file=$RESTORE_DIR/points/$1.json
  mkdir -p "$RESTORE_DIR/points"
  s3 get-object --bucket "$BUCKET" --key "$PREFIX/points/$1.json" --version-id "$2" "$file" >/dev/null ||
    die "cannot read the manifest of point $1"
  # Paths become file names below: one that leaves the folder was not written by backup.sh.
  jq -e --arg capture "$1" '.format == 1 and .point == $capture and (.backups | length > 0) and (.files | length > 0)
    and all(.files[].path, .chain, .backups[]; test("^[A-Za-z0-9_][A-Za-z0-9_./=-]*$") and (contains("..") | not))' \
    "$file" >/dev/null || die "the manifest of point $1 is not valid"
  printf '%s' "$file"
}

# One file of a manifest (a line of JSON): kept when it is already here and whole, else fetched part by part.
fetch_file() {
  local path sha256 part key version part_sha256 lines
  mapfile -t lines < <(jq -r '.path, .sha256, (.parts[] | "\(.versionId) \(.sha256) \(.key)")' <<<"$1")
  path=$FETCH_INTO/${lines[0]} sha256=${lines[1]}
  [[ -f $path && $(sha256_of "$path") == "$sha256" ]] && return 0
  mkdir -p "${path%/*}"
  : >"$path.partial"
  for part in "${lines[@]:2}"; do
    IFS=' ' read -r version part_sha256 key <<<"$part"
    part=$path.part
    s3 get-object --bucket "$BUCKET" --key "$key" --version-id "$version" "$part" >/dev/null || die "cannot read $key"
    [[ $(sha256_of "$part") == "$part_sha256" ]] || die "$key is damaged: its SHA-256 is not the one in the manifest"
    cat "$part" >>"$path.partial"
    rm -f "$part"
  done
  [[ $(sha256_of "$path.partial") == "$sha256" ]] || die "$path is damaged: its SHA-256 is not the one in the manifest"
  mv "$path.partial" "$path"
}

# fetch_point MANIFEST: all files of the point, checked; prints the folder (a backup_tool --backup-dir).
fetch_point() {
  local bytes
  # One folder a point: the tool's index lists what the chain held at that moment.
  FETCH_INTO=$RESTORE_DIR/chains/$(jq -r .chain "$1")
  mkdir -p "$FETCH_INTO"
  bytes=$(jq '[.files[].size] | add' "$1")
  # Twice: a file in parts exists as part and as whole for a moment. What is already here is counted as free.
  (($(bytes_free "$FETCH_INTO") + $(du -sb "$FETCH_INTO" | cut -f 1) >= bytes + bytes / 10)) ||
    die "$SCRATCH_DIR has no room for the $bytes bytes of point $(jq -r .point "$1")"
  jq -c '.files[]' "$1" | in_parallel fetch_file || die "point $(jq -r .point "$1") could not be fetched whole"
  printf '%s' "$FETCH_INTO"
}

# verify_chain MANIFEST DIR: the tool's own check of every link. It checks one backup at a time and passes a folder
# that is missing, hence the SHA-256 of every file in fetch_point first.
verify_chain() {
  local backup
  while IFS= read -r backup; do
    backup_tool --data-dir "$RUN_DIR" --backup-dir "$2" verify --backup-id "$backup" >&2 ||
      { log "backup $backup of point $(jq -r .point "$1") does not verify" && return 1; }
  done < <(jq -r '.backups[]' "$1")
}
