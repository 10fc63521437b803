# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# A new instance beside the old one, as it was at a moment.

# newest_backup: the automated backup of the database that is kept in this region and reaches furthest, as JSON; or nothing.
# All of the region are listed: one of another region has no instance here, and a fence may have renamed its instance.
newest_backup() {
  local backups
  backups=$(our_backups) || return 1
  jq -c 'last // empty' <<<"$backups"
}

# our_backups: all of them that are kept in this region, of whichever instance has or had the name, the newest last. What was
# made or promoted here is not of the first site; Region is that of the instance
# (https://docs.aws.amazon.com/cli/latest/reference/rds/stop-db-instance-automated-backups-replication.html). A recovery renames
# instances, and nobody says whether RDS then renames these.
our_backups() {
  local backups
  backups=$(rds describe-db-instance-automated-backups) || return 1
  jq -c --arg id "$DB_INSTANCE" --arg from "$FROM" --arg here "$AWS_REGION" '[.DBInstanceAutomatedBackups[]
    | select(.RestoreWindow.LatestTime != null and (.DBInstanceIdentifier | test("^" + $id + "(-(fenced|until|at)(-.*)?)?$")))
    | select($from == "point-in-time" or (.Region // "") != $here)] | sort_by(.RestoreWindow.LatestTime)' <<<"$backups"
}

# served_resource: the number of the instance that served, which no rename changes: as the fence of this incident has seen
# it, or as follow-again has left it. Nothing where nobody knows.
served_resource() {
  local known
  if known=$(result fenced database); then
    known=$(jq -r .resource <<<"$known")
  else
    known=$(noted procedure.follow-again.backups)
    known=$(jq -r '.resource // empty' <<<"${known:-"{}"}")
  fi
  printf '%s' "$known"
}

# refuse_stranger: the fence has seen the instance that served, and it does not know DB_REPLICA.
refuse_stranger() {
  local known
  known=$(result fenced database) || return 0
  jq -e --arg id "$DB_REPLICA" 'any(.replicas[]; . == $id or endswith(":" + $id))' <<<"$known" >/dev/null ||
    die "$DB_REPLICA does not follow $(jq -r .resource <<<"$known"), the instance that served: take the path database-in-secondary"
}

# told_apart BACKUPS: who they are of, for whoever must choose; what the first region still says of each, where it answers.
told_apart() {
  local there
  there=$(AWS_REGION=${PRIMARY_REGION:-$AWS_REGION} QUICKLY=yes rds describe-db-instances 2>"$RUN_DIR/rds-said") || there='{"DBInstances": []}'
  jq -r --argjson there "$there" --arg tag "$ASIDE_TAG" 'group_by(.DbiResourceId) | map(last
    | (.DbiResourceId as $id | $there.DBInstances | map(select(.DbiResourceId == $id)) | first) as $now
    | "\(.DbiResourceId): backups \(.Status) of \(.DBInstanceIdentifier) until \(.RestoreWindow.LatestTime), the instance is "
      + (if $now then "\($now.DBInstanceIdentifier), \($now.DBInstanceStatus)" + (if any($now.TagList[]?; .Key == $tag) then ", put aside" else "" end)
        else "not seen" end)) | join("; ")' <<<"$1"
}

# chosen_backup BACKUPS: those of the instance that served. What was put aside goes on sending its own, and is as new.
chosen_backup() {
  local wanted found
  wanted=${DATABASE_RESOURCE:-}
  if [[ -z $wanted && $FROM == point-in-time ]]; then
    wanted=$(jq -r .DbiResourceId <<<"$like")
  elif [[ -z $wanted ]]; then
    wanted=$(served_resource) || exit 1
  fi
  found=$(jq -c --arg wanted "$wanted" '[.[] | select($wanted == "" or .DbiResourceId == $wanted)]' <<<"$1")
  if [[ $found == '[]' ]]; then
    die "here are no backups of $wanted, the instance that served, but: $(told_apart "$1"); the first backup of a new instance takes a while; if one of these is right, write DATABASE_RESOURCE=<its number> into omniverse-incident"
  fi
  [[ $(jq 'map(.DbiResourceId) | unique | length' <<<"$found") == 1 ]] ||
    die "backups of more than one instance are here, and nobody knows which served: $(told_apart "$1"); write DATABASE_RESOURCE=<its number> into omniverse-incident and start the step again"
  jq -c last <<<"$found"
}

# declared_settings: what an instance here is given, as the program declares it: a replica may be lost with what it followed,
# or be between two names, and a stack may have none.
declared_settings() {
  local groups
  need DB_SETTINGS DB_VPC DB_SECURITY_GROUP
  groups=$(aws ec2 describe-security-groups --region "$AWS_REGION" --output json --filters "Name=group-name,Values=$DB_SECURITY_GROUP" |
    jq -ce --arg vpc "$DB_VPC" '[.SecurityGroups[] | select(.VpcId == $vpc) | {VpcSecurityGroupId: .GroupId}] | select(length == 1)') ||
    die "$DB_VPC of $AWS_REGION must have one security group $DB_SECURITY_GROUP, which lets the cluster call the database; the program declares it"
  jq -c --argjson groups "$groups" '. + {VpcSecurityGroups: $groups}' <<<"$DB_SETTINGS"
}

# restore_window: sets `source` (arguments that name what is restored from), `earliest`, `latest` and `like`, the
# instance whose network and settings the new one gets.
restore_window() {
  local backup backups model
  if [[ $FROM == point-in-time ]]; then model=$DB_INSTANCE; else model=$DB_REPLICA; fi
  backups=$(our_backups) || die "the automated backups of $AWS_REGION cannot be read"
  [[ $backups != '[]' ]] || die "there are no automated backups of $DB_INSTANCE in $AWS_REGION: take another path"
  look "$model"
  if [[ $FROM == replicated-backups && $status == absent ]]; then
    log "there is no $model: the new instance gets the network and the settings that the program declares"
    seen=$(declared_settings) || exit 1
  fi
  [[ -n $seen ]] || die "$model is $status: the network and the settings of the new instance are read from it"
  if [[ $FROM == point-in-time ]] && tagged_aside; then die "$model was put aside, and something else served: give that its name back first, or take the tag $ASIDE_TAG away"; fi
  like=$seen
  backup=$(chosen_backup "$backups") || exit 1
  earliest=$(jq -r .RestoreWindow.EarliestTime <<<"$backup")
  latest=$(jq -r .RestoreWindow.LatestTime <<<"$backup")
  source=(--source-db-instance-identifier "$DB_INSTANCE")
  # After a restore in place to a moment that was not the right one: what was put aside has the log of before.
  if [[ -n ${DATABASE_RESOURCE:-} ]]; then source=(--source-dbi-resource-id "$DATABASE_RESOURCE"); fi
  if [[ $FROM != point-in-time ]]; then
    source=(--source-db-instance-automated-backups-arn "$(jq -r .DBInstanceAutomatedBackupsArn <<<"$backup")")
  fi
}

# settings_of INSTANCE: lines of options that give a new instance what this one, as JSON, has: a size, a network, room to
# grow, and logs that are kept.
settings_of() {
  jq -r '"--db-instance-class", .DBInstanceClass, "--db-subnet-group-name", .DBSubnetGroup.DBSubnetGroupName,
    "--db-parameter-group-name", .DBParameterGroups[0].DBParameterGroupName, "--storage-type", .StorageType,
    (if .MaxAllocatedStorage then "--max-allocated-storage", .MaxAllocatedStorage else empty end),
    "--enable-cloudwatch-logs-exports", (.EnabledCloudwatchLogsExports // ["postgresql", "upgrade"] | tojson),
    "--vpc-security-group-ids", .VpcSecurityGroups[].VpcSecurityGroupId' <<<"$1"
}

# make_follower ID SOURCE_ARN SOURCE_REGION LIKE: a replica here of an instance of another region.
make_follower() {
  local settings key=()
  mapfile -t settings < <(settings_of "$4")
  mapfile -t key < <(jq -r '.KmsKeyId // empty | "--kms-key-id", .' <<<"$4")
  rds create-db-instance-read-replica --db-instance-identifier "$1" --source-db-instance-identifier "$2" --source-region "$3" \
    "${settings[@]}" "${key[@]}" --deletion-protection --no-publicly-accessible --no-auto-minor-version-upgrade \
    --copy-tags-to-snapshot >/dev/null || die "RDS makes no replica of $2"
}

# begin_restore MOMENT ID
begin_restore() {
  local settings multi=--multi-az
  [[ $DB_MULTI_AZ == yes ]] || multi=--no-multi-az
  mapfile -t settings < <(settings_of "$like")
  rds restore-db-instance-to-point-in-time "${source[@]}" --target-db-instance-identifier "$2" --restore-time "$(iso "$1")" \
    "${settings[@]}" "$multi" --deletion-protection --no-publicly-accessible --no-auto-minor-version-upgrade \
    --copy-tags-to-snapshot >/dev/null || die "RDS does not restore $DB_INSTANCE to $(iso "$1")"
  log "RDS restores $DB_INSTANCE to $(iso "$1") as $2"
}

# restore_instance: a new instance beside the old one. A run that was ended goes on with the moment it had chosen.
restore_instance() {
  local source earliest latest like moment id begun
  begun=$(noted "$path.begun")
  if [[ -n $begun && $(jq -r .before <<<"$begun") == "${RESTORE_BEFORE:-}" ]]; then
    moment=$(jq -r .moment <<<"$begun") id=$(jq -r .identifier <<<"$begun")
    restore_window
  else
    restore_window
    if [[ $FROM == point-in-time ]]; then
      moment=$(moment_in_place "$earliest" "$latest") || exit 1
    else
      moment=$(moment_elsewhere "$earliest" "$latest") || exit 1
    fi
    id=$DB_INSTANCE-at-$(date -u -d "@$moment" +%Y%m%dt%H%M%Sz)
    note "$path.begun" "$(jq -cn --arg before "${RESTORE_BEFORE:-}" --argjson moment "$moment" --arg id "$id" '{before: $before, moment: $moment, identifier: $id}')"
  fi
  look "$id"
  [[ $status != unknown ]] || die "RDS does not say whether $id exists"
  if [[ $status == absent ]]; then begin_restore "$moment" "$id"; else log "$id exists: it is $status"; fi
  wait_available "$id"
  jq --arg moment "$(iso "$moment")" '{moment: $moment, identifier: .DBInstanceIdentifier, resource: .DbiResourceId, host: .Endpoint.Address}' <<<"$seen"
}
