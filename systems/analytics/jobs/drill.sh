#!/usr/bin/env bash
# drill.sh: the quarterly test of one asset, in the secondary region alone: what is there is restored beside what stands by,
# started, checked and taken away again, and the time and the age of what came back are held against what is promised.
# Prints one line of JSON with the entry for the register; ends with 0 only when all was verified, and as soon as promised.
set -euo pipefail
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"
need ASSET NAMESPACE PUSHGATEWAY_URL REHEARSES
whole KEPT_DAYS STEP_SECONDS PROMISED_RPO_SECONDS PROMISED_RTO_SECONDS PLANNED_SECONDS PLANNED_AGE_SECONDS
for part in azure blobs points moments progress spark lake kafka references workspace powerbi configuration keys logs rehearse drills workspaceDrill promise; do
  # shellcheck source=/dev/null # each is named as the noun that it recovers
  source "$JOBS_DIR/$part.sh"
done
work=$(mktemp -d "$SCRATCH_DIR/drill.XXXXXX")
mark=drill_$(date -u +%Y%m%d%H%M%S)
end() {
  local code=$?
  drill_ends || { log "what the drill made could not be taken away: it begins with $mark" && ((code != 0)) || code=1; }
  rm -rf "$work"
  exit "$code"
}
trap end EXIT
trap 'exit 143' TERM INT

started=$EPOCHSECONDS
"drill_${ASSET#*/}" >"$work/result"
seconds=$((EPOCHSECONDS - started))
((seconds > 0)) || seconds=1
# No step of the path that is timed, and so beside it.
if [[ $ASSET == */kafka ]]; then drill_replay; fi
age=$(jq -re .ageSeconds "$work/result")
bytes=$(jq -re .bytes "$work/result")
jq -c --arg asset "$ASSET" --arg at "$(date -u +%FT%TZ)" --argjson seconds "$seconds" --argjson record "$(record "$ASSET" "$REHEARSES" "$seconds" "$bytes")" \
  '{$asset, $at, restoreSeconds: $seconds, verified: true} + . + {records: [$record]}' "$work/result"
hold "$seconds" "$bytes" "$age"
