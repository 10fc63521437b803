# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# The jobs of a site that begins to serve: asleep until then, because what they would copy, check and tidy is another's.

# wake: CronJobs named in WAKE run from now on, and those of RUN_NOW once at once: not only at the next schedule.
wake() {
  local name asleep=()
  for name in $WAKE; do
    kube patch "cronjob/$name" --type=merge --patch '{"spec":{"suspend":false}}' >&2 || asleep+=("$name")
  done
  for name in ${RUN_NOW:-}; do
    kube create job "$name-$(date -u +%Y%m%d%H%M%S)" "--from=cronjob/$name" >&2 ||
      log "$name does not run at once; its schedule is awake"
  done
  # Last: one that cannot be woken must not keep the others asleep.
  ((${#asleep[@]} == 0)) ||
    die "the service is up, but these still sleep: ${asleep[*]}; nothing does their work at this site: start the step again"
}
