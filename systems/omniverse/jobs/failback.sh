#!/usr/bin/env bash
# failback.sh STEP: back to the first site, when its region stands again. It follows the second site first, in database and
# files, while people work there; then the second stands down (standdown.sh), and only what it said last is waited for.
set -euo pipefail
# A step runs in $(...), where a failure would otherwise not end it.
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}" "${SCRATCH_DIR:=/scratch}"
# shellcheck source=systems/omniverse/jobs/lib.sh
source "$JOBS_DIR/lib.sh"
procedure=fail-back order="look follow files last promote verify resume dns onward" step=${1:-}
# shellcheck source=systems/omniverse/jobs/procedure.sh
source "$JOBS_DIR/procedure.sh"
# shellcheck source=systems/omniverse/jobs/restores.sh
source "$JOBS_DIR/restores.sh"
# shellcheck source=systems/omniverse/jobs/edge.sh
source "$JOBS_DIR/edge.sh"
# shellcheck source=systems/omniverse/jobs/wake.sh
source "$JOBS_DIR/wake.sh"
: "${LOOK_VALID_FOR:=14d}"
need ASSET_BUCKET SECOND_URL SECOND_REGION SECOND_BUCKET SECOND_INSTANCE SOURCE_ARN PROMETHEUS_URL SECOND_PROBE
said=''

# followed: DB_INSTANCE follows the second site.
followed() { [[ -n $seen ]] && follows && [[ $(jq -r .ReadReplicaSourceDBInstanceIdentifier <<<"$seen") == "$SOURCE_ARN" ]]; }

# rule_enabled: whether S3 copies what is written here to the second site; dies where nobody can say.
rule_enabled() {
  local rules
  rules=$(aws s3api get-bucket-replication --region "$AWS_REGION" --output json --bucket "$ASSET_BUCKET" 2>"$RUN_DIR/s3-said") ||
    { grep -q ReplicationConfigurationNotFound "$RUN_DIR/s3-said" && rules='{}'; } || die "whether $ASSET_BUCKET is copied cannot be read"
  jq -r '[.ReplicationConfiguration.Rules[]? | select(.Status == "Enabled")] != []' <<<"$rules"
}

# look_around: this site is stale; nothing of it may serve, or arrive at the second site over newer work.
look_around() {
  local stopped enabled aside=none
  healthy "$SECOND_URL" || die "$SECOND_URL/health does not answer: only a site that serves is followed"
  stopped=$(stop_service)
  enabled=$(rule_enabled)
  [[ $enabled == false ]] || die "$ASSET_BUCKET is still copied to the second site, over newer work there: disable its replication rule first"
  look "$DB_INSTANCE"
  [[ $status != unknown ]] || die "RDS of $AWS_REGION does not answer: this site is not back"
  if [[ $status != absent ]] && ! followed; then
    aside=$(unused "$DB_INSTANCE-fenced")
    mark_aside "$DB_INSTANCE"
    rename "$DB_INSTANCE" "$aside" >&2
  else
    # A failover has put it aside from the other region, which cannot write into it.
    aside=$(last_aside "$DB_INSTANCE-fenced" | jq -r .DBInstanceIdentifier)
    if [[ -n $aside ]]; then mark_aside "$aside"; fi
  fi
  jq -n --argjson stopped "$stopped" --arg aside "${aside:-none}" '$stopped + {aside: $aside}'
}

# follow: a replica here of what serves there, with the settings of the instance that served here.
follow() {
  local aside
  look "$DB_INSTANCE"
  if ! followed; then
    [[ $status == absent ]] || die "$DB_INSTANCE is $status and does not follow $SOURCE_ARN: begin with look"
    aside=$(result look | jq -r .aside)
    look "$aside"
    [[ -n $seen ]] || die "$aside, which look has put aside, is $status: the network and the settings of the replica are read from it"
    make_follower "$DB_INSTANCE" "$SOURCE_ARN" "$SECOND_REGION" "$seen"
  fi
  wait_available "$DB_INSTANCE"
  followed || die "$DB_INSTANCE does not follow $SOURCE_ARN"
  jq '{identifier: .DBInstanceIdentifier, resource: .DbiResourceId, host: .Endpoint.Address}' <<<"$seen"
}

