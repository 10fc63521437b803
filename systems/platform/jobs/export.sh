#!/usr/bin/env bash
# export.sh: takes an export of one asset and puts it, checked and locked, in the bucket of the other region.
set -euo pipefail
# shellcheck source=systems/platform/jobs/exports.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/exports.sh"

need PUSHGATEWAY_URL
whole REQUIRED_LOCK_DAYS
: "${PART_BYTES:=4294967296}" # below the 5 GiB that one PutObject takes
whole PART_BYTES
work=$(mktemp -d "$SCRATCH_DIR/export.XXXXXX")
trap 'rm -rf "$work"' EXIT
started=$(date +%s)
capture=$(stamp now)

mkdir "$work/content"
collect "$work/content"
# Before it is sent: an export that is empty or cut short must not become the newest.
counts=$(check "$work/content") || die "what was collected is not whole: nothing is exported"
tar --sort=name --owner=0 --group=0 --numeric-owner -C "$work/content" -cf - . | gzip -n >"$work/archive"
bytes=$(stat -c %s "$work/archive")

for ((number = 0; number == 0 || number * PART_BYTES < bytes; number++)); do
  tail -c "+$((number * PART_BYTES + 1))" "$work/archive" | head -c "$PART_BYTES" >"$work/part" || true # head leaves early
  put "$work/part" "$(printf '%s/content/%s.%04d' "$PREFIX" "$capture" "$number")" >>"$work/parts"
done
jq -n --rawfile parts "$work/parts" --argjson counts "$counts" --arg asset "$ASSET" --arg point "$capture" \
  --arg capture "$(iso_of "$capture")" --arg ended "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '{format: 1, asset: $asset, point: $point,
    capture: $capture, ended: $ended, counts: $counts, parts: [$parts | split("\n")[] | select(. != "") | split("\t")
    | {key: .[0], versionId: .[1], size: (.[2] | tonumber), sha256: .[3]}]}' >"$work/manifest.json"
# The last object of a run: only now the export exists.
put "$work/manifest.json" "$PREFIX/points/$capture.json" >/dev/null
log "exported $(jq -c . <<<"$counts"), $bytes bytes"

push full <<METRICS
holdfast_capture_timestamp_seconds{asset="$ASSET",role="full"} $(epoch_of "$capture")
holdfast_run_seconds{asset="$ASSET",role="full"} $(($(date +%s) - started))
holdfast_backup_bytes{asset="$ASSET",role="full"} $bytes
METRICS
