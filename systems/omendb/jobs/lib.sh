# shellcheck shell=bash
# Sourced by every job; nothing here acts until it is called.

: "${SCRATCH_DIR:=/scratch}" "${DATA_ROOT:=/var/lib/omendb}" "${JOBS_DIR:=/opt/holdfast/jobs}" "${RUN_DIR:=/tmp}"
: "${DATABASE:=omendb_production}" "${TRANSFER_JOBS:=8}"
: "${OMENDB_CA:=/etc/omendb/tls/ca.crt}" "${OMENDB_CURLRC:=}"
export AWS_PAGER=""
# aws and kubectl keep caches in the home folder, which the read-only root file system does not have.
[[ -w ${HOME:-/nonexistent} ]] || export HOME=$RUN_DIR

log() { printf '%s %s: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "${0##*/}" "$*" >&2; }
die() {
  log "error: $*"
  exit 1
}

# need NAME...: each variable is set and not empty.
need() {
  local name
  for name in "$@"; do [[ -n ${!name:-} ]] || die "$name must be set"; done
}

# whole NAME...: each variable is a whole number.
whole() {
  local name
  need "$@"
  for name in "$@"; do [[ ${!name} =~ ^[0-9]+$ ]] || die "$name must be a whole number, got '${!name}'"; done
}

# seconds_of 45s: a duration in seconds; fails on anything else.
seconds_of() {
  [[ ${1:-} =~ ^([0-9]+)([smhd])$ ]] || return 1
  local -A unit=([s]=1 [m]=60 [h]=3600 [d]=86400)
  printf '%d' "$((10#${BASH_REMATCH[1]} * ${unit[${BASH_REMATCH[2]}]}))"
}

# Sortable as text, and fine enough that two runs never share a name.
stamp() { date -u -d "$1" +%Y%m%dT%H%M%S.%3NZ; }
iso_of() { printf '%s-%s-%sT%s:%s:%s' "${1:0:4}" "${1:4:2}" "${1:6:2}" "${1:9:2}" "${1:11:2}" "${1:13}"; }
epoch_of() { date -u -d "$(iso_of "$1")" +%s; }

sha256_of() { sha256sum "$1" | cut -d ' ' -f 1; }
bytes_free() { df -B1 --output=avail "$1" | tail -n 1 | tr -d ' '; }

# in_parallel FUNCTION: runs it once for each line of stdin, at most TRANSFER_JOBS at a time; fails when one failed.
in_parallel() {
  local line failed=0 pids=()
  while IFS= read -r line; do
    # By id and not `wait -n`, which loses a child that ended before it was called.
    if ((${#pids[@]} >= TRANSFER_JOBS)); then
      wait "${pids[0]}" || failed=1
      pids=("${pids[@]:1}")
    fi
    "$1" "$line" </dev/null &
    pids+=("$!")
  done
  for line in "${pids[@]}"; do wait "$line" || failed=1; done
  return "$failed"
}

s3() { aws s3api --region "$BUCKET_REGION" --output json "$@"; }

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

# push ROLE: sends the metrics on stdin to the Pushgateway. The role is part of the group,
# otherwise an incremental's push would replace the full's series.
push() {
  local instance
  instance=$(printf '%s' "$ASSET" | base64 -w 0 | tr '+/' '-_' | tr -d '=')
  curl --silent --show-error --fail --max-time 10 --retry 3 --retry-connrefused --data-binary @- \
    "$PUSHGATEWAY_URL/metrics/job/holdfast/instance@base64/$instance/role/$1" >&2 ||
    die "the Pushgateway did not take the metrics: what this run did is not visible to the alerts"
}

# The restore that the data on the volume comes from: a chain begun before it does not continue it.
generation_of() { cat "$1/data/.holdfast/generation" 2>/dev/null || printf 'first'; }
