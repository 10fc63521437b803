#!/usr/bin/env bash
# standdown.sh stop: the second site stops for a fail-back. What it says of itself is written into the database last, so
# whoever follows it and reads that has all that was written before.
set -euo pipefail
# A step runs in $(...), where a failure would otherwise not end it.
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}" "${SCRATCH_DIR:=/scratch}"
# shellcheck source=systems/omniverse/jobs/lib.sh
source "$JOBS_DIR/lib.sh"
procedure=stand-down order=stop step=${1:-}
# shellcheck source=systems/omniverse/jobs/procedure.sh
source "$JOBS_DIR/procedure.sh"
need SLEEP
said=''

in_turn
stopped=$(stop_service)
for name in $SLEEP; do
  kube patch "cronjob/$name" --type=merge --patch '{"spec":{"suspend":true}}' >&2 || die "$name cannot be sent to sleep"
done
answers || die "the database does not answer: $said"
SQL_DATABASE=postgres sql <<<"comment on database \"$DB_NAME\" is 'holdfast stood down $(date -u +%Y-%m-%dT%H:%M:%SZ)'" ||
  die "what was stopped cannot be told to who follows: start the step again"
done_with "$stopped"
