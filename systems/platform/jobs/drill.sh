#!/usr/bin/env bash
# drill.sh: rehearses the recovery where it would run: the newest export, restored into scratch or tried without effect.
# Prints one line of JSON. Ends with 0 only when all of it was verified.
set -euo pipefail
# shellcheck source=systems/platform/jobs/exports.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/exports.sh"

need PUSHGATEWAY_URL
work=$(mktemp -d "$SCRATCH_DIR/drill.XXXXXX")
trap 'rm -rf "$work"' EXIT
started=$(date +%s)

line=$(newest_point now) || die "the bucket has no export of $ASSET"
point=${line%% *}
fetch "$line" "$work/one"
counts=$(verified "$point" "$work/one")
mkdir "$work/scratch"
rehearsed=$(rehearse "$work/one/content" "$work/scratch") || die "export $point could not be restored"
seconds=$(($(date +%s) - started))
bytes=$(du -sb "$work/one/content" | cut -f 1)
age=$(($(date +%s) - $(epoch_of "$point")))
jq -cn --arg asset "$ASSET" --arg point "$point" --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg rehearsed "$rehearsed" \
  --argjson counts "$counts" --argjson seconds "$seconds" --argjson bytes "$bytes" --argjson age "$age" \
  '{asset: $asset, at: $at, point: $point, restoreSeconds: $seconds, bytes: $bytes, ageSeconds: $age, counts: $counts,
    rehearsed: $rehearsed, verified: true}'
push drill <<METRICS
holdfast_drill_timestamp_seconds{asset="$ASSET",role="drill"} $(date +%s)
holdfast_drill_restore_seconds{asset="$ASSET",role="drill"} $seconds
holdfast_drill_bytes{asset="$ASSET",role="drill"} $bytes
holdfast_drill_age_seconds{asset="$ASSET",role="drill"} $age
METRICS
