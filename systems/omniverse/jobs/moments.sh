# shellcheck shell=bash
# Which moment the database and the assets come back to. Together or not at all: the database is never newer.

# S3 Replication Time Control replicates nearly everything within 15 minutes; what had not arrived is found by verify.
: "${REPLICATED_WITHIN:=15m}"

iso() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

# moment_said NAME: what whoever recovers has said under that name, in seconds.
moment_said() {
  local at
  if [[ ! ${!1} =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$ ]] || ! at=$(date -u -d "${!1}" +%s); then
    die "$1 must be a moment in UTC such as 2026-11-21T03:04:00Z, got '${!1}'"
  fi
  ((at <= EPOCHSECONDS)) || die "$1 must be in the past, got ${!1}"
  printf '%d' "$at"
}

# asked: RESTORE_BEFORE in seconds; the last moment that is trusted, which only a person knows.
asked() {
  [[ -n ${RESTORE_BEFORE:-} ]] ||
    die "RESTORE_BEFORE must be set in the ConfigMap omniverse-incident: the last moment that is trusted, such as 2026-11-21T03:04:00Z"
  moment_said RESTORE_BEFORE
}

# spell SECONDS: 5400 is 1h30m.
spell() { printf '%dh%02dm' $(($1 / 3600)) $(($1 % 3600 / 60)); }

# lost_at SEEN: when the region was lost, from which the loss is reckoned: LOST_AT, else now, and not before it was seen last.
lost_at() {
  local at=$EPOCHSECONDS
  if [[ -n ${LOST_AT:-} ]]; then
    at=$(moment_said LOST_AT) || exit 1
    # An example that was pasted would measure nothing.
    ((at >= EPOCHSECONDS - INCIDENT_HOURS * 3600)) || die "LOST_AT must be within the last $INCIDENT_HOURS hours, got $LOST_AT: without it the loss is reckoned from now"
  fi
  printf '%d' $((at > $1 ? at : $1))
}

# within_rpo WHAT HOLDS LOST [KEYS]: nothing older than what is promised for a lost region comes back, unless somebody has
# said for this incident that everything since a moment may be lost.
within_rpo() {
  local age=$(($3 - $2)) since says
  need REGION_RPO
  whole REGION_RPO
  if ((age <= REGION_RPO)); then return; fi
  says="$1 hold $(iso "$2"), $(spell "$age") before $(iso "$3"), when the region counts as lost; promised is $(spell "$REGION_RPO")${4:+; the oldest that are missing: $4}"
  if [[ -n ${LOSE_SINCE:-} ]]; then
    since=$(moment_said LOSE_SINCE) || exit 1
    if (($2 >= since)); then
      log "$says; going on, because LOSE_SINCE=$LOSE_SINCE"
      return
    fi
  fi
  die "$says: wait or have it sent again, say LOST_AT in omniverse-incident if the region was lost earlier, or LOSE_SINCE=$(iso "$2") if all since then may be lost"
}

# restorable AT EARLIEST LATEST: refuses what RDS cannot restore; both are as RDS prints them.
restorable() {
  (($1 >= $(date -u -d "$2" +%s))) || die "RESTORE_BEFORE must not be earlier than the earliest restorable time $2, got $(iso "$1")"
  (($1 <= $(date -u -d "$3" +%s))) || die "RESTORE_BEFORE must not be later than the latest restorable time $3, got $(iso "$1")"
}

# moment_in_place EARLIEST LATEST: RESTORE_BEFORE, which the assets must not fall short of.
moment_in_place() {
  local at assets
  at=$(asked) || exit 1
  restorable "$at" "$1" "$2"
  if assets=$(result restore assets.object-versions); then
    assets=$(jq -r .moment <<<"$assets")
    ((at <= $(date -u -d "$assets" +%s))) || die "the assets were restored to $assets: RESTORE_BEFORE must not be later, or the database refers to files that are not there"
  fi
  printf '%d' "$at"
}

# moment_elsewhere EARLIEST LATEST: the newest that both the backups here and the replicated assets hold.
moment_elsewhere() {
  local at latest taken holds lost
  taken=$(result take assets.object-replica) || die "take of the assets must come first: it says which moment they hold"
  latest=$(date -u -d "$2" +%s)
  holds=$(date -u -d "$(jq -r .holds <<<"$taken")" +%s)
  at=$((holds < latest ? holds : latest))
  if [[ -n ${RESTORE_BEFORE:-} ]]; then
    latest=$(asked) || exit 1
    if ((latest < at)); then at=$latest; fi
  fi
  # A moment that a person chose is not measured.
  if [[ -z ${RESTORE_BEFORE:-} ]] || ((at < latest)); then
    lost=$(date -u -d "$(jq -r .lost <<<"$taken")" +%s)
    within_rpo "the backups and the files together" "$at" "$lost"
  fi
  restorable "$at" "$1" "$2"
  printf '%d' "$at"
}
