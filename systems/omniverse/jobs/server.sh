#!/usr/bin/env bash
# server.sh STEP: the runbook's recovery of a Nucleus server that failed. Each step is a suspended CronJob of its own; the
# last one fails when /health does not answer, where the runbook says that it is completed.
set -euo pipefail
# A step runs in $(...), where a failure would otherwise not end it.
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}" "${SCRATCH_DIR:=/scratch}"
# shellcheck source=systems/omniverse/jobs/lib.sh
source "$JOBS_DIR/lib.sh"
procedure=server-recovery order="status restart database disk health" step=${1:-}
# shellcheck source=systems/omniverse/jobs/procedure.sh
source "$JOBS_DIR/procedure.sh"
need SERVER LOGS_DIR LOGS_BYTES BUCKET BUCKET_REGION LOGS_PREFIX REQUIRED_LOCK_DAYS DISK_MOST
whole DISK_MOST LOGS_BYTES REQUIRED_LOCK_DAYS
: "${COUNT_SECONDS:=300}"
# The runbook's waits, and the age at which a rotated log goes.
whole RESTART_SECONDS HEALTH_SECONDS OLD_MINUTES

# workloads: what should run, what does, and why the rest does not.
workloads() {
  local all pods
  all=$(deployments) || exit 1
  pods=$(kube get pods -l "$SERVICE_LABEL" -o json) || die "the pods labelled $SERVICE_LABEL cannot be read"
  jq -n --argjson all "$all" --argjson pods "$pods" '{
    workloads: ([$all.items[] | {(.metadata.name): {wanted: .spec.replicas, ready: (.status.readyReplicas // 0)}}] | add // {}),
    pods: [$pods.items[] | {name: .metadata.name, phase: .status.phase,
      containers: [.status.containerStatuses[]? | select(.ready != true or .restartCount > 0) | {name, restarts: .restartCount,
        why: (.state.waiting.reason // .state.terminated.reason // .lastState.terminated.reason)}]} | select(.phase != "Running" or .containers != [])]}'
}

# restart: a server that is not ready afterwards may lack its database or its disk, which the next steps look at.
restart() {
  local one ready=true
  one=$(kube get "deployment/$SERVER" -o json) || die "the Deployment $SERVER cannot be read"
  (($(jq .spec.replicas <<<"$one") > 0)) || die "$SERVER is to have no pod: a recovery or a deployment has stopped it; end that first"
  kube rollout restart "deployment/$SERVER" >&2 || die "$SERVER cannot be restarted"
  sleep "$RESTART_SECONDS"
  wait_until "${READY_SECONDS:-180}" rolled_out "$SERVER" || { ready=false && log "$SERVER is not ready: the next steps look at what it stands on"; }
  jq -n --arg server "$SERVER" --argjson ready "$ready" '{restarted: $server, ready: $ready}'
}

# reach_it: nothing of RDS is restarted here: its standby takes over by itself, and a restart during that makes it longer.
reach_it() {
  local said=''
  answers || die "the database does not answer: $said; go on with database-repair, whose first step is the job omniverse-database-repair-reach"
  jq -n --arg instance "$DB_INSTANCE" '{database: $instance, answers: true}'
}

# in_use: bytes below LOGS_DIR. A size that cannot be told in time must not keep a server from being recovered.
# shellcheck disable=SC2153 # not JOBS_DIR
in_use() {
  local bytes
  # What goes while du looks makes it fail, and its sum is right all the same.
  bytes=$(timeout "$COUNT_SECONDS" du -s --block-size=1 "$LOGS_DIR" 2>/dev/null | cut -f 1) || true
  if [[ ! $bytes =~ ^[0-9]+$ ]]; then
    log "error: what lies in $LOGS_DIR could not be added up within $COUNT_SECONDS s: its volume's own word counts alone"
    bytes=0
  fi
  printf '%s' "$bytes"
}

# used BYTES: percent of what the claim asked for, or of what its volume says that it has, whichever is worse. EFS says that
# it has eight exbibytes (https://github.com/kubernetes-sigs/aws-efs-csi-driver/issues/1242), and its metric StorageBytes is
# of all claims of a file system together.
used() {
  local says asked=$(($1 * 100 / LOGS_BYTES))
  says=$(df --output=pcent "$LOGS_DIR" | tail -n 1 | tr -d ' %')
  [[ $says =~ ^[0-9]+$ ]] || die "$LOGS_DIR does not say how full it is"
  printf '%s' "$((says > asked ? says : asked))"
}

# gone FILE: removed; prints how many bytes it held.
gone() {
  stat -c '%b * %B' "$1"
  rm -f -- "$1"
}

# archived FILE: compressed and locked in the bucket of the other region.
archived() {
  local small=$SCRATCH_DIR/archived.gz name=${1#"$LOGS_DIR/"}
  packed "$1" "$small" && (put "$small" "$LOGS_PREFIX/$started/${name%.gz}.gz" >/dev/null)
}

# make_room: rotated logs go, those that are kept elsewhere first; what is written now stays.
make_room() {
  local before now file bytes failed=0 sent=0 lost=0 started
  bytes=$(in_use)
  before=$(used "$bytes")
  now=$before
  if ((before > DISK_MOST)); then
    started=$(stamp now)
    log "$LOGS_DIR is $before % full: rotated logs older than $OLD_MINUTES minutes go"
    find "$LOGS_DIR" -type f -name '*.log.*' -mmin "+$OLD_MINUTES" -print0 | LC_ALL=C sort -z >"$RUN_DIR/old"
    : >"$RUN_DIR/kept"
    while IFS= read -rd '' file; do
      if archived "$file"; then
        bytes=$((bytes - $(gone "$file")))
        sent=$((sent + 1))
      else
        log "error: ${file#"$LOGS_DIR/"} could not be archived"
        printf '%s\0' "$file" >>"$RUN_DIR/kept"
        failed=$((failed + 1))
      fi
    done <"$RUN_DIR/old"
    now=$(used "$bytes")
    # A server that stands is worth more than logs that nobody can keep.
    while ((now > DISK_MOST)) && IFS= read -rd '' file; do
      log "${file#"$LOGS_DIR/"} is removed without a copy"
      bytes=$((bytes - $(gone "$file")))
      lost=$((lost + 1)) now=$(used "$bytes")
    done <"$RUN_DIR/kept"
    ((now <= DISK_MOST)) || die "$LOGS_DIR is still $now % full after $sent rotated logs were archived and $lost were removed: something else fills it, or make the claim larger"
  fi
  jq -n --argjson before "$before" --argjson now "$now" --argjson archived "$sent" --argjson lost "$lost" --argjson kept "$((failed - lost))" \
    '{usedBefore: $before, usedNow: $now, archived: $archived, removedWithoutCopy: $lost, notArchived: $kept}'
}

look_well() {
  sleep "$HEALTH_SECONDS"
  steadily || die "$SITE_URL/health does not answer: the server is NOT recovered; $(workloads | jq -c .)"
  all_ready || die "not every Deployment labelled $SERVICE_LABEL is ready: the server is NOT recovered; $(workloads | jq -c .)"
  jq -n --arg url "$SITE_URL" '{healthy: $url}'
}

in_turn
case $step in
  status) result=$(workloads) ;;
  restart) result=$(restart) ;;
  database) result=$(reach_it) ;;
  disk) result=$(make_room) ;;
  health) result=$(look_well) ;;
esac
done_with "$result"
