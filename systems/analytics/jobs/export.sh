#!/usr/bin/env bash
# export.sh: takes an export of one asset and puts it, read back and under a lock, into the account of the other region.
set -euo pipefail
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "$JOBS_DIR/azure.sh"
# shellcheck source=systems/analytics/jobs/blobs.sh
source "$JOBS_DIR/blobs.sh"
# shellcheck source=systems/analytics/jobs/points.sh
source "$JOBS_DIR/points.sh"

need ASSET STORE PREFIX SCRATCH_DIR PUSHGATEWAY_URL
whole REQUIRED_LOCK_DAYS
case ${ASSET#*/} in
  databricks | powerbi | configuration | keys | logs) ;;
  *) die "ASSET must be one that is exported, got '$ASSET'" ;;
esac

# counted DIR NAME...: how many things each <name>.json holds.
counted() {
  local dir=$1 name
  shift
  for name in "$@"; do jq --arg name "$name" '{($name): length}' "$dir/$name.json" || return 1; done | jq -s add
}

# Each defines collect DIR, which fills a folder, check DIR, which prints counts or fails, and told DIR, more metrics.
what=${ASSET#*/}
# shellcheck source=systems/analytics/jobs/exportDatabricks.sh
source "$JOBS_DIR/export${what^}.sh"

work=$(mktemp -d "$SCRATCH_DIR/export.XXXXXX")
trap 'rm -rf "$work"' EXIT
started=$EPOCHSECONDS
mkdir "$work/content"
collect "$work/content" || die "$ASSET cannot be read whole: nothing is exported"
# Before it is sent: an export that is empty or cut short must not become the newest.
counts=$(check "$work/content") || die "what was collected of $ASSET is not whole: nothing is exported"
point=$(point_put "$work/content" "$counts")
log "exported $point: $(jq -c . <<<"$counts")"

{
  # What it holds is at least of this moment: things change while they are listed.
  printf 'holdfast_capture_timestamp_seconds{asset="%s",role="full"} %d\n' "$ASSET" "$started"
  printf 'holdfast_run_seconds{asset="%s",role="full"} %d\n' "$ASSET" "$((EPOCHSECONDS - started))"
  told "$work/content"
} | push full
