#!/usr/bin/env bash
# upgrade.sh backup|roll|rollout|health|back: the guide's upgrade, and the way back it does not name.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omendb/jobs/cluster.sh
source "$JOBS_DIR/cluster.sh"

state=$SCRATCH_DIR/upgrade
mkdir -p "$state"
image() {
  kube get "deployment/$DEPLOYMENT" -o json |
    jq -r --arg name "$CONTAINER" '.spec.template.spec.containers[] | select(.name == $name) | .image'
}

case ${1:-} in
  backup)
    rm -f "$state"/*.json
    before=$(image)
    "$JOBS_DIR/backup.sh" full
    # The point goes where every other point goes, so that restore.sh finds it.
    point=$(jq -r .point "$SCRATCH_DIR/state/$(readlink "$SCRATCH_DIR/chains/current")/last.json")
    jq -n --arg point "$point" --arg image "$before" '{point: $point, image: $image}' | tee "$state/before.json"
    ;;
  roll)
    need NEW_IMAGE
    [[ -e $state/before.json ]] || die "roll must come after backup, which is not done"
    kube set image "deployment/$DEPLOYMENT" "$CONTAINER=$NEW_IMAGE" >&2
    jq -n --arg image "$NEW_IMAGE" '{image: $image}' | tee "$state/roll.json"
    ;;
  rollout)
    [[ -e $state/roll.json ]] || die "rollout must come after roll, which is not done"
    kubectl --namespace "$NAMESPACE" rollout status "deployment/$DEPLOYMENT" "--timeout=$START_TIMEOUT" >&2
    # Ready standbys make a rollout complete; one pod must also serve.
    wait_until "$start_seconds" serving || die "no pod serves after $START_TIMEOUT"
    kube get pods -l "$POD_SELECTOR" >&2
    jq -n '{rolledOut: true}' | tee "$state/rollout.json"
    ;;
  health)
    [[ -e $state/rollout.json ]] || die "health must come after rollout, which is not done"
    "$JOBS_DIR/health.sh"
    ;;
  back)
    [[ -e $state/before.json ]] || die "back must come after backup, which is not done"
    [[ ${FORMAT_CHANGED:-} == yes || ${FORMAT_CHANGED:-} == no ]] || die "FORMAT_CHANGED must be yes or no, got '${FORMAT_CHANGED:-}'"
    if [[ $FORMAT_CHANGED == yes ]]; then
      # The old version cannot read what the new one wrote: its data comes back with it, and writes since the backup are lost.
      stop_database
      POINT=$(jq -r .point "$state/before.json") TARGET_DIR=$DATA_ROOT DATABASE_STOPPED=yes "$JOBS_DIR/restore.sh" >&2
    fi
    kube rollout undo "deployment/$DEPLOYMENT" >&2
    start_database
    kubectl --namespace "$NAMESPACE" rollout status "deployment/$DEPLOYMENT" "--timeout=$START_TIMEOUT" >&2
    [[ $(image) == "$(jq -r .image "$state/before.json")" ]] || die "$DEPLOYMENT must run $(jq -r .image "$state/before.json") again, got $(image)"
    healthy "$OMENDB_URL" "$METRICS_URL" || die "the database is not healthy"
    ;;
  *) die "usage: upgrade.sh backup|roll|rollout|health|back" ;;
esac