list_both() {
  local second
  list_versions "$SECOND_BUCKET" "$SECOND_REGION" "$lists/there" &
  second=$!
  list_versions "$ASSET_BUCKET" "$AWS_REGION" "$lists/all" || die "the bucket $ASSET_BUCKET cannot be listed"
  wait "$second" || die "the bucket $SECOND_BUCKET cannot be listed"
}

# connect_here: to the database that follows, which says what the files belong to.
connect_here() {
  look "$DB_INSTANCE"
  followed || die "$DB_INSTANCE does not follow $SOURCE_ARN: begin with follow"
  connect_to "$(jq -r .Endpoint.Address <<<"$seen")"
  PGPORT=$(jq -r '.Endpoint.Port // 5432' <<<"$seen")
  export PGPORT
}

# newer_there: of both lists lines "<key>\t<version>\t<size>" of what people have at the second site and would not have
# here: what was written there; and what lies here behind a newest version that never got there, or behind a deletion, of
# which the database knows nothing: the failover was to a moment before.
newer_there() {
  local began
  # What this fail-back has copied; what one before it has, the notes say.
  began=$(VALID_FOR=$LOOK_VALID_FOR result look | jq -r '.at | rtrimstr("Z")') || began=9
  # A version that S3 has copied from here has the same name in both.
  LC_ALL=C awk -F'\t' -v OFS='\t' -v own="$CANARY_FOLDER" -v notes="$NOTES_FOLDER" -v began="$began" '
    part == "notes" { stands[$1 FS $2] = $3; next }
    part == "references" { wanted[$1]; named[$1 FS $2]; if (($1 FS $2) in stands) named[$1 FS stands[$1 FS $2]]; next }
    part == "here" { if ($1 == "v") here[$2 FS $3]; if ($6 == "True") { newest[$2] = $3; kind[$2] = $1; at[$2] = $4; size[$2] = $5 } next }
    part == "sent" { if ($1 == "v") sent[$2 FS $3]; next }
    $1 != "v" || $6 != "True" || (index($2, own) == 1 && index($2, notes) != 1) { next }
    { mine = newest[$2]; brought = at[$2] "" >= began "" && at[$2] "" > $4 "" && size[$2] == $5; same = $2 FS $3 }
    mine == $3 || (same in stands && stands[same] == mine) { next }
    kind[$2] == "v" && !(($2 FS mine) in sent) { if (brought || (($2 FS mine) in named && at[$2] "" > $4 "")) next; print $2, $3, $5; next }
    !(same in here) || (kind[$2] == "m" && $2 in wanted) { print $2, $3, $5 }' \
    part=notes "$lists/notes" "$lists/brought" part=references "$lists/references" part=here "$lists/all" \
    part=sent "$lists/there" part=newest "$lists/there"
}

# note_brought: of every file that is here as it is there, the versions that only the second site knows.
note_brought() {
  LC_ALL=C awk -F'\t' -v OFS='\t' -v own="$CANARY_FOLDER" 'index($2, own) != 1 { print $2, $7, $3 }' "$lists/copied" >"$lists/brought"
  newer_there | cut -f 1 >"$lists/lacking"
  LC_ALL=C awk -F'\t' -v OFS='\t' -v own="$CANARY_FOLDER" '
    part == "lacking" { lacking[$0]; next }
    part == "brought" { print; next }
    $1 != "v" || index($2, own) == 1 || $2 in lacking { next }
    part == "here" { here[$2 FS $3]; if ($6 == "True") newest[$2] = $3; next }
    $2 in newest && !(($2 FS $3) in here) { print $2, $3, newest[$2] }' \
    part=lacking "$lists/lacking" part=brought "$lists/brought" part=here "$lists/all" part=there "$lists/there" |
    write_note
}

# copy_home: as new versions here; nothing is deleted, and what is done is not done twice.
copy_home() {
  local failed=0
  connect_here
  list_both
  read_notes "$ASSET_BUCKET"
  # After the lists: what was written since is of the next run.
  list_references '' >"$lists/references" || die "the files that the database refers to cannot be listed"
  : >"$lists/brought"
  newer_there >"$lists/newer"
  log "$(wc -l <"$lists/newer") files of the second site are not here as they are there"
  SOURCE_BUCKET=$SECOND_BUCKET SOURCE_REGION=$SECOND_REGION copy_all "$lists/newer" || failed=1
  note_brought
  ((failed == 0)) || die "not every file was copied; start the step again, what is done is not done twice"
  wc -l <"$lists/newer"
}

