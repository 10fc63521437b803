# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# The jobs of a site that begins to serve: asleep until then, because what they would copy, check and tidy is another's.

# wake: CronJobs of RUN_NOW run once at once, then those named in WAKE by their schedules: what is started by hand first,
# because a schedule that is just due begins as soon as it is awake, and a copy of the assets wants a dump that is older.
wake() {
  local name asleep=()
  for name in ${RUN_NOW:-}; do
    kube create job "$name-$(date -u +%Y%m%d%H%M%S)" "--from=cronjob/$name" >&2 ||
      log "$name does not run at once; only its schedule wakes it"
  done
  for name in $WAKE; do
    kube patch "cronjob/$name" --type=merge --patch '{"spec":{"suspend":false}}' >&2 || asleep+=("$name")
  done
  # Last: one that cannot be woken must not keep the others asleep.
  ((${#asleep[@]} == 0)) ||
    die "the service is up, but these still sleep: ${asleep[*]}; nothing does their work at this site: see the page of OmniverseJobsAsleep"
}
