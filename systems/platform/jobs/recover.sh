#!/usr/bin/env bash
# recover.sh restore|verify: one step of a recovery. What was written after RESTORE_BEFORE (damage, intrusion) is left out.
set -euo pipefail
# shellcheck source=systems/platform/jobs/exports.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/exports.sh"

step=${1:-}
[[ $step == restore || $step == verify ]] || die "usage: recover.sh restore|verify"
whole INCIDENT_HOURS

# What somebody said for one incident must not steer the recovery from the next: without these no such word is taken.
said=()
for name in RESTORE_BEFORE ZONE_MAP ACCEPTED REMOVE INCIDENT INCIDENT_WRITTEN; do [[ -z ${!name:-} ]] || said+=("$name"); done
if ((${#said[@]} > 0)) || damaged; then
  again="write platform-incident anew as the runbook says, or delete it if that incident is over"
  [[ -n ${INCIDENT:-} && -n ${INCIDENT_WRITTEN:-} ]] || die "platform-incident must say INCIDENT and INCIDENT_WRITTEN, got '${said[*]}': $again"
  written=$(date -u -d "$INCIDENT_WRITTEN" +%s) || die "INCIDENT_WRITTEN must be a time such as 2026-11-21T03:04:00Z, got '$INCIDENT_WRITTEN'"
  age=$((EPOCHSECONDS - written))
  ((age <= INCIDENT_HOURS * 3600)) || die "what platform-incident says is of incident $INCIDENT, written $INCIDENT_WRITTEN, more than $INCIDENT_HOURS hours ago: $again"
  # Clocks differ by seconds; a date that is meant to last is not one.
  ((age >= -300)) || die "INCIDENT_WRITTEN must not be in the future, got '$INCIDENT_WRITTEN': $again"
  log "incident $INCIDENT, written $INCIDENT_WRITTEN, says ${said[*]}"
fi
# What was exported after the damage was noticed is no better, and both steps must take the same export.
limit=${RESTORE_BEFORE:-now}
if damaged; then limit=${RESTORE_BEFORE:-$INCIDENT_WRITTEN}; fi
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
