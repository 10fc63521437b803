# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# Instances of RDS. A recovery makes and renames them and deletes none: what is replaced stays until somebody looked.

: "${DB_MULTI_AZ:=yes}" "${DB_BACKUP_DAYS:=35}"
ASIDE_TAG=holdfast:put-aside

# QUICKLY: calls of a region that may be lost end soon.
rds() {
  local quickly=()
  if [[ ${QUICKLY:-no} == yes ]]; then
    quickly=(env AWS_MAX_ATTEMPTS=2)
    set -- "$@" --cli-connect-timeout 5 --cli-read-timeout 30
  fi
  "${quickly[@]}" aws rds --region "$AWS_REGION" --output json "$@"
}

# The name that Nucleus connects to at this site: the endpoint of an instance is made from its identifier.
place() { if [[ $FROM == point-in-time ]]; then printf '%s' "$DB_INSTANCE"; else printf '%s' "$DB_REPLICA"; fi; }

# What the command line says where no answer came (botocore/exceptions.py); a name that is not found is the first of them.
SILENCE='^(Could not connect to the endpoint|Connect timeout on endpoint|Read timeout on endpoint) URL'
rds_said() { tail -n 1 "$RUN_DIR/rds-said"; }
unheard() { grep -Eq "$SILENCE" "$RUN_DIR/rds-said"; }

# look ID: sets `status` (absent: there is none, unknown: RDS does not say), `seen`, the instance as JSON, and `heard`: no
# where RDS said nothing at all, which is not the same as an error.
look() {
  seen='' status=unknown heard=yes
  if seen=$(rds describe-db-instances --db-instance-identifier "$1" 2>"$RUN_DIR/rds-said"); then
    seen=$(jq -c '.DBInstances[0]' <<<"$seen")
    status=$(jq -r .DBInstanceStatus <<<"$seen")
  elif grep -q DBInstanceNotFound "$RUN_DIR/rds-said"; then
    status=absent
  else
    if unheard; then heard=no; fi
    log "RDS does not say what $1 is: $(rds_said)"
  fi
}

# ends_badly: what was looked at does not become available by waiting.
ends_badly() {
  case $status in
    failed | incompatible-* | inaccessible-* | insufficient-capacity | restore-error | storage-full | deleting) ;;
    *) return 1 ;;
  esac
}

# wait_available ID: until it can be used; the deadline of the Job ends it, and the next run goes on waiting.
wait_available() {
  local last=''
  while look "$1"; [[ $status != available ]]; do
    if ends_badly; then
      die "$1 is $status and will not become available: look at its events; for another try set RESTORE_BEFORE a second earlier, nothing has been replaced"
    fi
    if [[ $status != "$last" ]]; then log "$1 is $status"; fi
    last=$status
    sleep "$POLL_SECONDS"
  done
}

gone() { look "$1" && [[ $status == absent ]]; }

# renamed FROM TO [SECONDS]: until the old name is free; the instance restarts, which ends its connections. Where RDS
# refuses, or has not done it within SECONDS, it fails and `refused` says why.
renamed() {
  local end=$((EPOCHSECONDS + ${3:-86400})) # else the deadline of the Job ends it
  refused=''
  look "$1"
  # A run that was ended may have begun it, and it may end at any moment.
  until [[ $status == renaming || $status == absent ]]; do
    if rds modify-db-instance --db-instance-identifier "$1" --new-db-instance-identifier "$2" --apply-immediately >/dev/null 2>"$RUN_DIR/rds-said"; then break; fi
    refused="$1 is $status and cannot be renamed to $2: $(rds_said)"
    # One that is busy, with its backup for instance, can be renamed later.
    grep -q InvalidDBInstanceState "$RUN_DIR/rds-said" || unheard || return 1
    log "$refused"
    look "$1"
    if ((EPOCHSECONDS >= end)) || [[ $heard == no || $status == stop* ]] || ends_badly; then return 1; fi
    sleep "$POLL_SECONDS"
  done
  if [[ $status == absent ]]; then return; fi
  log "$1 becomes $2"
  until gone "$1"; do
    if ((EPOCHSECONDS >= end)); then
      refused="$1 was to become $2 and has not within $3 s: RDS says that it is $status"
      return 1
    fi
    sleep "$POLL_SECONDS"
  done
}

rename() { renamed "$@" || die "$refused"; }

