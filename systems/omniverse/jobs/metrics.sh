#!/usr/bin/env bash
# metrics.sh: the runbook's collector. Measures Nucleus and the database, and pushes each number with the time of it: what
# could not be measured is left out, so that nobody takes the last answer for one of now.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/nucleus.sh
source "$JOBS_DIR/nucleus.sh"

need ASSET PUSHGATEWAY_URL NUCLEUS_URL DB_INSTANCE DB_SECRET AWS_REGION
work=$(mktemp -d "$RUN_DIR/metrics.XXXXXX")
trap 'rm -rf "$work"' EXIT

# measured WHAT METRIC VALUE
measured() {
  printf '%s{asset="%s"} %s\nholdfast_measured_timestamp_seconds{asset="%s",what="%s"} %s\n' \
    "$2" "$ASSET" "$3" "$ASSET" "$1" "$EPOCHSECONDS" >>"$work/lines"
}

if answer=$(curl --silent --show-error --max-time "$ANSWER_SECONDS" --cacert "$NUCLEUS_CA" --output /dev/null \
  --write-out '%{http_code} %{time_total}' "$NUCLEUS_URL/health"); then
  measured response holdfast_nucleus_response_seconds "${answer#* }"
fi
up=0
if [[ $answer == 200\ * ]]; then up=1; fi
measured health holdfast_nucleus_up "$up"

if sessions=$(sessions_of active); then
  measured sessions holdfast_nucleus_sessions "$sessions"
else
  log "sessions cannot be counted"
fi

# AWS that does not say where the database is says nothing about the database.
find_database() {
  reach_database "$work"
  declare -p PGHOST PGPORT PGUSER
}
strictly find_database >"$work/reach"
if ((ended == 0)); then
  # shellcheck disable=SC1091 # what this run wrote
  source "$work/reach"
  export PGHOST PGPORT PGUSER PGPASSFILE=$work/pgpass PGSSLMODE=verify-full PGSSLROOTCERT=$DB_CA PGCONNECT_TIMEOUT=5
  if [[ $(timeout 10 psql --no-psqlrc --quiet --tuples-only --no-align --dbname "$DB_NAME" <<<'select 1') == 1 ]]; then up=1; else up=0; fi
  measured database holdfast_database_up "$up"
fi

push metrics <"$work/lines"
