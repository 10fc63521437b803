# shellcheck shell=bash
# platform/monitoring: rules, routes and monitors, and the newest value of every series that promises rest upon. The
# history of all other series is not in it.

# shellcheck source=systems/platform/jobs/objects.sh
source "$JOBS_DIR/objects.sh"

collect() {
  need KINDS NAMESPACES PROMETHEUS_URL
  collect_kinds "$1"
  # Federation gives the newest samples as text that a Pushgateway takes back.
  curl --silent --show-error --fail --max-time 60 --get --data-urlencode 'match[]={__name__=~"holdfast_.+"}' \
    "$PROMETHEUS_URL/federate" >"$1/series.txt" || die "Prometheus does not answer"
}

check() {
  local counts series
  counts=$(check_kinds "$1") || return 1
  series=$(grep -c '^holdfast_' "$1/series.txt") || { log "Prometheus has no series of ours" && return 1; }
  jq --argjson series "$series" '. + {series: $series}' <<<"$counts"
}

restore() { apply_kinds "$1" "$2"; }
confirm() { confirm_kinds "$1" "$2"; }
rehearse() {
  IN_PLACE=yes apply_kinds "$1" "$2" --dry-run=server || return 1
  printf 'every rule and route accepted by the API server without effect'
}
