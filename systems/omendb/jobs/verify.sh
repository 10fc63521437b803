#!/usr/bin/env bash
# verify.sh: full backup verification. The newest point and one random older chain inside the kept window are
# downloaded, their checksums compared and every link verified by the tool.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omendb/jobs/points.sh
source "$JOBS_DIR/points.sh"

need BUCKET PREFIX BUCKET_REGION PUSHGATEWAY_URL ASSET
whole KEPT_DAYS TRANSFER_JOBS
RESTORE_DIR=$SCRATCH_DIR/verify
started=$(date +%s)
trap 'rm -rf "$RESTORE_DIR"' EXIT
bytes=0

# check "<capture> <version>"
check() {
  local manifest dir
  manifest=$(fetch_manifest "${1%% *}" "${1##* }")
  dir=$(fetch_point "$manifest")
  verify_chain "$manifest" "$dir" || die "point ${1%% *} is not restorable"
  bytes=$((bytes + $(jq '[.files[].size] | add' "$manifest")))
  log "point ${1%% *}: $(jq '.backups | length' "$manifest") backups of chain $(jq -r .chain "$manifest") verify"
  # One chain at a time, so that scratch need not hold two.
  rm -rf "$dir"
}

points=$(list_points) || die "the bucket has no restore point"
newest=$(newest_of now <<<"$points") || die "every restore point is dated ahead of now"
check "$newest"
newest_chain=$(jq -r .chain "$RESTORE_DIR/points/${newest%% *}.json")

# A chain is named after the capture of its full, so its name is also a point: the chain's last point is the one before
# the next chain begins.
oldest=$(stamp "$KEPT_DAYS days ago")
mapfile -t chains < <(s3 list-objects-v2 --bucket "$BUCKET" --prefix "$PREFIX/chains/" --delimiter / |
  jq -r '.CommonPrefixes[]?.Prefix | split("/")[-2]' |
  LC_ALL=C awk -v oldest="$oldest" -v newest="$newest_chain" '$1 "" >= oldest "" && $1 "" < newest ""')
if ((${#chains[@]} > 0)); then
  index=$((${RANDOM_CHAIN:-$RANDOM} % ${#chains[@]}))
  chain=${chains[index]} end=${chains[index + 1]:-$newest_chain}
  last=$(LC_ALL=C awk -v from="$chain" -v to="$end" '$1 "" >= from "" && $1 "" < to "" { found = $0 } END { print found }' <<<"$points")
  [[ -n $last ]] || die "chain $chain has objects in the bucket but no restore point"
  check "$last"
else
  log "the bucket has no older chain inside $KEPT_DAYS days"
fi

push verify <<METRICS
holdfast_verified_timestamp_seconds{asset="$ASSET",role="verify"} $(date +%s)
holdfast_run_seconds{asset="$ASSET",role="verify"} $(($(date +%s) - started))
holdfast_verified_bytes{asset="$ASSET",role="verify"} $bytes
METRICS
