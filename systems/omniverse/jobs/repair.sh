#!/usr/bin/env bash
# repair.sh STEP: the runbook's database recovery up to where it restores: reach it, look at all of it, mend what indexes
# alone have lost. Rows that are damaged are not mended but restored, by the path database-in-place.
set -euo pipefail
# A step runs in $(...), where a failure would otherwise not end it.
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}" "${SCRATCH_DIR:=/scratch}"
# shellcheck source=systems/omniverse/jobs/lib.sh
source "$JOBS_DIR/lib.sh"
procedure=database-repair order="reach integrity stop repair verify start" step=${1:-}
# shellcheck source=systems/omniverse/jobs/procedure.sh
source "$JOBS_DIR/procedure.sh"
need ASSET_BUCKET
RESTORE="take the path database-in-place, after assets-in-place where files are damaged too (after a failover there is none: its page says what there is)"

# reach: RDS mends its own server. What it waits for others to do is done here: a start, or the restart that it asks for.
reach() {
  local said='' did=waited
  look "$DB_INSTANCE"
  case $status in
    absent) die "there is no instance $DB_INSTANCE: $RESTORE" ;;
    unknown) die "RDS of $AWS_REGION does not answer: is the region lost? Then take the path database-in-secondary" ;;
    stopped)
      rds start-db-instance --db-instance-identifier "$DB_INSTANCE" >/dev/null || die "$DB_INSTANCE cannot be started"
      did=started
      ;;
  esac
  wait_available "$DB_INSTANCE"
  if ! answers && [[ $(jq '[.DBParameterGroups[]? | .ParameterApplyStatus] | index("pending-reboot") != null' <<<"$seen") == true ]]; then
    log "$DB_INSTANCE does not answer and RDS says that it waits for a restart"
    rds reboot-db-instance --db-instance-identifier "$DB_INSTANCE" >/dev/null || die "$DB_INSTANCE cannot be restarted"
    did=restarted
    sleep "$POLL_SECONDS"
    wait_available "$DB_INSTANCE"
  fi
  wait_until "${ANSWER_SECONDS:-300}" answers || die "$DB_INSTANCE does not answer: $said; $RESTORE"
  jq -n --arg instance "$DB_INSTANCE" --arg did "$did" '{instance: $instance, did: $did}'
}

# examine: every page of every table and every entry of every index, and all rows read out once. Prints what is broken.
examine() {
  local said='' code=0 reads=true heaps
  answers || die "the database does not answer: $said; begin with reach"
  command -v pg_amcheck >/dev/null || die "the image has no pg_amcheck: whether the database is whole cannot be told"
  read_pages "$RUN_DIR/amcheck" pg_amcheck --install-missing --heapallindexed --jobs "$WORK_JOBS" --database "$DB_NAME" || code=$?
  ((code != 3)) || die "$MAY_NOT_LOOK; where damage is known otherwise, $RESTORE"
  ((code == 0 || code == 2)) || die "pg_amcheck could not look at $DB_INSTANCE"
  # The runbook's own check. It sees what it reads, which is no index.
  pg_dump --no-password --lock-wait-timeout 300s "$DB_NAME" 2>"$RUN_DIR/dump-said" | cat >/dev/null || reads=false
  if [[ $reads == false ]]; then log "pg_dump cannot read everything: $(tail -n 1 "$RUN_DIR/dump-said")"; fi
  sed -nE 's/^btree index "(.*)":$/\1/p' "$RUN_DIR/amcheck" | LC_ALL=C sort -u >"$RUN_DIR/indexes"
  heaps=$(sed -nE 's/^heap table "([^"]*)".*/\1/p' "$RUN_DIR/amcheck" | LC_ALL=C sort -u | wc -l)
  jq -Rn --argjson code "$code" --argjson heaps "$heaps" --argjson reads "$reads" '[inputs] as $indexes
    | {verdict: (if $code == 0 and $reads then "sound" elif $heaps == 0 and ($indexes | length) > 0 then "indexes" else "damaged" end),
      indexes: $indexes, tables: $heaps, reads: $reads}' <"$RUN_DIR/indexes"
}

integrity() {
  local found
  found=$(examine)
  [[ $(jq -r .verdict <<<"$found") != damaged ]] || die "the database is damaged, and not in its indexes alone: $(jq -c . <<<"$found"); $RESTORE"
  printf '%s' "$found"
}

# repair: all indexes, because what broke one may have broken others where nobody has looked. Nobody writes meanwhile.
repair() {
  local found
  found=$(result integrity) || exit 1
  if [[ $(jq -r .verdict <<<"$found") == sound ]]; then
    log "no index is broken: nothing is done"
    jq -n '{reindexed: false}'
    return
  fi
  no_pods || die "pods labelled $SERVICE_LABEL are running: they would write by indexes that are broken"
  answers || die "the database does not answer: $said"
  sql <<<"reindex database \"$DB_NAME\"" >&2 || die "the indexes cannot be made anew, two rows may have one key: $RESTORE"
  sql <<<analyze >&2 || die "the statistics cannot be made anew: start the step again"
  jq '{reindexed: true, indexes}' <<<"$found"
}

# verify: the same look again, and whether every file that the database refers to is there.
verify() {
  local found counts
  found=$(examine)
  [[ $(jq -r .verdict <<<"$found") == sound ]] || die "making the indexes anew was not enough: $(jq -c . <<<"$found"); $RESTORE"
  # What examine has connected to, it has in a shell of its own.
  answers || die "the database does not answer: $said"
  counts=$(count_rows '' "$COUNTED_TABLES" | as_tables) || die "the tables cannot be counted"
  jq -e '[.[]] | add // 0 | . > 0' <<<"$counts" >/dev/null || die "the database holds no row at all: $RESTORE"
  missing_objects "$ASSET_BUCKET"
  refuse_missing "the database is whole, but it refers to" "$ASSET_BUCKET"
  jq --argjson counts "$counts" '. + {counts: $counts}' <<<"$found"
}

said=''
in_turn
case $step in
  reach) result=$(reach) ;;
  integrity) result=$(integrity) ;;
  stop) result=$(stop_service) ;;
  repair) result=$(repair) ;;
  verify) result=$(verify) ;;
  start)
    start_service
    result=$(jq -n --arg url "$SITE_URL" '{healthy: $url}')
    ;;
esac
done_with "$result"
