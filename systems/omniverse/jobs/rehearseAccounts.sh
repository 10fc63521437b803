#!/usr/bin/env bash
# rehearseAccounts.sh verify|drill: restores copies of accounts and tags into scratch and counts them. `verify` takes the
# newest and an older one by chance; `drill` takes the newest, measures, and prints one line of JSON.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/sites.sh
source "$JOBS_DIR/sites.sh"
# shellcheck source=systems/omniverse/jobs/accountCopies.sh
source "$JOBS_DIR/accountCopies.sh"
# shellcheck source=systems/jobs/promise.sh
source "$JOBS_DIR/promise.sh"

kind=${1:-}
[[ $kind == verify || $kind == drill ]] || die "usage: rehearseAccounts.sh verify|drill"
need ASSET BUCKET BUCKET_REGION PREFIX PUSHGATEWAY_URL SERVER_VERSION
whole KEPT_DAYS
if [[ $kind == drill ]]; then need REHEARSES; fi
work=$(mktemp -d "$SCRATCH_DIR/accounts.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT
started=$(date +%s)

# try_out "<capture> <version>": a restored copy is the only proof that one can be restored.
try_out() {
  rm -rf "$work/one"
  mkdir -p "$work/one/data"
  fetch_accounts "$1" "$work/one"
  tools_restore "$work/one/copy" "$work/one/data" || die "copy ${1%% *} cannot be restored"
  confirm_accounts "$work/one/manifest.json" "$work/one/data"
  log "copy ${1%% *} restores: $(jq -c .holds "$work/one/manifest.json")"
}

if [[ $kind == verify ]]; then
  chosen_points >"$work/points"
  newest=$(head -n 1 "$work/points")
  while IFS= read -r point <&3; do
    # An older one may be of the version before: only that version restores it, so it is read no further.
    if [[ $point != "$newest" ]]; then
      fetch_manifest "$point" "$work/manifest.json"
      if [[ $(jq -r .holds.version "$work/manifest.json") != "$SERVER_VERSION" ]]; then
        log "copy ${point%% *} is of Nucleus $(jq -r .holds.version "$work/manifest.json"): not restored here"
        continue
      fi
    fi
    try_out "$point"
  done 3<"$work/points"
  push verify <<METRICS
holdfast_verified_timestamp_seconds{asset="$ASSET",role="verify"} $(date +%s)
holdfast_run_seconds{asset="$ASSET",role="verify"} $(($(date +%s) - started))
METRICS
  exit 0
fi

served=$(newest_site)
of_site "$served"
point=$(newest_point now) || die "the bucket has no copy of accounts and tags"
try_out "$point"
seconds=$(($(date +%s) - started)) age=$(($(date +%s) - $(epoch_of "${point%% *}")))
bytes=$(jq '[.copy[].size] | add' "$work/one/manifest.json")
# Reading accounts and tags back is all of these ways but the room that it happens in.
records=()
for path in $REHEARSES; do records+=("$(record "$ASSET" "$path" "$seconds" "$bytes")"); done
jq -cn --arg asset "$ASSET" --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg point "${point%% *}" --argjson seconds "$seconds" \
  --argjson bytes "$bytes" --argjson age "$age" --slurpfile of "$work/one/manifest.json" \
  --argjson records "$(printf '%s\n' "${records[@]}" | jq -s .)" '{$asset, $at, $point,
    restoreSeconds: $seconds, $bytes, ageSeconds: $age, holds: $of[0].holds, verified: true, $records}'
hold "$seconds" "$bytes" "$age"
