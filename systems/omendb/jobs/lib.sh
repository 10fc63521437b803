# shellcheck shell=bash
# Sourced by every job of OmenDB; nothing here acts until it is called.

: "${SCRATCH_DIR:=/scratch}" "${DATA_ROOT:=/var/lib/omendb}" "${JOBS_DIR:=/opt/holdfast/jobs}"
: "${DATABASE:=omendb_production}"
: "${OMENDB_CA:=/etc/omendb/tls/ca.crt}" "${OMENDB_CURLRC:=}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"

# Credentials come from a file (curl's own config format): an argument would show in the process list.
omendb_curl() {
  local options=(--silent --show-error --fail --max-time "${OMENDB_CALL_SECONDS:-10}" --cacert "$OMENDB_CA")
  [[ -z $OMENDB_CURLRC ]] || options+=(--config "$OMENDB_CURLRC")
  curl "${options[@]}" "$@"
}

# The number of records the server at URL counts, or "null" when it does not say.
records_at() {
  local count
  count=$(omendb_curl "$1/admin/index-stats" 2>/dev/null | jq -e "${RECORDS_PATH:-.records} | numbers" 2>/dev/null) || count=null
  printf '%s' "$count"
}

# healthy URL METRICS_URL: the guide's health check.
healthy() {
  local metrics
  omendb_curl -o /dev/null "$1/health" || { log "$1/health does not answer" && return 1; }
  omendb_curl -o /dev/null "$1/ready" || { log "$1/ready does not answer" && return 1; }
  # Into a variable first: `curl | grep -q` under pipefail fails when grep leaves early.
  metrics=$(omendb_curl "$2") || { log "$2 does not answer" && return 1; }
  [[ $metrics == *omendb_* ]] || { log "$2 has no omendb_ metric" && return 1; }
}

# The restore that the data on the volume comes from: a chain begun before it does not continue it.
generation_of() { cat "$1/data/.holdfast/generation" 2>/dev/null || printf 'first'; }
