#!/usr/bin/env bash
# standdown.sh STEP: the second site stops for a fail-back. Nobody is let in any more, then accounts and tags are copied and
# the copy is read, then everything stops. What it says of itself is written into the database last, so whoever follows it
# and reads that has all that was written before.
set -euo pipefail
# A step runs in $(...), where a failure would otherwise not end it.
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}" "${SCRATCH_DIR:=/scratch}"
# shellcheck source=systems/omniverse/jobs/lib.sh
source "$JOBS_DIR/lib.sh"
procedure=stand-down order="close accounts verify stop" step=${1:-}
# shellcheck source=systems/omniverse/jobs/procedure.sh
source "$JOBS_DIR/procedure.sh"
# shellcheck source=systems/omniverse/jobs/accountCopies.sh
source "$JOBS_DIR/accountCopies.sh"
need SLEEP EDGE ACCOUNTS_JOB ACCOUNTS_PREFIX SERVER_VERSION BUCKET BUCKET_REGION
need COPIED_WITHIN
within=$(seconds_of "$COPIED_WITHIN") || die "COPIED_WITHIN must be like 20m, got '$COPIED_WITHIN'"
# shellcheck disable=SC2034 # list_points and fetch_manifest read it
PREFIX=$ACCOUNTS_PREFIX
said=''

edge_gone() {
  local pods
  pods=$(kube get pods -l "$SERVICE_LABEL" --field-selector=status.phase!=Failed,status.phase!=Succeeded -o name) && ! grep -q "^pod/$EDGE-" <<<"$pods"
}

# close_edge: what people come through; the server behind it goes on, because accounts are copied from one that runs.
close_edge() {
  local one was
  # A word of before, of a fail-back that was broken off, must not be believed by the next.
  answers || die "the database does not answer: $said"
  say_of_database null || die "what was said of this site before cannot be taken back: start the step again"
  one=$(kube get "deployment/$EDGE" -o json) || die "the Deployment $EDGE cannot be read"
  was=$(noted replicas)
  # So that whoever starts everything again starts as many.
  note replicas "$(jq -cn --argjson was "${was:-"{}"}" --argjson one "$one" '(if $one.spec.replicas > 0 then {($one.metadata.name): $one.spec.replicas} else {} end) + $was')"
  kube scale "deployment/$EDGE" --replicas=0 >&2 || die "$EDGE cannot be stopped"
  wait_until "$stop_seconds" edge_gone || die "pods of $EDGE are still there after $STOP_TIMEOUT: people may still come in"
  jq -n --arg closed "$EDGE" '{closed: $closed}'
}

# copied_since AT: sets `line`, the point of a copy that began after that second.
copied_since() { line=$(newest_point now) && (($(epoch_of "${line%% *}") > $1)); }

# copy_accounts: by the job that makes all copies; that its last object is there says that it ended well.
copy_accounts() {
  local closed job line=''
  closed=$(date -u -d "$(result close | jq -r .at)" +%s)
  if ! copied_since "$closed"; then
    job=$ACCOUNTS_JOB-$(date -u +%Y%m%d%H%M%S)
    kube create job "$job" "--from=cronjob/$ACCOUNTS_JOB" >&2 || die "$ACCOUNTS_JOB cannot be started"
    wait_until "$within" copied_since "$closed" ||
      die "no copy of accounts and tags has come within $COPIED_WITHIN: look at the Job $job, then start this step again; to let people in again, scale $EDGE up"
  fi
  jq -n --arg point "${line%% *}" --arg version "${line##* }" '{point: $point, version: $version}'
}

# verify_copy: restored into scratch and counted; only then may the one that it was taken of stop.
verify_copy() {
  local copied line work
  copied=$(result accounts)
  line=$(jq -r '"\(.point) \(.version)"' <<<"$copied")
  work=$(mktemp -d "$SCRATCH_DIR/accounts.XXXXXX")
  mkdir "$work/data"
  fetch_accounts "$line" "$work"
  tools_restore "$work/copy" "$work/data" || die "copy ${line%% *} cannot be restored: start accounts again"
  confirm_accounts "$work/manifest.json" "$work/data"
  jq '{point, holds}' "$work/manifest.json"
  rm -rf "$work"
}

stop_site() {
  local stopped point name
  # Whoever let people in again since then has made that copy an old one.
  edge_gone || die "pods of $EDGE run: what was changed since the copy would be lost; begin with close"
  point=$(result verify | jq -r .point)
  stopped=$(stop_service)
  for name in $SLEEP; do
    kube patch "cronjob/$name" --type=merge --patch '{"spec":{"suspend":true}}' >&2 || die "$name cannot be sent to sleep"
  done
  answers || die "the database does not answer: $said"
  say_of_database "'holdfast stood down $point $(date -u +%Y-%m-%dT%H:%M:%SZ)'" ||
    die "what was stopped cannot be told to who follows: start the step again"
  jq --arg accounts "$point" '. + {accounts: $accounts}' <<<"$stopped"
}

in_turn
case $step in
  close) result=$(close_edge) ;;
  accounts) result=$(copy_accounts) ;;
  verify) result=$(verify_copy) ;;
  stop) result=$(stop_site) ;;
esac
done_with "$result"
