# shellcheck shell=bash
# What recovery and upgrade do to the Deployment.

: "${NAMESPACE:=omendb-prod}" "${DEPLOYMENT:=prod-omendb}" "${CONTAINER:=omendb}" "${POD_SELECTOR:=app=omendb}"
: "${LEASE:=prod-omendb}" "${SLICE:=prod-omendb-serving}" "${REPLICAS:=3}" "${STOP_TIMEOUT:=120s}" "${START_TIMEOUT:=300s}"
: "${OMENDB_URL:=https://$DEPLOYMENT.$NAMESPACE.svc:3000}" "${METRICS_URL:=https://$DEPLOYMENT.$NAMESPACE.svc:9090/metrics}"
whole REPLICAS
export OMENDB_URL METRICS_URL NAMESPACE
stop_seconds=$(seconds_of "$STOP_TIMEOUT") || die "STOP_TIMEOUT must be like 120s, got '$STOP_TIMEOUT'"
start_seconds=$(seconds_of "$START_TIMEOUT") || die "START_TIMEOUT must be like 300s, got '$START_TIMEOUT'"

kube() { kubectl --namespace "$NAMESPACE" --request-timeout=20s "$@"; }

# wait_until SECONDS COMMAND...: polls, because `kubectl wait` fails at once while there is nothing to wait for.
wait_until() {
  local end=$(($(date +%s) + $1))
  shift
  until "$@"; do
    (($(date +%s) < end)) || return 1
    sleep "${POLL_SECONDS:-2}"
  done
}

no_pods() {
  local pods
  pods=$(kube get pods -l "$POD_SELECTOR" -o name) && [[ -z $pods ]]
}
# Not held: released, or unchanged for its whole duration by our clock (its holder's own fence has then killed the database).
lease_free() {
  local record
  record=$(kube get lease "$LEASE" -o json) || return 1
  [[ $(jq -r '.spec.holderIdentity // ""' <<<"$record") != "" ]] || return 0
  if [[ $(jq -cS .spec <<<"$record") != "${lease_seen:-}" ]]; then
    lease_seen=$(jq -cS .spec <<<"$record") lease_seen_at=$SECONDS
    return 1
  fi
  ((SECONDS - lease_seen_at > $(jq '.spec.leaseDurationSeconds' <<<"$record")))
}
serving() { [[ $(kube get endpointslice "$SLICE" -o json | jq '[.endpoints[]?] | length') == 1 ]]; }
answers() { healthy "$OMENDB_URL" "$METRICS_URL" 2>/dev/null; }

stop_database() {
  kube scale "deployment/$DEPLOYMENT" --replicas=0 >&2
  wait_until "$stop_seconds" no_pods || die "pods of $DEPLOYMENT are still there after $STOP_TIMEOUT: $(kube get pods -l "$POD_SELECTOR" -o name | tr '\n' ' ')"
  wait_until "$stop_seconds" lease_free || die "the lease $LEASE is still renewed after $STOP_TIMEOUT: a database is running somewhere"
}
start_database() {
  kube scale "deployment/$DEPLOYMENT" "--replicas=$REPLICAS" >&2
  # Standbys are ready too, so ready pods alone do not mean that one serves.
  wait_until "$start_seconds" serving || die "no pod serves after $START_TIMEOUT"
  wait_until "$start_seconds" answers || die "the database does not answer at $OMENDB_URL after $START_TIMEOUT"
}
