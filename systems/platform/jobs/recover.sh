#!/usr/bin/env bash
# recover.sh restore|verify: one step of a recovery. What was written after RESTORE_BEFORE (damage, intrusion) is left out.
set -euo pipefail
# shellcheck source=systems/platform/jobs/exports.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/exports.sh"
# shellcheck source=systems/jobs/incident.sh
source "$JOBS_DIR/incident.sh"

step=${1:-}
[[ $step == restore || $step == verify ]] || die "usage: recover.sh restore|verify"

said=$(words_said RESTORE_BEFORE ZONE_MAP ACCEPTED REMOVE INCIDENT INCIDENT_WRITTEN)
if [[ -n $said ]] || damaged; then of_this_incident platform-incident "$said"; fi
# What was exported after the damage was noticed is no better, and both steps must take the same export.
limit=${RESTORE_BEFORE:-now}
if damaged; then limit=${RESTORE_BEFORE:-$INCIDENT_WRITTEN}; fi
# shellcheck disable=SC2034 # list_points reads it
if [[ ${CLEAN_ROOM:-no} == yes ]]; then WRITTEN_BEFORE=$limit; fi
work=$(mktemp -d "$SCRATCH_DIR/recover.XXXXXX")
trap 'rm -rf "$work"' EXIT

line=$(newest_point "$limit") || die "the bucket has no export of $ASSET not later than $limit"
point=${line%% *}
fetch "$line" "$work/one"
counts=$(verified "$point" "$work/one")
if [[ $step == restore ]]; then
  restore "$work/one/content" "$work" || die "export $point could not be restored: the step can be repeated"
  log "restored export $point of $ASSET: $(jq -c . <<<"$counts")"
else
  confirm "$work/one/content" "$work" || die "what is there is not what export $point holds"
  log "$ASSET is what export $point holds: $(jq -c . <<<"$counts")"
fi