# unused NAME: that, or with the time where an earlier recovery has put something aside under it: nothing tidies that away.
unused() {
  look "$1"
  if [[ -n $seen ]]; then printf '%s-%s' "$1" "$(date -u +%Y%m%dt%H%M%Sz)"; else printf '%s' "$1"; fi
}

# last_aside NAME: of what was put aside as NAME, the one that RDS made last, as JSON; or nothing.
last_aside() {
  local all
  all=$(rds describe-db-instances) || die "RDS of $AWS_REGION does not say which instances there are"
  jq -c --arg name "$1" '[.DBInstances[] | select(.DBInstanceIdentifier | test("^" + $name + "(-[0-9]{8}t[0-9]{6}z)?$"))]
    | max_by(.InstanceCreateTime // "") // empty' <<<"$all"
}

# tag_aside ID: nobody is served by it any more, whatever its name; a tag goes along when it is renamed.
tag_aside() {
  look "$1"
  [[ -n $seen ]] || return 0
  rds add-tags-to-resource --resource-name "$(jq -r .DBInstanceArn <<<"$seen")" --tags "Key=$ASIDE_TAG,Value=$(date -u +%FT%TZ)" >/dev/null ||
    log "$1 cannot be given the tag $ASIDE_TAG: it serves nobody any more, write that down"
}

# mark_aside ID: the database says so as well, where it can still be written: that reaches what follows it, and is in what is
# restored from its backups since. Neither holds anything up.
mark_aside() {
  tag_aside "$1"
  if [[ $status != available ]] || follows; then return; fi
  (connect_to "$(jq -r .Endpoint.Address <<<"$seen")" && say_of_database "'holdfast put aside $(date -u +%FT%TZ)'") ||
    log "the database of $1 cannot be told that it was put aside: promote nothing that follows it, and restore nothing from its backups"
}

# tagged_aside: the instance that was looked at was put aside.
tagged_aside() { jq -e --arg tag "$ASIDE_TAG" 'any(.TagList[]?; .Key == $tag)' <<<"$seen" >/dev/null; }

# follows: the instance that was looked at is a replica still.
follows() { [[ $(jq -r '.ReadReplicaSourceDBInstanceIdentifier // ""' <<<"$seen") != "" ]]; }

promoted() { look "$DB_REPLICA" && [[ $status == available ]] && ! follows; }

promote_replica() {
  wait_available "$DB_REPLICA"
  if follows; then
    rds promote-read-replica --db-instance-identifier "$DB_REPLICA" --backup-retention-period "$DB_BACKUP_DAYS" >/dev/null ||
      die "$DB_REPLICA cannot be promoted"
    # It stays `available` for a moment before RDS begins.
    until promoted; do sleep "$POLL_SECONDS"; done
  fi
  jq --argjson lag "$(result lag)" '{moment: $lag.moment, identifier: .DBInstanceIdentifier, resource: .DbiResourceId, host: .Endpoint.Address}' <<<"$seen"
}

# into_place ID RESOURCE: the old instance aside, the new one under the name that Nucleus connects to.
into_place() {
  local name
  name=$(place)
  look "$name"
  [[ $status != unknown ]] || die "RDS does not say what $name is"
  if [[ -n $seen && $(jq -r .DbiResourceId <<<"$seen") == "$2" ]]; then
    wait_available "$name"
    return
  fi
  if [[ $status != absent ]]; then
    mark_aside "$name"
    rename "$name" "$name-until-$(date -u +%Y%m%dt%H%M%Sz)"
  fi
  rename "$1" "$name"
  wait_available "$name"
}

# protect ID: what a restore or a promotion does not bring along. A standby is made while it serves: not waited for.
protect() {
  local wanted=()
  look "$1"
  [[ -n $seen ]] || die "$1 is $status"
  if (($(jq .BackupRetentionPeriod <<<"$seen") < DB_BACKUP_DAYS)); then wanted+=(--backup-retention-period "$DB_BACKUP_DAYS"); fi
  if [[ $(jq .DeletionProtection <<<"$seen") != true ]]; then wanted+=(--deletion-protection); fi
  if [[ $DB_MULTI_AZ == yes && $(jq .MultiAZ <<<"$seen") != true ]]; then wanted+=(--multi-az); fi
  if ((${#wanted[@]} > 0)); then
    rds modify-db-instance --db-instance-identifier "$1" "${wanted[@]}" --apply-immediately >/dev/null || die "$1 cannot be protected: ${wanted[*]}"
    log "$1 is given ${wanted[*]}"
  fi
}
