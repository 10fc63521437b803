# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# A new instance beside the old one, as it was at a moment.

# newest_backup: the automated backup of the database that is kept in this region and reaches furthest, as JSON; or nothing.
# All of the region are listed: one of another region has no instance here, and a fence may have renamed its instance.
newest_backup() {
  local backups
  backups=$(rds describe-db-instance-automated-backups) || return 1
  jq -c --arg id "$DB_INSTANCE" '[.DBInstanceAutomatedBackups[] | select(.RestoreWindow.LatestTime != null
    and (.DBInstanceIdentifier == $id or .DBInstanceIdentifier == $id + "-fenced"))] | sort_by(.RestoreWindow.LatestTime) | last // empty' <<<"$backups"
}

# restore_window: sets `source` (arguments that name what is restored from), `earliest`, `latest` and `like`, the
# instance whose network and settings the new one gets.
restore_window() {
  local backup model
  if [[ $FROM == point-in-time ]]; then model=$DB_INSTANCE; else model=$DB_REPLICA; fi
  backup=$(newest_backup) || die "the automated backups of $AWS_REGION cannot be read"
  [[ -n $backup ]] || die "there are no automated backups of $DB_INSTANCE in $AWS_REGION: take another path"
  earliest=$(jq -r .RestoreWindow.EarliestTime <<<"$backup")
  latest=$(jq -r .RestoreWindow.LatestTime <<<"$backup")
  source=(--source-db-instance-identifier "$DB_INSTANCE")
  if [[ $FROM != point-in-time ]]; then
    source=(--source-db-instance-automated-backups-arn "$(jq -r .DBInstanceAutomatedBackupsArn <<<"$backup")")
  fi
  look "$model"
  [[ -n $seen ]] || die "$model is $status: the network and the settings of the new instance are read from it"
  like=$seen
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
