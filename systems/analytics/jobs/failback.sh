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
need NAMESPACE ORDER WAY PRIMARY_DATABRICKS_URL PRIMARY_SUBNETS OWN_SUBNETS
path=$RECOVERY
[[ " $ORDER " == *" $step "* && $step != *" "* ]] || die "$path has the steps $ORDER, got '$step'"
for part in azure blobs points moments progress spark fence lake changes kafka; do
  # shellcheck source=/dev/null # each is named as its noun
  source "$JOBS_DIR/$part.sh"
done
work=$(mktemp -d "$SCRATCH_DIR/failback.XXXXXX")
trap 'rm -rf "$work"' EXIT

# ready: the region answers, both accounts of the lake are open to it again, and nothing there writes. The copy is open before
# the first clones run: until resume its mark keeps them away. A table there can be written from here where its folder is alone.
failback_ready() {
  local account here there table place elsewhere=''
  for account in "$WRITTEN_ID" "$COPY_ID"; do
    # shellcheck disable=SC2086 # lists
    opened "$account" $PRIMARY_SUBNETS $OWN_SUBNETS || die "$account is still closed to the first region: open both accounts of the lake, as the page fail-back says"
  done
  warehouse=$(warehouse_up) || exit 1
  here=$(tables_here) || exit 1
  local DATABRICKS_URL=$PRIMARY_DATABRICKS_URL
  pipelines PAUSED
  lake_jobs PAUSED
  warehouse=$(warehouse_up) || exit 1
  there=$(tables_named) || exit 1
  while read -r table place; do
    if grep -qxF -- "$table" <<<"$here" && [[ $place != "$(folder_of "$WRITTEN" "$table")" ]]; then elsewhere+=" $table"; fi
  done <<<"$there"
  [[ -z $elsewhere ]] || die "not in their folder of $WRITTEN, where alone they can be brought back:$elsewhere; their owners drop them in the first region, and the step lake copies them whole"
  jq -Rn '{tables: [inputs | select(. != "") | split(" ")[0]]}' <<<"$there"
}

# lake: what was written here goes back while people go on writing; again and again, until a round takes LAST_ROUND at most.
failback_lake() {
  local ready
  ready=$(result "$path.ready") || die "ready of $path must come first"
  warehouse=$(warehouse_up) || exit 1
  lake_round "$ready"
}

# stop: nobody writes where it serves now. What is left to bring back is what was written during the last round, and since.
failback_stop() {
  local lake took since
  whole LAST_ROUND
  lake=$(result "$path.lake") || die "lake of $path must come first"
  took=$(jq -re .seconds <<<"$lake") || die "lake of $path does not say how long it took"
  ((took <= LAST_ROUND)) || die "the last round took $(spell "$took"), and as long again could pass with nobody writing: start the step lake once more, until a round takes $(spell "$LAST_ROUND") at most"
  since=$((EPOCHSECONDS - $(date -u -d "$(jq -r .at <<<"$lake")" +%s)))
  ((since <= LAST_ROUND)) || die "the last round ended $(spell "$since") ago, and all that was written since would go back with nobody writing: start the step lake once more"
  pipelines PAUSED
  jq -n --arg stopped "$(iso "$EPOCHSECONDS")" '{$stopped}'
}

# rest: what was written since the last round; from here on both regions hold the same, and the list of clones says so.
failback_rest() {
  local result table unsound=''
  warehouse=$(warehouse_up) || exit 1
  result=$(lake_round) || exit 1
  for table in $(tables_here); do
    sound_there "$table" || unsound+=" $table"
  done
  [[ -z $unsound ]] || die "what was brought back is not sound in $WRITTEN:$unsound"
  printf '%s\n' "$result"
}

# kafka: the first region takes events again; nothing is forced, so that nothing is lost.
failback_kafka() {
  OWN_REGION=$PRIMARY_REGION FORCE=false kafka_restore_secondary >/dev/null
  OWN_REGION=$PRIMARY_REGION kafka_verify_secondary
}

# resume: the first region writes again, from where its tables now end, and is cloned from: the other one has read on
# meanwhile. A failover that comes next begins anew, with its fence. The clones by schedule stay paused until a first one
# has ended that has the time to copy everything.
failback_resume() {
  local forgotten id name
  warehouse=$(warehouse_up) || exit 1
  lake_served
  local DATABRICKS_URL=$PRIMARY_DATABRICKS_URL
  warehouse=$(warehouse_up) || exit 1
  begin_anew
  pipelines UNPAUSED
  pipelines_live
  for name in $FIRST_CLONES; do
    id=$(job_named "$name") || die "the workspace $DATABRICKS_URL has no job $name"
    # The same run, should this step be started again.
    jq -n --argjson id "$id" --arg token "$(result "$path.rest" | jq -r .at) $name" '{job_id: $id, idempotency_token: $token}' >"$work/run"
    databricks POST /api/2.2/jobs/run-now "$work/run" >/dev/null || die "$name cannot be started"
  done
  # Rounds of another way back need a ready of their own.
  forgotten=$(jq -c '{data: ([(.data // {}) | keys[] | select(test("-in-secondary\\.|^fail-back\\.ready$")) | {(.): null}] | add // {})}' <<<"$progress") || die "what the failover has noted cannot be read"
  change "$forgotten"
  jq -n '{serves: "the first region"}'
}

in_turn
result=$("failback_$step")
done_with "$result"
