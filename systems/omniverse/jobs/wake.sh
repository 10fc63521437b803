# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# The backups of a site that begins to serve: asleep until then, because what they would copy is another's.

# wake: CronJobs named in WAKE run from now on, and once at once: not only at the next schedule.
wake() {
  local name
  for name in $WAKE; do
    kube patch "cronjob/$name" --type=merge --patch '{"spec":{"suspend":false}}' >&2 ||
      die "the service is up, but $name still sleeps: nothing protects this site; start the step again"
  done
  for name in $WAKE; do
    kube create job "$name-$(date -u +%Y%m%d%H%M%S)" "--from=cronjob/$name" >&2 ||
      log "$name does not run at once; its schedule is awake"
  done
}
