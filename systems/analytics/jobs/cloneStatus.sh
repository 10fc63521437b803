#!/usr/bin/env bash
# cloneStatus.sh: says how old the newest clones are, as the workspace that takes them knows it. What it cannot learn it
# does not push: the age that alerts see grows.
set -euo pipefail
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "$JOBS_DIR/azure.sh"

need ASSET CLONE_JOBS DATABRICKS_URL PUSHGATEWAY_URL

# captured JOB: when the newest run that ended well began, in seconds.
captured() {
  local id
  id=$(job_named "$1") || die "the workspace has no job $1"
  databricks GET "/api/2.2/jobs/runs/list?job_id=$id&completed_only=true&limit=25" |
    jq -re '[.runs[]? | select(.state.result_state == "SUCCESS") | .start_time] | max // empty | . / 1000 | floor' ||
    die "none of the last runs of $1 ended well"
}

oldest=$EPOCHSECONDS
metrics=''
for one in $CLONE_JOBS; do
  at=$(captured "${one#*=}")
  if ((at < oldest)); then oldest=$at; fi
  metrics+=$(printf 'holdfast_restorable_timestamp_seconds{asset="%s",protection="%s"} %d' "$ASSET" "${one%%=*}" "$at")$'\n'
done
# The lake is as safe as the older of its clones.
printf '%sholdfast_capture_timestamp_seconds{asset="%s",role="full"} %d\n' "$metrics" "$ASSET" "$oldest" | push full
