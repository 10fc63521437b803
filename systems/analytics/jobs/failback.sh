#!/usr/bin/env bash
# failback.sh STEP: the lost region stands again and serves again: planned work, one suspended CronJob for each step. Nothing
# goes back before what came since is there, and nobody writes meanwhile.
set -euo pipefail
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"
# shellcheck source=systems/jobs/incident.sh
source "$JOBS_DIR/incident.sh"
step=${1:-}
need NAMESPACE ORDER WAY PRIMARY_DATABRICKS_URL
path=$RECOVERY
[[ " $ORDER " == *" $step "* && $step != *" "* ]] || die "$path has the steps $ORDER, got '$step'"
for part in azure blobs points moments progress spark fence lake kafka; do
  # shellcheck source=/dev/null # each is named as its noun
  source "$JOBS_DIR/$part.sh"
done
work=$(mktemp -d "$SCRATCH_DIR/failback.XXXXXX")
trap 'rm -rf "$work"' EXIT

# ready: the region answers, the account of its lake is open again, and nothing there writes.
failback_ready() {
  local state
  state=$(arm GET "$WRITTEN_ID?api-version=2024-01-01") || die "$WRITTEN_ID does not answer: the region does not stand again"
  jq -e '.properties.publicNetworkAccess != "Disabled" and (.properties.networkAcls.virtualNetworkRules | length > 0)' <<<"$state" >/dev/null ||
    die "$WRITTEN_ID is still closed: open it alone, as the page fail-back says"
  DATABRICKS_URL=$PRIMARY_DATABRICKS_URL pipelines PAUSED
  DATABRICKS_URL=$PRIMARY_DATABRICKS_URL lake_jobs PAUSED
  DATABRICKS_URL=$PRIMARY_DATABRICKS_URL warehouse=$(DATABRICKS_URL=$PRIMARY_DATABRICKS_URL warehouse_up) || exit 1
  jq -n '{ready: true}'
}

# stop: nobody writes where it serves now.
failback_stop() {
  pipelines PAUSED
  jq -n --arg stopped "$(iso "$EPOCHSECONDS")" '{$stopped}'
}

# lake: every table as it is here, cloned back; a clone copies what differs.
failback_lake() {
  local clones table tables='' name location rows wanted
  warehouse=$(warehouse_up) || exit 1
  clones=$(clones_in "$COPY") || exit 1
  while read -r table _; do
    location=$(folder_of "$WRITTEN" "$table")
    name=$(quoted "$CATALOG.$table") || exit 1
    wanted=$(rows_of "$CATALOG.$table" </dev/null) || die "$table cannot be counted"
    ask "CREATE OR REPLACE TABLE delta.\`$location\` DEEP CLONE $name" >/dev/null </dev/null || die "$table cannot be cloned back"
    rows=$(ask "SELECT count(*) AS rows FROM delta.\`$location\`" </dev/null | jq -re '.[0].rows | tonumber') || die "$table cannot be counted in $WRITTEN"
    ((rows == wanted)) || die "$table has $rows rows in $WRITTEN, here $wanted: somebody still writes"
    tables+=" $table"
  done <<<"$clones"
  jq -n --arg tables "${tables# }" '{tables: ($tables | split(" "))}'
}

# kafka: the first region takes events again; nothing is forced, so that nothing is lost.
failback_kafka() {
  OWN_REGION=$PRIMARY_REGION FORCE=false kafka_restore_secondary >/dev/null
  OWN_REGION=$PRIMARY_REGION kafka_verify_secondary
}

# resume: the first region writes again, from where its tables now end, and is cloned from: the other one has read on
# meanwhile. A failover that comes next begins anew, with its fence.
failback_resume() {
  local forgotten
  warehouse=$(warehouse_up) || exit 1
  lake_served
  local DATABRICKS_URL=$PRIMARY_DATABRICKS_URL
  lake_jobs UNPAUSED
  warehouse=$(warehouse_up) || exit 1
  begin_anew
  pipelines UNPAUSED
  pipelines_live
  forgotten=$(jq -c '{data: ([(.data // {}) | keys[] | select(test("-in-secondary\\.")) | {(.): null}] | add // {})}' <<<"$progress") || die "what the failover has noted cannot be read"
  change "$forgotten"
  jq -n '{serves: "the first region"}'
}

in_turn
result=$("failback_$step")
done_with "$result"
