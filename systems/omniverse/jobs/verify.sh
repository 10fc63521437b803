#!/usr/bin/env bash
# verify.sh database|assets: reads copies back: the newest and an older one by chance.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/dumps.sh
source "$JOBS_DIR/dumps.sh"
# shellcheck source=systems/omniverse/jobs/snapshots.sh
source "$JOBS_DIR/snapshots.sh"

kind=${1:-}
[[ $kind == database || $kind == assets ]] || die "usage: verify.sh database|assets"
need ASSET BUCKET BUCKET_REGION PREFIX DATABASE_PREFIX PUSHGATEWAY_URL AWS_REGION ASSET_BUCKET RESTIC_SECRET REFERENCES_SQL
whole KEPT_DAYS
: "${SAMPLED_FILES:=20}"
whole READ_PERCENT SAMPLED_FILES
work=$(mktemp -d "$SCRATCH_DIR/verify.XXXXXX")
clean() {
  stop_scratch
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 143' TERM INT
export RESTIC_CACHE_DIR=$work/cache TMPDIR=$work
started=$(date +%s)

# A restored dump is the only proof that one can be restored.
verify_dump() {
  local one=$work/one
  fetch_dump "$1" "$one"
  start_scratch "$one"
  restore_dump "$one" || die "dump ${1%% *} cannot be restored"
  confirm_dump "$one"
  stop_scratch
  log "dump ${1%% *} restores: $(jq -c .tables "$one/manifest.json")"
  rm -rf "$one"
}

# same_as_then MANIFEST SIZE PATH: a file of the snapshot is the version that the bucket had at its moment.
same_as_then() {
  local version moment
  moment=$(jq -r .capture "$1")
  restic_of "$1" dump "$(jq -r .snapshot "$1")" "/$3" >"$work/restored" || die "$3 cannot be restored"
  version=$(aws s3api list-object-versions --region "$AWS_REGION" --output json --bucket "$ASSET_BUCKET" --prefix "$3" |
    jq -re --arg key "$3" --arg moment "${moment:0:19}" '[.Versions[]? | select(.Key == $key and .LastModified[:19] <= $moment)]
      | (reverse | sort_by(.LastModified) | last).VersionId') || die "$ASSET_BUCKET has no version of $3 of $moment any more"
  aws s3api get-object --region "$AWS_REGION" --output json --bucket "$ASSET_BUCKET" --key "$3" --version-id "$version" "$work/then" >/dev/null ||
    die "cannot read $3 of $ASSET_BUCKET"
  cmp -s "$work/restored" "$work/then" || die "$3 restored is not what $ASSET_BUCKET had at $moment"
}

verify_snapshot() {
  local manifest=$work/manifest.json files=$work/files dump size path
  EXPECTED=$EXPECTED_OF_SNAPSHOT fetch_manifest "$1" "$manifest"
  files_of restic_of "$manifest" "$(jq -r .snapshot "$manifest")" >"$files" || die "snapshot ${1%% *} cannot be listed"
  [[ $(totals_of "$files") == "$(jq -r '"\(.objects) \(.bytes)"' "$manifest")" ]] || die "snapshot ${1%% *} holds $(totals_of "$files") objects and bytes, its manifest says otherwise"
  restic_of "$manifest" check --read-data-subset "$READ_PERCENT%" >&2 || die "restic finds the repository of point ${1%% *} damaged"
  # Of the older one too: what a dump refers to must be there as long as both are kept.
  if dump=$(dump_of "$manifest"); then
    mkdir -p "$work/pair"
    PREFIX=$DATABASE_PREFIX EXPECTED=$EXPECTED_OF_DUMP fetch_manifest "$dump" "$work/pair/manifest.json"
    fetch_references "$work/pair"
    must_fit "$work/pair/references" "$files" "${dump%% *}"
    log "snapshot ${1%% *} holds all $(jq .references.count "$work/pair/manifest.json") objects that dump ${dump%% *} refers to"
  elif [[ $2 == newest ]]; then
    die "there is no dump that the newest copy of the assets fits to"
  fi
  if [[ $2 == newest ]]; then
    while IFS=$'\t' read -r size path; do
      same_as_then "$manifest" "$size" "$path"
    done < <(shuf -n "$SAMPLED_FILES" "$files")
  fi
}

chosen_points >"$work/points"
if [[ $kind == assets ]]; then open_repositories "$work"; fi
age=newest
while IFS= read -r point <&3; do
  if [[ $kind == database ]]; then verify_dump "$point"; else verify_snapshot "$point" "$age"; fi
  age=older
done 3<"$work/points"

push verify <<METRICS
holdfast_verified_timestamp_seconds{asset="$ASSET",role="verify"} $(date +%s)
holdfast_run_seconds{asset="$ASSET",role="verify"} $(($(date +%s) - started))
METRICS
