#!/usr/bin/env bash
# restorable.sh: tells the alerts the latest moments that RDS can restore the database to, here and from the backups that
# it carries to CARRIED_REGION, where that is set: the second site carries none. No metric of AWS says them.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"

need ASSET PUSHGATEWAY_URL AWS_REGION DB_INSTANCE
: "${REPLICA:=}"
series=$(mktemp "$RUN_DIR/series.XXXXXX")
trap 'rm -f "$series"' EXIT
missing='' instance='{}'

# found PROTECTION TIME: one series of what is pushed.
found() {
  printf 'holdfast_restorable_timestamp_seconds{asset="%s",protection="%s",role="restorable"} %d\n' \
    "$ASSET" "$1" "$(date -u -d "$2" +%s)" >>"$series"
}
# lacks WHAT: of no use to anybody else, so the other moment is told before this run fails.
lacks() {
  log "$1"
  missing="$missing; $1"
}

if ! found_instance=$(instance_of); then
  lacks "RDS does not know $DB_INSTANCE in $AWS_REGION"
elif instance=$found_instance && latest=$(jq -re .LatestRestorableTime <<<"$instance"); then
  found point-in-time "$latest"
else
  lacks "$DB_INSTANCE can be restored to no moment: it is $(jq -r .DBInstanceStatus <<<"$instance"), backups are kept for $(jq .BackupRetentionPeriod <<<"$instance") days"
fi

# A lost instance leaves retained backups of its name there: only what is still carried counts, and of this very instance:
# one that a recovery has put aside goes on sending its own. A region that does not answer must not take the time in which
# the moment here is told.
resource=$(jq -r '.DbiResourceId // empty' <<<"$instance")
carried() {
  local all
  all=$(AWS_MAX_ATTEMPTS=2 aws rds describe-db-instance-automated-backups --region "$CARRIED_REGION" --output json \
    --db-instance-identifier "$DB_INSTANCE" --cli-connect-timeout 5 --cli-read-timeout 20) &&
    jq -re --arg resource "$resource" '[.DBInstanceAutomatedBackups[]
      | select(.Status == "replicating" and ($resource == "" or .DbiResourceId == $resource)) | .RestoreWindow.LatestTime // empty] | max // empty' <<<"$all"
}
if [[ -n ${CARRIED_REGION:-} ]]; then
  if latest=$(carried); then
    found replicated-backups "$latest"
  else
    lacks "no backups of $DB_INSTANCE are carried to $CARRIED_REGION: where a recovery has replaced the instance, start follow-again there"
  fi
fi
if [[ -n $REPLICA && $instance != '{}' ]] && ! jq -e --arg id "$REPLICA" 'any(.ReadReplicaDBInstanceIdentifiers[]?; . == $id or endswith(":" + $id))' <<<"$instance" >/dev/null; then
  lacks "$REPLICA of $CARRIED_REGION does not follow $DB_INSTANCE: a lost region costs more than is promised; start follow-again there"
fi

if [[ -s $series ]]; then push restorable <"$series"; fi
[[ -z $missing ]] || die "${missing#; }"
