#!/usr/bin/env bash
# followAgain.sh STEP: the other region's database follows the one that serves. After a restore in place, or a fail-back, what
# serves is another instance under the old name: its replica and the backups that are carried stay with the one put aside.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RenameInstance.html
set -euo pipefail
# A step runs in $(...), where a failure would otherwise not end it.
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}" "${SCRATCH_DIR:=/scratch}"
# shellcheck source=systems/omniverse/jobs/lib.sh
source "$JOBS_DIR/lib.sh"
procedure=follow-again order="aside follow backups" step=${1:-}
# shellcheck source=systems/omniverse/jobs/procedure.sh
source "$JOBS_DIR/procedure.sh"
# shellcheck source=systems/omniverse/jobs/restores.sh
source "$JOBS_DIR/restores.sh"
need SOURCE_INSTANCE SOURCE_REGION SOURCE_ARN
MODEL="replica-model"

# source_seen: what is to be followed, as JSON.
source_seen() {
  local AWS_REGION=$SOURCE_REGION
  look "$SOURCE_INSTANCE"
  [[ -n $seen ]] || die "$SOURCE_INSTANCE of $SOURCE_REGION is $status: there is nothing to follow"
  ! follows || die "$SOURCE_INSTANCE of $SOURCE_REGION follows another: end that first"
  ! tagged_aside || die "$SOURCE_INSTANCE of $SOURCE_REGION was put aside, and serves nobody: if it serves again, take the tag $ASIDE_TAG away"
  printf '%s' "$seen"
}

# followed: DB_INSTANCE, which was looked at, follows the instance that has that name now. A replica goes on naming what it
# follows, so the other end is asked, which names one of another region by its ARN.
followed() {
  follows && jq -e --arg id "$DB_INSTANCE" 'any(.ReadReplicaDBInstanceIdentifiers[]?; . == $id or endswith(":" + $id))' <<<"$source" >/dev/null
}

# put_aside: what follows another instance keeps its data under another name. How it was made is noted before.
put_aside() {
  local source aside=none
  source=$(source_seen)
  look "$DB_INSTANCE"
  [[ $status != unknown ]] || die "RDS of $AWS_REGION does not answer"
  if [[ $status == absent ]]; then
    seen=$(last_aside "$DB_INSTANCE-stood-down") || exit 1
    [[ -n $seen || -n $(noted "$MODEL") ]] ||
      die "there is neither $DB_INSTANCE nor $DB_INSTANCE-stood-down: network and settings of the replica would be read from it; deploy the program instead"
  elif ! followed; then
    follows || die "$DB_INSTANCE follows nothing, so it may be what serves: nothing was changed"
    aside=$DB_INSTANCE-until-$(date -u +%Y%m%dt%H%M%Sz)
  fi
  if [[ -n $seen ]]; then
    note "$MODEL" "$(jq -c '{DBInstanceClass, DBSubnetGroup: {DBSubnetGroupName: .DBSubnetGroup.DBSubnetGroupName}, StorageType, KmsKeyId,
      MaxAllocatedStorage, EnabledCloudwatchLogsExports, DBParameterGroups: [{DBParameterGroupName: .DBParameterGroups[0].DBParameterGroupName}],
      VpcSecurityGroups: [.VpcSecurityGroups[] | {VpcSecurityGroupId}]}' <<<"$seen")"
  fi
  if [[ $aside != none ]]; then rename "$DB_INSTANCE" "$aside" >&2; fi
  jq -n --arg aside "$aside" '{aside: $aside}'
}

follow() {
  local source
  source=$(source_seen)
  look "$DB_INSTANCE"
  if [[ $status == absent ]]; then
    make_follower "$DB_INSTANCE" "$SOURCE_ARN" "$SOURCE_REGION" "$(noted "$MODEL")"
  fi
  wait_available "$DB_INSTANCE"
  source=$(source_seen)
  followed || die "$DB_INSTANCE does not follow $SOURCE_ARN: begin with aside"
  jq '{identifier: .DBInstanceIdentifier, resource: .DbiResourceId, follows: .ReadReplicaSourceDBInstanceIdentifier}' <<<"$seen"
}

# carried RESOURCE: lines of the state, and the latest moment, of backups that this region is sent of that very instance.
carried() {
  local all
  all=$(rds describe-db-instance-automated-backups) || die "the automated backups of $AWS_REGION cannot be read"
  jq -r --arg resource "$1" '.DBInstanceAutomatedBackups[] | select(.DbiResourceId == $resource and .Status != "retained")
    | "\(.Status) \(.RestoreWindow.LatestTime // "nothing")"' <<<"$all"
}
restorable_here() { state=$(carried "$1") && [[ $state == replicating\ [0-9]* ]]; }

# carry: backups of the instance that serves are sent here again; until the first has come, no moment can be restored.
carry() {
  local source resource state others
  source=$(source_seen)
  resource=$(jq -r .DbiResourceId <<<"$source")
  state=$(carried "$resource")
  if [[ -z $state ]]; then
    rds start-db-instance-automated-backups-replication --source-db-instance-arn "$SOURCE_ARN" --backup-retention-period "$DB_BACKUP_DAYS" \
      --kms-key-id "$(noted "$MODEL" | jq -r .KmsKeyId)" >/dev/null || die "RDS does not send the backups of $SOURCE_ARN here"
  fi
  until restorable_here "$resource"; do sleep "$POLL_SECONDS"; done
  others=$(also_sent "$resource") || exit 1
  jq -n --arg resource "$resource" --arg latest "${state#* }" --argjson others "$others" '{resource: $resource, latest: $latest, alsoSent: $others}'
}

# also_sent RESOURCE: what was put aside sends its backups on and on, as new as those of what serves. No role of ours may end a
# copy, so the command is for a person; by the name that the instance has now, because what has the old name is another.
also_sent() {
  local others all one arn
  others=$(rds describe-db-instance-automated-backups | jq -c --arg resource "$1" --arg id "$SOURCE_INSTANCE" '[.DBInstanceAutomatedBackups[]
    | select(.Status == "replicating" and .DbiResourceId != $resource and (.DBInstanceIdentifier | test("^" + $id + "(-|$)"))) | .DbiResourceId]') &&
    all=$(AWS_REGION=$SOURCE_REGION rds describe-db-instances) || die "what else is sent here cannot be told: start the step again"
  for one in $(jq -r '.[]' <<<"$others"); do
    arn=$(jq -r --arg resource "$one" '.DBInstances[] | select(.DbiResourceId == $resource) | .DBInstanceArn' <<<"$all")
    log "backups of $one are still sent here; end that: aws rds stop-db-instance-automated-backups-replication --region $AWS_REGION --source-db-instance-arn ${arn:-<of an instance that $SOURCE_REGION does not know>}"
  done
  printf '%s' "$others"
}

in_turn
case $step in
  aside) result=$(put_aside) ;;
  follow) result=$(follow) ;;
  backups) result=$(carry) ;;
esac
done_with "$result"