# stood_down SINCE: the word that the second site left in the database has come; sets `word`.
stood_down() {
  word=$(said_of_database) || return 1
  # holdfast stood down <copy of the accounts> <time>
  [[ $word =~ ^holdfast\ stood\ down\ [^\ ]+\ [^\ ]+$ && ! ${word##* } < $1 ]]
}
silent_there() { ! healthy "$SECOND_URL"; }

# caught_up AT: what was written there before that second is here, because something later is. RDS writes by itself every five
# minutes: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html
caught_up() {
  local at
  at=$(sql <<<"select floor(extract(epoch from pg_last_xact_replay_timestamp()))::bigint") && [[ $at =~ ^[0-9]+$ ]] && ((at >= $1))
}

# served_since TIME: people were served there after it; where nobody says that, it fails, and what is followed has to tell.
served_since() {
  local seconds=$((EPOCHSECONDS - $(date -u -d "$1" +%s))) code=0
  seen_by_probe "$SECOND_PROBE" "$((seconds > 0 ? seconds : 1))s" || code=$?
  if ((code == 2)); then log "$PROMETHEUS_URL does not say whether the second site has served since $1"; fi
  return "$code"
}

# last: the second site has stood down, all that it wrote has come, and every file is here.
last() {
  local began=$EPOCHSECONDS since copied accounts word=''
  # Days may have gone by: what follows has followed since. A word of before files is of a fail-back that was broken off: the
  # second site served while files ran.
  since=$(VALID_FOR=$LOOK_VALID_FOR result look | jq -r .at) ||
    die "$step must come after look, which has not ended within the last $LOOK_VALID_FOR: start look, follow and files again; what has followed goes on following"
  copied=$(result files | jq -r .at) || exit 1
  if [[ $copied > $since ]]; then since=$copied; fi
  wait_until "${FENCE_SECONDS:-60}" silent_there || die "$SECOND_URL/health still answers: start the job omniverse-stand-down-stop at the second site"
  connect_here
  # Before that, what is read here may be an older word, which was taken back there.
  wait_until "${FOLLOW_SECONDS:-1800}" caught_up "$began" ||
    die "$DB_INSTANCE has not followed to $(iso "$began") within ${waited}s: wait until it does, and start this step again"
  stood_down "$since" ||
    die "the second site has not stood down since $since: start the jobs omniverse-stand-down-close, -accounts, -verify and -stop there, then this step again"
  ! served_since "${word##* }" ||
    die "people were served at the second site since it stood down (${word##* }): start all steps of omniverse-stand-down there again, then this step"
  copied=$(copy_home) || exit 1
  [[ ! -s $lists/lacking ]] || die "$(wc -l <"$lists/lacking") files of the second site are still not here: start the step again"
  missing_objects "$ASSET_BUCKET"
  refuse_missing "the second site goes on serving when its Deployments are started again; the database refers to" "$ASSET_BUCKET"
  accounts=${word#holdfast stood down }
  jq -n --argjson copied "$copied" --arg accounts "${accounts% *}" '{copied: $copied, accounts: $accounts}'
}

# promote: this one first, then the name there goes, so that nothing there can write to what is no longer followed.
promote() {
  look "$DB_INSTANCE"
  if [[ -n $seen ]] && follows; then
    rds promote-read-replica --db-instance-identifier "$DB_INSTANCE" --backup-retention-period "$DB_BACKUP_DAYS" >/dev/null || die "$DB_INSTANCE cannot be promoted"
    until look "$DB_INSTANCE" && [[ $status == available ]] && ! follows; do sleep "$POLL_SECONDS"; done
  fi
  wait_available "$DB_INSTANCE"
  # A fail-back before this one has left an instance of that name; the word in its database says already that it is put aside.
  (
    AWS_REGION=$SECOND_REGION
    aside=$(unused "$SECOND_INSTANCE-stood-down")
    tag_aside "$SECOND_INSTANCE"
    rename "$SECOND_INSTANCE" "$aside" >&2
  )
  answers || die "the database does not answer: $said"
  say_of_database null || die "the word of the second site is still written here, as if this one had stood down: start the step again"
  protect "$DB_INSTANCE" >&2
  jq '{identifier: .DBInstanceIdentifier, resource: .DbiResourceId, host: .Endpoint.Address}' <<<"$seen"
}

verify() {
  local counts
  answers || die "the database does not answer: $said"
  counts=$(count_rows '' "$COUNTED_TABLES" | as_tables) || die "the tables cannot be counted"
  jq -e '[.[]] | add // 0 | . > 0' <<<"$counts" >/dev/null || die "the database holds no row at all"
  read_indexes "the database of $DB_INSTANCE" "the database is damaged: see pg_amcheck above; people stay at the second site: give its instance its name back, and take its tag $ASIDE_TAG away"
  missing_objects "$ASSET_BUCKET"
  refuse_missing "clients are not sent here: the database refers to" "$ASSET_BUCKET"
  # The step that moves the name asks for it under this key.
  note assets.object-replica.verify "$(jq -cn --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '{at: $at, seconds: 0, by: "fail-back"}')"
  jq -n --argjson counts "$counts" '{counts: $counts}'
}

# accounts_came: on the volume are the accounts that the second site copied last, and not those of another day.
accounts_came() {
  local verified last
  accounts_verified
  verified=$(result verify accounts.copies-in-place | jq -r .point)
  last=$(result last | jq -r .accounts) || die "$step must come after last, which has not ended within the last $VALID_FOR"
  [[ $verified == "$last" ]] ||
    die "the accounts that were verified here are those of $verified, and the second site copied last at $last: start stop, restore and verify of accounts-in-place again"
}

# onward: S3 copies nothing that was written while its rule was off. Until somebody has it sent, what came home is in one
# region only, and a failover would come back to the time before.
onward() {
  local enabled limit behind
  enabled=$(rule_enabled)
  [[ $enabled == true ]] || die "$ASSET_BUCKET is not copied to the second site: enable its replication rule, then have S3 send what is there already, as the page says"
  list_both
  limit=$(date -u -d "@$((EPOCHSECONDS - $(seconds_of "$REPLICATED_WITHIN")))" +%Y-%m-%dT%H:%M:%S)
  # The newest there must be the newest here: what arrived out of turn hides it as well.
  LC_ALL=C awk -F'\t' -v limit="$limit" -v own="$CANARY_FOLDER" -v notes="$NOTES_FOLDER" '
    $1 != "v" || $6 != "True" || (index($2, own) == 1 && index($2, notes) != 1) { next }
    FILENAME == ARGV[1] { there[$2] = $3; next } $4 "" <= limit "" && there[$2] != $3 { print $2 }' "$lists/there" "$lists/all" >"$lists/behind"
  behind=$(wc -l <"$lists/behind")
  if ((behind > 0)); then
    head -n 20 "$lists/behind" | while IFS= read -r key; do log "not the newest at the second site: $key"; done
    die "$behind files of $ASSET_BUCKET are not at the second site as they are here: start S3 Batch Replication as the page says, wait for its end, and start this step again"
  fi
  jq -n --argjson files "$(awk -F'\t' '$1 == "v" && $6 == "True"' "$lists/all" | wc -l)" '{files: $files}'
}

in_turn
# A word of the second site counts from when files were copied last: they are copied while it serves.
if [[ $step == files ]]; then
  healthy "$SECOND_URL" || die "$SECOND_URL/health does not answer: files come home while the second site serves, and the rest of them in last"
fi
case $step in
  look) result=$(look_around) ;;
  follow) result=$(follow) ;;
  files) result=$(copy_home | jq '{copied: .}') ;;
  last) result=$(last) ;;
  promote) result=$(promote) ;;
  verify) result=$(verify) ;;
  resume)
    accounts_came
    start_service
    result=$(jq -n --arg url "$SITE_URL" '{healthy: $url}')
    ;;
  dns)
    accounts_came
    result=$(repoint)
    ;;
  onward) result=$(onward) ;;
esac
done_with "$result"
# What cannot be woken fails this Job, and keeps nobody from the next step.
if [[ -n ${WAKE:-} ]]; then wake; fi
