# shellcheck shell=bash
# What somebody said for one incident, in a ConfigMap, must not steer the recovery from the next.

# words_said NAME...: the names of those that have a value.
words_said() {
  local name words=()
  for name in "$@"; do [[ -z ${!name:-} ]] || words+=("$name"); done
  printf '%s' "${words[*]}"
}

# of_this_incident MAP WORDS: the map says which incident it was written for, and that was within INCIDENT_HOURS.
of_this_incident() {
  local map=$1 words=$2 written age
  local again="write $map anew as the runbook says, or delete it if that incident is over"
  whole INCIDENT_HOURS
  [[ -n ${INCIDENT:-} && -n ${INCIDENT_WRITTEN:-} ]] || die "$map must say INCIDENT and INCIDENT_WRITTEN, got '$words': $again"
  written=$(date -u -d "$INCIDENT_WRITTEN" +%s) || die "INCIDENT_WRITTEN must be a time such as 2026-11-21T03:04:00Z, got '$INCIDENT_WRITTEN'"
  age=$((EPOCHSECONDS - written))
  ((age <= INCIDENT_HOURS * 3600)) || die "what $map says is of incident $INCIDENT, written $INCIDENT_WRITTEN, more than $INCIDENT_HOURS hours ago: $again"
  # Clocks differ by seconds; a date that is meant to last is not one.
  ((age >= -300)) || die "INCIDENT_WRITTEN must not be in the future, got '$INCIDENT_WRITTEN': $again"
  log "incident $INCIDENT, written $INCIDENT_WRITTEN, says $words"
}
