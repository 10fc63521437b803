# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034,SC2016,SC2153 # recover.sh sources what belongs together
# Nucleus as it stands in this cluster: every Deployment of the namespace that is labelled so.

: "${SERVICE_LABEL:=app=nucleus}" "${REPLICAS:=1}" "${STOP_TIMEOUT:=4m}" "${START_TIMEOUT:=10m}"
stop_seconds=$(seconds_of "$STOP_TIMEOUT") || die "STOP_TIMEOUT must be like 4m, got '$STOP_TIMEOUT'"
start_seconds=$(seconds_of "$START_TIMEOUT") || die "START_TIMEOUT must be like 10m, got '$START_TIMEOUT'"

deployments() {
  local all
  all=$(kube get deployments -l "$SERVICE_LABEL" -o json) || die "the Deployments labelled $SERVICE_LABEL cannot be read"
  [[ $(jq '.items | length' <<<"$all") != 0 ]] || die "no Deployment of $NAMESPACE is labelled $SERVICE_LABEL"
  printf '%s' "$all"
}

no_pods() {
  local pods
  # What has ended serves nobody, and nothing takes it away.
  pods=$(kube get pods -l "$SERVICE_LABEL" --field-selector=status.phase!=Failed,status.phase!=Succeeded -o name) && [[ -z $pods ]]
}

# fewer TURN PODS: names of what has fewer pods ready than PODS says, of this turn or one before.
fewer() {
  kube get deployments -l "$SERVICE_LABEL" -o json |
    jq -r --argjson turn "$1" "[.items[] | select($TURN <= \$turn and (.status.readyReplicas // 0) < $2) | .metadata.name] | join(\" \")"
}

unready() { fewer "$1" "$ENOUGH"; }

ready_up_to() {
  local names
  names=$(unready "$1") && [[ -z $names ]]
}

# all_ready: whatever turn it has.
all_ready() { ready_up_to 9999; }

# all_there: none is missing, as on a day on which nothing is lost.
all_there() {
  local names
  names=$(fewer 9999 .spec.replicas) && [[ -z $names ]]
}

# rolled_out DEPLOYMENT: its pods are of its newest template; what was there before and is still ready counts for nothing.
rolled_out() {
  local one
  one=$(kube get "deployment/$1" -o json) || return 1
  jq -e "(.status.observedGeneration // 0) >= (.metadata.generation // 0) and (.status.updatedReplicas // 0) >= .spec.replicas
    and (.status.replicas // 0) <= (.status.updatedReplicas // 0) and (.status.readyReplicas // 0) >= $ENOUGH" <<<"$one" >/dev/null
}

# seen_by_probe JOB SPAN: a probe has had an answer within SPAN; 2 where Prometheus does not say.
seen_by_probe() {
  local found
  found=$(curl --silent --show-error --fail --max-time 10 --get --data-urlencode "query=max(max_over_time(probe_success{job=\"$1\"}[$2]))" \
    "$PROMETHEUS_URL/api/v1/query") || return 2
  # Of nothing at all jq -e says that it is true.
  jq -es 'any(.[]; .status == "success" and .data.result[0].value[1] == "1")' <<<"$found" >/dev/null || return 1
}

healthy() { curl --silent --fail --max-time 10 --output /dev/null "$1/health"; }

stop_service() {
  local all was counts name
  all=$(deployments) || exit 1
  was=$(noted replicas)
  # What stands at 0 was stopped by a run before: its number is the one noted then.
  counts=$(jq -c --argjson was "${was:-"{}"}" '$was + ([.items[] | select(.spec.replicas > 0) | {(.metadata.name): .spec.replicas}] | add // {})' <<<"$all")
  note replicas "$counts"
  while IFS= read -r name; do
    kube scale "deployment/$name" --replicas=0 >&2 || die "$name cannot be stopped"
  done < <(jq -r '.items[].metadata.name' <<<"$all")
  wait_until "$stop_seconds" no_pods ||
    die "pods are still there after ${waited}s: $(kube get pods -l "$SERVICE_LABEL" -o name | tr '\n' ' ')"
  jq -n --argjson stopped "$counts" '{stopped: $stopped}'
}

# How many pods a Deployment is started with: as before, else as it stands, else as the program says a recovery starts it.
COUNT='($was[.metadata.name] // (if .spec.replicas > 0 then .spec.replicas
  else (.metadata.annotations["holdfast.dev/replicas"] // $otherwise | tonumber) end))'
TURN='(.metadata.annotations["holdfast.dev/turn"] // "0" | tonumber)'
# Its spread leaves pods waiting as long as a zone is lost: what can run without that one is enough to go on.
ENOUGH='([.spec.replicas, (.metadata.annotations["holdfast.dev/ready"] // .spec.replicas | tonumber)] | min)'

# start_service: in turns, each ready before the next: what has no turn first.
start_service() {
  local all was counts turn name count
  need SITE_URL
  all=$(deployments) || exit 1
  was=$(noted replicas)
  counts=$(jq -r --argjson was "${was:-"{}"}" --arg otherwise "$REPLICAS" ".items | sort_by($TURN)[] | [$TURN, .metadata.name, $COUNT] | @tsv" <<<"$all")
  for turn in $(cut -f 1 <<<"$counts" | uniq); do
    while IFS=$'\t' read -r name count; do
      kube scale "deployment/$name" "--replicas=$count" >&2 || die "$name cannot be started"
    done < <(awk -F '\t' -v turn="$turn" '$1 == turn { print $2 "\t" $3 }' <<<"$counts")
    wait_until "$start_seconds" ready_up_to "$turn" ||
      die "not ready after ${waited}s: $(unready "$turn"); what comes after it was not started"
  done
  all_there || log "fewer pods than wanted, as where a zone is lost: $(fewer 9999 .spec.replicas)"
  wait_until "$start_seconds" healthy "$SITE_URL" || die "$SITE_URL/health does not answer after ${waited}s"
  note replicas ''
}

# accounts_verified: nobody works without an account, and a server that starts on an empty volume makes one of its own.
accounts_verified() {
  local from
  case $FROM in
    point-in-time) return 0 ;; # they are where they were
    copies) from=copies-in-clean-room ;;
    fail-back) from=copies-in-place ;; # what the second site copied last
    *) from=copies-in-secondary ;;
  esac
  result verify "accounts.$from" >/dev/null ||
    die "$step must come after verify of the accounts, which has not ended within the last $VALID_FOR: nobody works without them"
}

# resume: the database that was verified takes the place of the one that was damaged or lost, and Nucleus starts.
resume() {
  local verified id
  accounts_verified
  if [[ $FROM == copies ]]; then points_here; fi
  verified=$(result verify) || exit 1
  # Route 53 leads clients to this site as soon as it is healthy, so nothing may be missing by then.
  if [[ $FROM == replica || $FROM == replicated-backups ]]; then files_verified; fi
  id=$(jq -r '.identifier // empty' <<<"$verified")
  if [[ -n $id ]]; then into_place "$id" "$(jq -r .resource <<<"$verified")" >&2; fi
  start_service
  if [[ -n $id ]]; then protect "$(place)" >&2; fi
  jq -n --arg url "$SITE_URL" '{healthy: $url}'
}
