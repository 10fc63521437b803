# shellcheck shell=bash
# Exports in the bucket. One exists only with its manifest, which names every part by version and checksum: a later
# overwrite or delete marker under the same key changes nothing.

: "${SCRATCH_DIR:=/scratch}" "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"

need ASSET BUCKET BUCKET_REGION PREFIX
case ${ASSET#*/} in
  state | clusters | dns | keys | registry | monitoring) ;;
  *) die "ASSET must be one of the platform's, got '$ASSET'" ;;
esac
# damaged: whether somebody says that what is there is wrong, and not only gone. Then everything must be as it was
# exported; otherwise what is newer there stays.
damaged() { [[ ${RESTORE_BEFORE:-now} != now || ${IN_PLACE:-no} == yes || ${CLEAN_ROOM:-no} == yes ]]; }

# Each asset's script defines collect, check, restore, confirm and rehearse.
# shellcheck source=systems/platform/jobs/state.sh
source "$JOBS_DIR/${ASSET#*/}.sh"

# fetch "<capture> <version>" DIR: manifest to DIR/manifest.json, content below DIR/content; every part is checked.
fetch() {
  local capture=${1%% *} key version sum part=$2/part
  rm -rf "$2"
  mkdir -p "$2/content"
  s3 get-object --bucket "$BUCKET" --key "$PREFIX/points/$capture.json" --version-id "${1##* }" "$2/manifest.json" >/dev/null ||
    die "cannot read the manifest of export $capture"
  jq -e --arg capture "$capture" --arg asset "$ASSET" '.format == 1 and .point == $capture and .asset == $asset
    and (.parts | length > 0) and (.counts | type == "object")' "$2/manifest.json" >/dev/null ||
    die "the manifest of export $capture is not valid"
  : >"$2/archive"
  while IFS=' ' read -r version sum key; do
    s3 get-object --bucket "$BUCKET" --key "$key" --version-id "$version" "$part" >/dev/null || die "cannot read $key"
    [[ $(sha256_of "$part") == "$sum" ]] || die "$key is damaged: its SHA-256 is not the one in the manifest"
    cat "$part" >>"$2/archive"
  done < <(jq -r '.parts[] | "\(.versionId) \(.sha256) \(.key)"' "$2/manifest.json")
  rm -f "$part"
  tar -xzf "$2/archive" --no-same-owner --no-same-permissions -C "$2/content" || die "export $capture cannot be unpacked"
  rm -f "$2/archive"
}

# verified DIR: what was fetched holds what its manifest counted. Prints the counts.
verified() {
  local counts
  counts=$(check "$2/content") || die "export $1 does not hold what it should"
  [[ $(jq -cS . <<<"$counts") == "$(jq -cS .counts "$2/manifest.json")" ]] ||
    die "export $1 holds $(jq -c . <<<"$counts"), its manifest says $(jq -c .counts "$2/manifest.json")"
  printf '%s' "$counts"
}
