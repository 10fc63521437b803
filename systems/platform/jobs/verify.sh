#!/usr/bin/env bash
# verify.sh: the newest export and a random older one are fetched, their checksums compared, read and counted.
set -euo pipefail
# shellcheck source=systems/platform/jobs/exports.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/exports.sh"

need PUSHGATEWAY_URL
work=$(mktemp -d "$SCRATCH_DIR/verify.XXXXXX")
trap 'rm -rf "$work"' EXIT
started=$(date +%s)

exports=$(list_points) || die "the bucket has no export of $ASSET"
newest=$(newest_of now <<<"$exports") || die "every export of $ASSET is dated ahead of now"
mapfile -t older < <(grep -vxF "$newest" <<<"$exports")
chosen=("$newest")
if ((${#older[@]} > 0)); then chosen+=("${older[${RANDOM_EXPORT:-$RANDOM} % ${#older[@]}]}"); fi
for one in "${chosen[@]}"; do
  fetch "$one" "$work/one"
  counts=$(verified "${one%% *}" "$work/one")
  log "export ${one%% *} holds $(jq -c . <<<"$counts")"
done

push verify <<METRICS
holdfast_verified_timestamp_seconds{asset="$ASSET",role="verify"} $(date +%s)
holdfast_run_seconds{asset="$ASSET",role="verify"} $(($(date +%s) - started))
METRICS
