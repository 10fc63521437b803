#!/usr/bin/env bash
# accounts.sh: copies accounts and tags through the vendor's tools, reads the copy back as a server would, and puts it,
# locked, into the bucket of the other region.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/sites.sh
source "$JOBS_DIR/sites.sh"
# shellcheck source=systems/omniverse/jobs/accountCopies.sh
source "$JOBS_DIR/accountCopies.sh"

need ASSET BUCKET BUCKET_REGION PREFIX PUSHGATEWAY_URL SERVER SERVER_VERSION SERVER_CA TOKEN_FILE
whole REQUIRED_LOCK_DAYS
only_where_it_serves
work=$(mktemp -d "$SCRATCH_DIR/accounts.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT
started=$(date +%s)

# Before it begins: the point must not claim a moment that it does not hold.
capture=$(stamp now)
mkdir "$work/copy" "$work/data"
tools_backup "$work/copy" || die "nucleus-tools could not copy accounts and tags: nothing is kept of it"
ended=$(date -u +%Y-%m-%dT%H:%M:%SZ)

# Before it is sent: a copy that is empty or cut short must not become the newest.
holds=$(tools_check "$work/copy") || die "the copy cannot be read: nothing is kept of it"
version=$(jq -r .version <<<"$holds")
[[ $version == "$SERVER_VERSION" ]] || die "the server says that it is $version, the program says $SERVER_VERSION: it could not be restored here"
(($(jq .accounts <<<"$holds") > 0)) || die "the copy holds no account at all: nothing is kept of it"
tools_restore "$work/copy" "$work/data" || die "the copy cannot be restored: nothing is kept of it"
[[ $(tools_check "$work/data") == "$holds" ]] || die "the copy restored is not what was copied: nothing is kept of it"

tar --sort=name --owner=0 --group=0 --numeric-owner -C "$work/copy" -cf - . | gzip -nc >"$work/archive" || die "the copy cannot be packed"
split --bytes "$PART_BYTES" --numeric-suffixes --suffix-length 4 "$work/archive" "$work/part."
rm "$work/archive"
for part in "$work"/part.*; do
  put "$part" "$PREFIX/copies/$capture/copy.${part##*.}" >>"$work/parts" || die "the copy was not uploaded whole"
done
jq -n --rawfile parts "$work/parts" --argjson holds "$holds" --arg asset "$ASSET" --arg point "$capture" \
  --arg capture "$(iso_of "$capture")" --arg ended "$ended" '
  {format: 1, asset: $asset, point: $point, capture: $capture, ended: $ended, holds: $holds, copy: ($parts | split("\n")
    | map(select(. != "") | split("\t") | {key: .[0], versionId: .[1], size: (.[2] | tonumber), sha256: .[3]}))}' >"$work/manifest.json"
# The last object of a run: only now the copy exists.
put "$work/manifest.json" "$PREFIX/points/$capture.json" >/dev/null
bytes=$(jq '[.copy[].size] | add' "$work/manifest.json")
log "copied $holds, $bytes bytes"

push full <<METRICS
holdfast_capture_timestamp_seconds{asset="$ASSET",role="full"} $(epoch_of "$capture")
holdfast_run_seconds{asset="$ASSET",role="full"} $(($(date +%s) - started))
holdfast_backup_bytes{asset="$ASSET",role="full"} $bytes
METRICS
