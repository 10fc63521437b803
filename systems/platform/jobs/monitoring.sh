# shellcheck shell=bash
# platform/monitoring: rules, routes and monitors. No series is in it: what jobs have pushed says how things were, and
# each says it anew with its next run; until then an alert on what is missing fires, and rightly.

# shellcheck source=systems/platform/jobs/objects.sh
source "$JOBS_DIR/objects.sh"

collect() {
  need KINDS NAMESPACES
  collect_kinds "$1"
}

check() { check_kinds "$1"; }
restore() { apply_kinds "$1" "$2"; }
confirm() { confirm_kinds "$1" "$2"; }
rehearse() {
  try_kinds "$1" || return 1
  printf 'every rule and route accepted by the API server without effect'
}
