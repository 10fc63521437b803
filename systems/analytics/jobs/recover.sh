#!/usr/bin/env bash
# recover.sh ASSET STEP: one step of a way back; each is a suspended CronJob of its own, which says in RECOVERY which path
# it belongs to, in ORDER what comes before and in WAY where to: secondary, place or room. Any step can be run again.
set -euo pipefail
# A step runs in $(...), where a failure would otherwise not end it.
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"
# shellcheck source=systems/jobs/incident.sh
source "$JOBS_DIR/incident.sh"

asset=${1:-} step=${2:-}
need ASSET NAMESPACE RECOVERY ORDER WAY
whole INCIDENT_HOURS
path=$RECOVERY
[[ " $ORDER " == *" $step "* && $step != *" "* ]] || die "$path has the steps $ORDER, got '$step'"
said=$(words_said RESTORE_BEFORE LOST_AT LOSE_SINCE EVENTS_SINCE FENCED DAMAGED_TABLES ROOM_SUBSCRIPTION ROOM_GROUP ROOM_DATABRICKS_URL ROOM_ACCOUNT ROOM_VAULT ROOM_CAPACITY)
[[ -z $said ]] || of_this_incident analytics-incident "$said"
for part in azure blobs points moments progress spark fence lake kafka references workspace powerbi configuration keys logs room; do
  # shellcheck source=/dev/null # each is named as the noun that it recovers
  source "$JOBS_DIR/$part.sh"
done

work=$(mktemp -d "$SCRATCH_DIR/recover.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT
in_turn
if [[ $WAY == room && $step != room ]]; then in_room; fi
act=${asset}_${step}_$WAY
declare -F "$act" >/dev/null || act=${asset}_$step
declare -F "$act" >/dev/null || die "nothing does $step of $asset"
# Into a variable first: a step that fails inside an argument would end with what printed half of it.
result=$("$act")
done_with "$result"
