#!/usr/bin/env bash
# sessions.sh: closes sessions that nobody has touched for IDLE_SECONDS, and counts before and after.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/nucleus.sh
source "$JOBS_DIR/nucleus.sh"

need ASSET PUSHGATEWAY_URL NUCLEUS_URL IDLE_SECONDS
whole IDLE_SECONDS
# Less would close what somebody works in while they think.
((IDLE_SECONDS >= 600)) || die "IDLE_SECONDS must be at least 600, got $IDLE_SECONDS"
before=$(sessions_of '') || die "sessions cannot be counted: nothing is closed"
nucleus-admin session cleanup --idle-timeout "$IDLE_SECONDS" >&2 || die "nucleus-admin could not close idle sessions"
after=$(sessions_of '') || die "sessions were closed, but cannot be counted"
jq -cn --argjson before "$before" --argjson after "$after" '{before: $before, after: $after}'
push sessions <<METRICS
holdfast_sessions_before{asset="$ASSET",role="sessions"} $before
holdfast_sessions_after{asset="$ASSET",role="sessions"} $after
METRICS
