# shellcheck shell=bash
# Which moment the database and the assets come back to. Together or not at all: the database is never newer.

# S3 Replication Time Control replicates nearly everything within 15 minutes; what had not arrived is found by verify.
: "${REPLICATED_WITHIN:=15m}"

iso() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

# asked: RESTORE_BEFORE in seconds; the last moment that is trusted, which only a person knows.
asked() {
  local at
  [[ -n ${RESTORE_BEFORE:-} ]] ||
    die "RESTORE_BEFORE must be set in the ConfigMap omniverse-incident: the last moment that is trusted, such as 2026-11-21T03:04:00Z"
  if [[ ! $RESTORE_BEFORE =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$ ]] || ! at=$(date -u -d "$RESTORE_BEFORE" +%s); then
    die "RESTORE_BEFORE must be a moment in UTC such as 2026-11-21T03:04:00Z, got '$RESTORE_BEFORE'"
  fi
  ((at <= EPOCHSECONDS)) || die "RESTORE_BEFORE must be in the past, got $RESTORE_BEFORE"
  printf '%d' "$at"
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
  local at latest taken holds
  taken=$(result take assets.object-replica) || die "take of the assets must come first: it says which moment they hold"
  latest=$(date -u -d "$2" +%s)
  holds=$(date -u -d "$(jq -r .holds <<<"$taken")" +%s)
  # An estimate is lifted by what is known besides: the region stood at the latest restorable time, and what was written
  # long enough before had been replicated. Without this a quiet night would cost the database all of it.
  if [[ $(jq -r .exact <<<"$taken") != true ]]; then
    at=$((latest - $(seconds_of "$REPLICATED_WITHIN")))
    if ((at > holds)); then holds=$at; fi
  fi
  at=$((holds < latest ? holds : latest))
  if [[ -n ${RESTORE_BEFORE:-} ]]; then
    latest=$(asked) || exit 1
    if ((latest < at)); then at=$latest; fi
  fi
  restorable "$at" "$1" "$2"
  printf '%d' "$at"
}
