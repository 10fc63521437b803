# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# What is in the database, asked over TLS, and whether the files that it refers to are there.

# shellcheck source=systems/omniverse/jobs/without.sh
source "$JOBS_DIR/without.sh"
# shellcheck source=systems/omniverse/jobs/pages.sh
source "$JOBS_DIR/pages.sh"

: "${LAG_AT_MOST:=15m}" "${COUNTED_TABLES:=20}"

# connect_to HOST: the password goes through a file, because an argument shows in the process list.
connect_to() {
  need DB_SECRET
  PGHOST=$1
  log_in "$RUN_DIR"
}

# said_of_database: what a recovery or a fail-back has left written about it, where it is connected to.
said_of_database() {
  SQL_DATABASE=postgres sql <<<"select shobj_description(oid, 'pg_database') from pg_database where datname = '$DB_NAME'"
}
# say_of_database 'WORDS'|null: writes that; null takes it back.
say_of_database() { SQL_DATABASE=postgres sql <<<"comment on database \"$DB_NAME\" is $1"; }

# refuse_aside WHAT INSTEAD: of an instance that a recovery or a fail-back has put aside nothing serves: it is another's past.
refuse_aside() {
  local words
  words=$(said_of_database) || die "$1 does not answer"
  case $words in
    'holdfast put aside '* | 'holdfast stood down '*) die "$1 is, or comes from, an instance that serves nobody any more: its database says '$words'; $2" ;;
  esac
}

# missing_objects BUCKET: keys that the database refers to and the bucket does not hold, to $lists/missing. The key must be
# there now, for Nucleus reads by key; and the version that the database knows, or it is noted (notes.sh) that what is there
# stands for it: else an older one would be read. A bucket that copies came back to has other versions altogether.
missing_objects() {
  local versions=1
  need REFERENCES_SQL
  if [[ $FROM == copies ]]; then versions=0; fi
  list_versions "$1" "$AWS_REGION" "$lists/all" || die "the bucket $1 cannot be listed"
  read_notes "$1"
  list_references '' >"$lists/references" || die "the files that the database refers to cannot be listed"
  LC_ALL=C awk -F'\t' -v OFS='\t' -v versions="$versions" '
    part == "notes" { if ($3 == "-") given[$1 FS $2]; else here[$1 FS $2]; next }
    part == "all" { if ($1 == "v") { here[$2 FS $3]; if ($6 == "True") now[$2] } next }
    ($1 FS $2) in given { next }
    !($1 in now) || (versions && $2 != "" && !(($1 FS $2) in here)) { print $1, $2 }' \
    part=notes "$lists/notes" part=all "$lists/all" part=references "$lists/references" >"$lists/rows"
  cut -f 1 "$lists/rows" | LC_ALL=C sort -u >"$lists/missing"
}

# forgoes: whether somebody may accept to be without some of them: where what is not there can no longer come.
forgoes() { [[ -n ${REGION_RPO:-} || ${FROM:-} == copies ]]; }

# refuse_missing WHAT BUCKET: names twenty of them, and how many there are.
refuse_missing() {
  local key
  if forgoes && [[ -n ${GO_ON_WITHOUT:-} ]]; then
    accept_without "$lists/missing" "$2"
    if [[ $step == verify && ! -s $lists/missing ]]; then ASSET_BUCKET=$2 give_up; fi
  fi
  [[ -s $lists/missing ]] || return 0
  head -n 20 "$lists/missing" | while IFS= read -r key; do log "missing: $key"; done
  if forgoes; then offer_without "$lists/missing"; fi
  die "$1 $(wc -l <"$lists/missing") files that $2 does not hold"
}

# compare_replica: may this replica be promoted with the assets that are here? Asked while it still follows.
compare_replica() {
  local replayed latest earliest source like taken lost
  taken=$(result take assets.object-replica) || die "take of the assets must come first: it says what they hold"
  look "$DB_REPLICA"
  [[ $status != absent ]] || die "there is no replica $DB_REPLICA: take the path database-in-secondary"
  [[ -n $seen ]] || die "$DB_REPLICA is $status"
  follows || die "$DB_REPLICA follows nothing: it was promoted before; take the path database-in-secondary"
  refuse_stranger
  connect_to "$(jq -r .Endpoint.Address <<<"$seen")"
  refuse_aside "$DB_REPLICA" "take the path database-in-secondary, to a moment before that"
  replayed=$(sql <<<"select floor(extract(epoch from pg_last_xact_replay_timestamp()))::bigint") || die "$DB_REPLICA does not answer"
  [[ $replayed =~ ^[0-9]+$ ]] || die "$DB_REPLICA does not say up to when it follows: take the path database-in-secondary"
  restore_window
  latest=$(date -u -d "$latest" +%s)
  ((latest - replayed <= $(seconds_of "$LAG_AT_MOST"))) ||
    die "the replica stands at $(iso "$replayed") and the replicated backups reach $(iso "$latest"): take the path database-in-secondary"
  lost=$(date -u -d "$(jq -r .lost <<<"$taken")" +%s)
  within_rpo "the transactions of $DB_REPLICA" "$replayed" "$lost"
  missing_objects "$ASSET_BUCKET"
  refuse_missing "the replica is ahead of the assets: take the path database-in-secondary; it refers to" "$ASSET_BUCKET"
  jq -n --arg moment "$(iso "$replayed")" --argjson behind "$((latest > replayed ? latest - replayed : 0))" '{moment: $moment, behindBackups: $behind}'
}

# read_indexes WHAT DAMAGED: of an instance that was just restored each block comes from S3 when it is first read, so this may
# take long; a sixth of the step is left for the files. What was read once is there when the step is started again.
read_indexes() {
  local code=0 seconds=$((STEP_SECONDS * 5 / 6 - SECONDS))
  look_at_restored "$1" "$2" timeout "$seconds" || code=$?
  ((code != 124)) || die "pg_amcheck has not read everything within $seconds s, which is no sign of damage: start the step again, it goes on faster over what was read"
}

# verify_database: it answers, holds rows, is undamaged, and every file that it refers to is there.
verify_database() {
  local restored counts references host bucket=$ASSET_BUCKET instead="choose an earlier RESTORE_BEFORE and begin again"
  restored=$(result "$([[ $FROM == replica ]] && printf promote || printf restore)")
  host=$(jq -r .host <<<"$restored")
  if [[ $FROM == copies ]]; then bucket=$TARGET_BUCKET; fi
  # What was deleted since is behind a marker at any moment that the database comes back to; its versions are there.
  if [[ $FROM == point-in-time ]]; then instead="bring the files back to the same RESTORE_BEFORE by assets-in-place, then start this step again"; fi
  connect_to "$host"
  if [[ $FROM != copies ]]; then
    refuse_aside "the database at $host" "choose a RESTORE_BEFORE before that, or another DATABASE_RESOURCE, and begin again"
  fi
  counts=$(count_rows '' "$COUNTED_TABLES" | as_tables) || die "the database at $host does not answer"
  jq -e '[.[]] | add // 0 | . > 0' <<<"$counts" >/dev/null || die "the database at $host holds no row at all"
  read_indexes "the database at $host" "the database at $host is damaged: see pg_amcheck above"
  missing_objects "$bucket"
  refuse_missing "clients are not sent here; $instead: the database refers to" "$bucket"
  references=$(wc -l <"$lists/references")
  jq --argjson counts "$counts" --argjson references "$references" '{identifier, resource, host, moment, counts: $counts, references: $references}' <<<"$restored"
}
