#!/usr/bin/env bash
# replay.sh: after the lake has come back to a moment, reads all events from then on again and writes those that bronze lacks;
# what was there already stays once. It may be started again, and beside the pipelines.
set -euo pipefail
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"
# shellcheck source=systems/jobs/incident.sh
source "$JOBS_DIR/incident.sh"
need NAMESPACE RECOVERY SAYS_FROM
whole INCIDENT_HOURS
of_this_incident analytics-incident "$(words_said RESTORE_BEFORE EVENTS_SINCE INCIDENT INCIDENT_WRITTEN)"
for part in azure blobs points moments progress spark lake kafka; do
  # shellcheck source=/dev/null # each is named as its noun
  source "$JOBS_DIR/$part.sh"
done
work=$(mktemp -d "$SCRATCH_DIR/replay.XXXXXX")
trap 'rm -rf "$work"' EXIT
read_progress
result "$RECOVERY.verify" >/dev/null || die "the lake must have come back first: verify of $RECOVERY has not ended within the last $VALID_FOR"
from=$(result "$RECOVERY.$SAYS_FROM" | jq -r .holds) || die "$SAYS_FROM of $RECOVERY does not say which moment came back"
from=$(date -u -d "$from" +%s)
# shellcheck disable=SC2034 # read by ask
warehouse=$(warehouse_up)
replayed "$from"
checked "$BRONZE" "$from" || die "what was read again is not sound"
