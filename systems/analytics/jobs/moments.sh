# shellcheck shell=bash
# Which moment comes back, as whoever recovers has said in analytics-incident.

spell() { printf '%dh%02dm' $(($1 / 3600)) $(($1 % 3600 / 60)); }

# moment_said NAME: what was said under that name, in seconds.
moment_said() {
  local at
  if [[ ! ${!1:-} =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$ ]] || ! at=$(date -u -d "${!1}" +%s); then
    die "$1 must be set in the ConfigMap analytics-incident, a moment in UTC such as 2026-11-21T03:04:00Z, got '${!1:-}'"
  fi
  ((at <= EPOCHSECONDS)) || die "$1 must be in the past, got ${!1}"
  printf '%d' "$at"
}

# trusted: the last moment that is trusted, in seconds: damage and intruders came after it. Only a person knows it.
trusted() { moment_said RESTORE_BEFORE; }

# lost_at: when the region was lost, from which the loss is reckoned: LOST_AT, else now.
lost_at() {
  local at=$EPOCHSECONDS
  if [[ -n ${LOST_AT:-} ]]; then
    at=$(moment_said LOST_AT) || exit 1
    ((at >= EPOCHSECONDS - INCIDENT_HOURS * 3600)) || die "LOST_AT must be within the last $INCIDENT_HOURS hours, got $LOST_AT"
  fi
  printf '%d' "$at"
}

# within_rpo WHAT HOLDS LOST: nothing older than what is promised comes back, unless somebody has said for this incident
# that everything since a moment may be lost.
within_rpo() {
  local age=$(($3 - $2)) since says
  whole PROMISED_RPO
  if ((age <= PROMISED_RPO)); then return; fi
  says="$1 holds $(iso "$2"), $(spell "$age") before $(iso "$3"); promised is $(spell "$PROMISED_RPO")"
  if [[ -n ${LOSE_SINCE:-} ]]; then
    since=$(moment_said LOSE_SINCE) || exit 1
    if (($2 >= since)); then
      log "$says; going on, because LOSE_SINCE=$LOSE_SINCE"
      return
    fi
  fi
  die "$says: say LOST_AT in analytics-incident if it was lost earlier, or LOSE_SINCE=$(iso "$2") if all since then may be lost"
}

# chosen_point: "<moment> <version>" of the export that comes back: the newest before what is trusted, else the newest, which
# must not be older than promised. Fails where none is.
chosen_point() {
  local line limit=now
  if [[ $WAY != secondary || -n ${RESTORE_BEFORE:-} ]]; then
    limit=$(trusted) || exit 1
    # shellcheck disable=SC2034 # points reads it
    if [[ $WAY == room ]]; then local WRITTEN_BEFORE=$limit; fi
    limit=$(iso "$limit")
  fi
  line=$(point_before "$limit") || die "$STORE/$PREFIX has no export before $limit"
  if [[ $limit == now ]]; then
    limit=$(lost_at) || exit 1
    within_rpo "the newest export of $ASSET" "$(epoch_of "${line%% *}")" "$limit"
  fi
  printf '%s\n' "$line"
}

# find_point: the step of a path that comes back from exports: which one it is, and that it can be read whole.
find_point() {
  local line
  line=$(chosen_point) || exit 1
  point_fetch "$line" "$work/point"
  jq -c --arg line "$line" '{point, version: ($line | split(" ")[1]), counts, bytes}' "$work/point.json"
}

# found_point DIR: fetches the export that the step find has chosen.
found_point() {
  local found
  found=$(result "$path.find") || die "find of $path must come first"
  point_fetch "$(jq -r '"\(.point) \(.version)"' <<<"$found")" "$1"
}
