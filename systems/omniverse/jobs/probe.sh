#!/usr/bin/env bash
# probe.sh live|ready: the probes of a pod that runs serve.sh; a standby is as alive and as ready as it can be.
set -euo pipefail
# shellcheck source=systems/jobs/common.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/common.sh"
# shellcheck source=systems/jobs/elector.sh
source "$JOBS_DIR/elector.sh"
# shellcheck source=systems/omniverse/jobs/engine.sh
source "$JOBS_DIR/engine.sh"

[[ ${1:-} == live || ${1:-} == ready ]] || die "usage: probe.sh live|ready"
role=$(elector_role)
case $1-$role in
  *-standby | live-starting) ;; # serve.sh itself ends a start that passes its deadline
  ready-starting) die "the server is starting" ;;
  *-serving) engine_ready || die "/health does not answer" ;;
  *) die "unknown role '$role'" ;;
esac
