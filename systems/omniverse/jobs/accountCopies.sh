# shellcheck shell=bash
# Copies of accounts and tags in the bucket, and what they are unpacked into.

# shellcheck source=systems/omniverse/jobs/tools.sh
source "$JOBS_DIR/tools.sh"
# shellcheck disable=SC2034 # fetch_manifest reads it
EXPECTED='(.copy | length > 0) and (.holds.accounts > 0) and (.holds.version | type == "string")'

# same_version MANIFEST: NVIDIA guarantees nothing about data of another version.
same_version() {
  local wrote
  wrote=$(jq -r .holds.version "$1")
  [[ $wrote == "$SERVER_VERSION" ]] ||
    die "copy $(jq -r .point "$1") was written by Nucleus $wrote, here is $SERVER_VERSION: deploy $wrote, restore, then upgrade"
}

# fetch_accounts "<capture> <version>" DIR: DIR/manifest.json, and the copy in DIR/copy; by version, so that a later
# overwrite or delete marker under the same key changes nothing.
fetch_accounts() {
  local bytes key version sum
  mkdir -p "$2/copy"
  fetch_manifest "$1" "$2/manifest.json"
  same_version "$2/manifest.json"
  bytes=$(jq '[.copy[].size] | add' "$2/manifest.json")
  (($(bytes_free "$2") > 2 * bytes)) || die "$SCRATCH_DIR has no room for the $bytes bytes of point ${1%% *}"
  : >"$2/archive"
  while IFS=' ' read -r version sum key; do
    s3 get-object --bucket "$BUCKET" --key "$key" --version-id "$version" "$2/part" >/dev/null || die "cannot read $key"
    [[ $(sha256_of "$2/part") == "$sum" ]] || die "$key is damaged: its SHA-256 is not the one in the manifest"
    cat "$2/part" >>"$2/archive"
  done < <(jq -r '.copy[] | "\(.versionId) \(.sha256) \(.key)"' "$2/manifest.json")
  rm -f "$2/part"
  gzip -dc "$2/archive" | tar -xf - --no-same-owner --no-same-permissions -C "$2/copy" || die "copy ${1%% *} could not be unpacked whole"
  rm -f "$2/archive"
}

# confirm_accounts MANIFEST DATA: the folder holds what was counted when the copy was taken.
confirm_accounts() {
  local now
  now=$(tools_check "$2") || die "accounts and tags of point $(jq -r .point "$1") are damaged"
  jq -e --argjson now "$now" '.holds == $now' "$1" >/dev/null ||
    die "point $(jq -r .point "$1") restored is not what was copied: $now, $(jq -c .holds "$1") was copied"
}

# ended_before MOMENT: the newest of the points, of which there are some, whose run had ended by then, or nothing. What is
# copied changes meanwhile: one that ended later may hold the damage, although it began before.
ended_before() {
  local limit points line ended
  limit=$(date -u -d "$1" +%s) || die "cannot read the time '$1'"
  points=$(list_points) || die "$BUCKET has no copy below $PREFIX${WRITTEN_BEFORE:+ that was written by $WRITTEN_BEFORE}"
  while IFS= read -r line; do
    (($(epoch_of "${line%% *}") <= limit)) || continue
    fetch_manifest "$line" "$RUN_DIR/candidate.json"
    ended=$(date -u -d "$(jq -r .ended "$RUN_DIR/candidate.json")" +%s)
    # Whole seconds are noted: in the second of the moment itself it may have ended after it.
    ((ended < limit)) || continue
    printf '%s' "$line"
    break
  done < <(tac <<<"$points")
}
