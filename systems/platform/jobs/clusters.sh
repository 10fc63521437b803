# shellcheck shell=bash
# platform/clusters: every declared kind and what the site is. No Secret is in it: those are platform/keys.

# shellcheck source=systems/platform/jobs/objects.sh
source "$JOBS_DIR/objects.sh"

collect() {
  need KINDS NAMESPACES
  collect_kinds "$1"
  kubectl get nodes -o json >"$1/site-nodes.json" || die "cannot read the nodes"
  kubectl get storageclasses -o json >"$1/site-storageclasses.json" || die "cannot read the storage classes"
  kubectl get --raw /version >"$1/site-version.json" || die "cannot read the version"
}

check() { check_kinds "$1"; }
restore() { apply_kinds "$1" "$2" && log "not applied, these take an administrator: $ADMIN_KINDS"; }
confirm() { confirm_kinds "$1" "$2"; }
rehearse() {
  try_kinds "$1" || return 1
  printf 'every object accepted by the API server without effect'
}
