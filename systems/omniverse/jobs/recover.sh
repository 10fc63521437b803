#!/usr/bin/env bash
# recover.sh database|assets STEP: one step of a recovery; each is a suspended CronJob of its own. FROM says which way
# back it belongs to, and so which step must have ended before. Any step can be run again, after a kill as well.
set -euo pipefail
# A step runs in $(...), where a failure would otherwise not end it.
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}" "${SCRATCH_DIR:=/scratch}"
# shellcheck source=systems/omniverse/jobs/lib.sh
source "$JOBS_DIR/lib.sh"
# shellcheck source=systems/jobs/incident.sh
source "$JOBS_DIR/incident.sh"

asset=${1:-} step=${2:-}
said=$(words_said RESTORE_BEFORE LOST_AT LOSE_SINCE GO_ON_WITHOUT SERVED FENCED DATABASE_RESOURCE TARGET_HOST TARGET_BUCKET TARGET_ZONE INCIDENT INCIDENT_WRITTEN)
[[ -z $said ]] || of_this_incident omniverse-incident "$said"
need NAMESPACE AWS_REGION FROM
# The database comes last: it is brought to a moment that the assets hold.
# shellcheck disable=SC2153 # declared with the path
case $asset/$FROM in
  database/point-in-time) order="stop restore verify resume" ;;
  database/replica) order="notify fence lag promote verify resume dns" ;;
  # Where lag has refused the replica, the first site is fenced already.
  database/replicated-backups) order="notify fence restore verify resume dns" fenced_by=database.replica ;;
  database/copies) order="room find restore verify resume dns" ;;
  assets/object-versions) order="stop restore verify" ;;
  assets/object-replica) order="take verify" ;;
  assets/copies) order="room find restore verify" ;;
  *) die "usage: recover.sh database|assets STEP, with FROM as the path declares it; got '$asset' from '$FROM'" ;;
esac
[[ " $order " == *" $step "* && $step != *" "* ]] || die "$asset from $FROM has the steps $order, got '$step'"

# shellcheck source=systems/omniverse/jobs/sites.sh
source "$JOBS_DIR/sites.sh"
# shellcheck source=systems/omniverse/jobs/progress.sh
source "$JOBS_DIR/progress.sh"
# shellcheck source=systems/omniverse/jobs/moments.sh
source "$JOBS_DIR/moments.sh"
# shellcheck source=systems/omniverse/jobs/service.sh
source "$JOBS_DIR/service.sh"
# shellcheck source=systems/omniverse/jobs/instance.sh
source "$JOBS_DIR/instance.sh"
# shellcheck source=systems/omniverse/jobs/restores.sh
source "$JOBS_DIR/restores.sh"
# shellcheck source=systems/omniverse/jobs/metadata.sh
source "$JOBS_DIR/metadata.sh"
# shellcheck source=systems/omniverse/jobs/objects.sh
source "$JOBS_DIR/objects.sh"
# shellcheck source=systems/omniverse/jobs/replica.sh
source "$JOBS_DIR/replica.sh"
# shellcheck source=systems/omniverse/jobs/edge.sh
source "$JOBS_DIR/edge.sh"
# shellcheck source=systems/omniverse/jobs/fence.sh
source "$JOBS_DIR/fence.sh"
# shellcheck source=systems/omniverse/jobs/cleanroom.sh
source "$JOBS_DIR/cleanroom.sh"
# shellcheck source=systems/omniverse/jobs/room.sh
source "$JOBS_DIR/room.sh"
# shellcheck source=systems/omniverse/jobs/wake.sh
source "$JOBS_DIR/wake.sh"

rm -f "$lists/accepted"
in_turn
if [[ $FROM == copies && ($step == room || $step == find || $step == restore) ]]; then
  # Of both assets the copies of one site: they fit together.
  served=$(PREFIX=$ASSETS_PREFIX && site_that_served)
  [[ -z $served ]] || of_site "$served"
fi
# Into a variable first: a step that fails inside an argument would end with what printed half of it.
case $asset/$FROM/$step in
  */stop) result=$(stop_service) ;;
  */notify) result=$(notify) ;;
  */fence) result=$(fence) ;;
  */dns) result=$(repoint) ;;
  */copies/room) result=$(room) ;;
  database/*/resume) result=$(resume) ;;
  database/copies/find) result=$(find_dump) ;;
  database/copies/restore) result=$(restore_dump_there) ;;
  database/*/restore) result=$(restore_instance) ;;
  database/*/lag) result=$(compare_replica) ;;
  database/*/promote) result=$(promote_replica) ;;
  database/*/verify) result=$(verify_database) ;;
  assets/object-replica/take) result=$(take_replica) ;;
  assets/copies/find) result=$(find_snapshot) ;;
  assets/copies/restore) result=$(restore_snapshot) ;;
  assets/object-versions/restore) result=$(restore_versions) ;;
  assets/*/verify) result=$(verify_assets) ;;
esac
if [[ -s $lists/accepted ]]; then result=$(jq --rawfile keys "$lists/accepted" '. + {without: ($keys | rtrimstr("\n") / "\n")}' <<<"$result"); fi
done_with "$result"
# What cannot be woken fails this Job, and keeps nobody from the next step.
if [[ -n ${WAKE:-} ]]; then wake; fi
