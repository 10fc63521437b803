#!/usr/bin/env bash
# serve.sh: of the pods that run this, only the holder of the Lease runs what writes to the volume; the others stand by.
# engine.sh of the system says what that is: the command `engine`, and `engine_ready`.
#
# Why two never write at once: the holder counts from before it *sends* a renewal and is killed at 2/3 of the duration;
# another pod counts from after it *saw* the last change and waits the whole duration. Both count on the kernel's clock
# since boot, which no time correction moves.
set -euo pipefail
: "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"
engine=()
# shellcheck source=systems/omendb/jobs/engine.sh
source "$JOBS_DIR/engine.sh"

need POD_NAME POD_IP NAMESPACE LEASE SLICE
((${#engine[@]} > 0)) || die "engine.sh must set the command engine"
: "${STOP_SECONDS:=20}"
: "${TOKEN_FILE:=/var/run/secrets/kubernetes.io/serviceaccount/token}"
: "${KUBE_CA:=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt}"
whole STOP_SECONDS
if [[ -z ${KUBE_API:-} ]]; then
  need KUBERNETES_SERVICE_HOST
  host=$KUBERNETES_SERVICE_HOST
  [[ $host != *:* ]] || host="[$host]"
  KUBE_API="https://$host:${KUBERNETES_SERVICE_PORT:-443}"
fi
[[ -r $TOKEN_FILE ]] || die "TOKEN_FILE must be readable, got '$TOKEN_FILE'"
lease=/apis/coordination.k8s.io/v1/namespaces/$NAMESPACE/leases/$LEASE
slice=/apis/discovery.k8s.io/v1/namespaces/$NAMESPACE/endpointslices/$SLICE

role=standby group=0 dog='' dog_pid='' ready_pid='' stopping=''
renewed=0 deadline=0 start_limit=0 duration=15 period=3 start_seconds=0 next=0
seen='' seen_at=0 code='' now=0
reply=$RUN_DIR/reply ready=$RUN_DIR/engine-ready
trap 'stopping=yes' TERM INT
trap ':' PIPE # writing to a dead watchdog must reach the code that handles it, not end this shell
exec {never}<> <(:) # a timed read of this is a sleep without a fork

# Hundredths of a second since boot.
clock() {
  local up
  read -r up _ </proc/uptime
  now=$((10#${up/./}))
}
pause() { read -rt "$1" -u "$never" || true; }
alive() { ((group > 0)) && { kill -0 -- "-$group" 2>/dev/null || kill -0 "$group" 2>/dev/null; }; }

# api METHOD PATH [BODY]: sets `code` (000: no answer in time); the answer is in $reply.
api() {
  local options=(--silent --max-time "$period" --request "$1" --header 'Content-Type: application/json')
  [[ ! -r $KUBE_CA ]] || options+=(--cacert "$KUBE_CA")
  [[ -z ${3:-} ]] || options+=(--data-binary "$3")
  : >"$reply"
  # The token through a pipe: arguments are visible to every process of the pod.
  code=$(printf 'header = "Authorization: Bearer %s"\n' "$(<"$TOKEN_FILE")" |
    curl --config - "${options[@]}" --output "$reply" --write-out '%{http_code}' "$KUBE_API$2") || code=000
}

# strike PID: kills it and its process group; nothing where it is 0.
strike() { (($1 == 0)) || kill -KILL -- "-$1" "$1" 2>/dev/null || true; }

# The fence. A process of its own, because the main loop may be waiting for the network. It kills when the deadline it
# was last told passes, and when its input ends: then the main loop is gone.
watchdog() {
  local until=0 pid=0 a b up
  trap '' TERM INT
  while :; do
    # Waits without reading: a read that runs out of time in the middle of a word would take half a number for one.
    if read -rt 0; then
      read -r a b || break
      until=$a pid=$b
      continue
    fi
    read -r up _ </proc/uptime
    ((10#${up/./} < until)) || strike "$pid"
    pause 0.1
  done
  strike "$pid"
}
tell_watchdog() { printf '%d %d\n' "$deadline" "$group" >&"$dog" || fence "the watchdog is gone"; }

kill_database() {
  if alive; then
    strike "$group"
    # One that waits for the disk dies only when the disk answers; until then the lease must not be given away.
    while alive; do pause 0.1; done
  fi
}
fence() {
  log "fenced: $1"
  kill_database
  exit 1
}

# Takes or renews the lease; true when this pod holds it afterwards.
attempt() {
  local lines holder record sent body wait_seconds
  api GET "$lease"
  [[ $code == 200 ]] || { log "the lease cannot be read ($code)" && return 1; }
  mapfile -t lines < <(jq -r '(.spec.holderIdentity // ""), (.spec.leaseDurationSeconds // ""),
    (.metadata.annotations["holdfast.dev/start-deadline"] // ""), (.spec | tojson),
    (.metadata.annotations["holdfast.dev/held-for"] // "0")' "$reply")
  ((${#lines[@]} == 5)) || { log "the lease cannot be understood" && return 1; }
  holder=${lines[0]} record=${lines[3]}
  if [[ $role != standby && $holder != "$POD_NAME" ]]; then fence "the lease is held by '$holder'"; fi
  if [[ ! ${lines[1]} =~ ^[0-9]+$ ]] || ((lines[1] < 3)); then
    log "leaseDurationSeconds of $LEASE must be 3 or more, got '${lines[1]}'"
    return 1
  fi
  start_seconds=$(seconds_of "${lines[2]}") ||
    { log "the annotation holdfast.dev/start-deadline of $LEASE must be like 45s, got '${lines[2]}'" && return 1; }
  duration=${lines[1]} wait_seconds=${lines[1]} period=$((lines[1] / 5))
  ((period >= 1)) || period=1
  clock
  if [[ -n $holder && $holder != "$POD_NAME" ]]; then
    if [[ $record != "$seen" ]]; then
      seen=$record seen_at=$now
      return 1
    fi
    # The holder may not have read a duration that was shortened a moment ago: what it last counted on counts too.
    [[ ${lines[4]} =~ ^[0-9]+$ ]] && ((lines[4] > wait_seconds)) && wait_seconds=${lines[4]}
    ((now - seen_at >= wait_seconds * 100)) || return 1
    log "$holder has not renewed for ${wait_seconds}s: taking the lease"
  fi
  # leaseDurationSeconds and the annotation stay as they are: the Pulumi program declares them.
  body=$(jq -c --arg me "$POD_NAME" --arg now "$(date -u +%Y-%m-%dT%H:%M:%S.%6NZ)" '
    if .spec.holderIdentity == $me then . else .spec.acquireTime = $now | .spec.leaseTransitions = (.spec.leaseTransitions // 0) + 1 end
    | .spec.holderIdentity = $me | .spec.renewTime = $now
    | .metadata.annotations["holdfast.dev/held-for"] = (.spec.leaseDurationSeconds | tostring)' "$reply") || return 1
  clock
  sent=$now
  api PUT "$lease" "$body"
  [[ $code == 200 ]] || { log "the lease was not taken or renewed ($code)" && return 1; }
  renewed=$sent deadline=$((sent + duration * 200 / 3)) seen=''
}

release() {
  local body
  api GET "$lease"
  [[ $code == 200 && $(jq -r '.spec.holderIdentity // ""' "$reply") == "$POD_NAME" ]] || return 0
  body=$(jq -c --arg now "$(date -u +%Y-%m-%dT%H:%M:%S.%6NZ)" '.spec.holderIdentity = "" | .spec.renewTime = $now' "$reply")
  api PUT "$lease" "$body"
  if [[ $code == 200 ]]; then log "released the lease"; else log "the lease was not released ($code): it will expire"; fi
}

# publish ADDRESS|"": the one endpoint of the Service. Empty only removes an address that is ours or, when taking over,
# the dead holder's. resourceVersion makes a late write of a former holder fail.
publish() {
  local body
  api GET "$slice"
  [[ $code == 200 ]] || { log "the endpoints cannot be read ($code)" && return 1; }
  if [[ -n $1 ]]; then
    [[ $(jq -r '[.endpoints[]?.addresses[]?] | join(" ")' "$reply") != "$1" ]] || return 0
  else
    jq -e --arg ours "${2:-$POD_IP}" 'any(.endpoints[]?.addresses[]?; $ours == "all" or . == $ours)' "$reply" >/dev/null || return 0
  fi
  body=$(jq -c --arg ip "$1" --arg pod "$POD_NAME" --arg namespace "$NAMESPACE" '.endpoints = (if $ip == "" then [] else
    [{addresses: [$ip], conditions: {ready: true, serving: true, terminating: false},
      targetRef: {kind: "Pod", name: $pod, namespace: $namespace}}] end)' "$reply") || return 1
  api PUT "$slice" "$body"
  [[ $code == 200 ]] || { log "the endpoints were not written ($code)" && return 1; }
  log "endpoints: ${1:-none}"
}

start_database() {
  rm -f "$ready"
  exec {dog}> >(watchdog)
  dog_pid=$!
  clock
  ((now < deadline)) || fence "the lease was too old to start with"
  # A process group of its own, so that the fence reaches whatever the database starts.
  setsid "${engine[@]}" </dev/null {dog}>&- {never}<&- &
  group=$!
  tell_watchdog
  role=starting start_limit=$((now + start_seconds * 100))
  (
    exec {dog}>&-
    trap - TERM INT PIPE
    until engine_ready; do
      kill -0 "$$" 2>/dev/null || exit 0
      pause 0.2
    done
    : >"$ready"
  ) &
  ready_pid=$!
  log "holds the lease: the database starts, ${start_seconds}s at most"
}

# finish CODE: the database is dead before anybody else may have the lease.
finish() {
  kill_database
  if [[ -n $ready_pid ]]; then kill "$ready_pid" 2>/dev/null || true; fi
  if [[ $role != standby ]]; then
    publish "" || true
    release
  fi
  exit "$1"
}

stop() {
  local limit
  log "stopping"
  clock
  limit=$((now + STOP_SECONDS * 100))
  if alive; then kill -TERM -- "-$group" 2>/dev/null || true; fi
  while alive && ((now < limit)); do
    # Still the holder until it is dead: without renewals the watchdog would cut the shutdown short.
    if ((now >= next)); then renew; fi
    pause 0.1
    clock
  done
  if alive; then log "the database did not stop within ${STOP_SECONDS}s"; fi
  finish 0
}

renew() {
  local again=50 # a failed renewal is tried again soon: the deadline is only three periods away
  if attempt; then
    tell_watchdog
    again=$((period * 100))
  fi
  clock
  next=$((now + again))
  ((now < deadline)) || fence "no renewal for $(((now - renewed) / 100))s"
}

# Read by elector.sh.
beat() { printf '%d %s %d\n' "$now" "$role" "$period" >"$RUN_DIR/elector"; }

log "standing by for lease $LEASE"
while :; do
  clock
  beat
  if [[ -n $stopping ]]; then stop; fi
  if [[ $role == standby ]]; then
    if ((now >= next)); then
      if attempt; then
        start_database
        beat
        publish "" all || true # clients must not be sent to the former holder while the database starts
      fi
      clock
      next=$((now + period * 100))
    fi
  else
    if ((now >= next)); then
      renew
      if [[ $role == serving ]]; then publish "$POD_IP" || true; fi
    fi
    ((now < deadline)) || fence "no renewal for $(((now - renewed) / 100))s"
    kill -0 "$dog_pid" 2>/dev/null || fence "the watchdog is gone"
    if ! kill -0 "$group" 2>/dev/null; then
      status=0
      wait "$group" || status=$?
      clock
      ((now < deadline)) || fence "no renewal for $(((now - renewed) / 100))s"
      log "the database ended with code $status"
      finish "$status"
    fi
    if [[ $role == starting ]]; then
      if [[ -e $ready ]]; then
        role=serving
        log "serving"
        publish "$POD_IP" || true
      elif ((now >= start_limit)); then
        log "the database was not ready within ${start_seconds}s"
        finish 1
      fi
    fi
  fi
  pause 0.2
done
