#!/usr/bin/env bash
# recover.sh restore|verify: one step of a recovery. What was written after RESTORE_BEFORE (damage, intrusion) is left out.
set -euo pipefail
# shellcheck source=systems/platform/jobs/exports.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/exports.sh"

step=${1:-}
[[ $step == restore || $step == verify ]] || die "usage: recover.sh restore|verify"
: "${RESTORE_BEFORE:=now}"
work=$(mktemp -d "$SCRATCH_DIR/recover.XXXXXX")
trap 'rm -rf "$work"' EXIT

line=$(newest_point "$RESTORE_BEFORE") || die "the bucket has no export of $ASSET not later than $RESTORE_BEFORE"
point=${line%% *}
fetch "$line" "$work/one"
counts=$(verified "$point" "$work/one")
if [[ $step == restore ]]; then
  restore "$work/one/content" "$work" || die "export $point could not be restored: the step can be repeated"
  log "restored export $point of $ASSET: $(jq -c . <<<"$counts")"
else
  # The same export: nothing else says what must be there.
  confirm "$work/one/content" "$work" || die "what is there is not what export $point holds"
  log "$ASSET is what export $point holds: $(jq -c . <<<"$counts")"
fi
