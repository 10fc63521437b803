# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
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
  pods=$(kube get pods -l "$SERVICE_LABEL" -o name) && [[ -z $pods ]]
}

all_ready() {
  local all
  all=$(kube get deployments -l "$SERVICE_LABEL" -o json) || return 1
  jq -e 'all(.items[]; (.status.readyReplicas // 0) >= .spec.replicas)' <<<"$all" >/dev/null
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
    die "pods are still there after $STOP_TIMEOUT: $(kube get pods -l "$SERVICE_LABEL" -o name | tr '\n' ' ')"
  jq -n --argjson stopped "$counts" '{stopped: $stopped}'
}

start_service() {
  local all was name count
  need SITE_URL
  all=$(deployments) || exit 1
  was=$(noted replicas)
  while IFS=$'\t' read -r name count; do
    kube scale "deployment/$name" "--replicas=$count" >&2 || die "$name cannot be started"
  done < <(jq -r --argjson was "${was:-"{}"}" --argjson otherwise "$REPLICAS" '.items[]
    | [.metadata.name, ($was[.metadata.name] // (if .spec.replicas > 0 then .spec.replicas else $otherwise end))] | @tsv' <<<"$all")
  wait_until "$start_seconds" all_ready || die "not every Deployment labelled $SERVICE_LABEL is ready after $START_TIMEOUT"
  wait_until "$start_seconds" healthy "$SITE_URL" || die "$SITE_URL/health does not answer after $START_TIMEOUT"
  note replicas ''
}

# resume: the database that was verified takes the place of the one that was damaged or lost, and Nucleus starts.
resume() {
  local verified id
  verified=$(result verify) || exit 1
  id=$(jq -r '.identifier // empty' <<<"$verified")
  if [[ -n $id ]]; then into_place "$id" "$(jq -r .resource <<<"$verified")" >&2; fi
  start_service
  if [[ -n $id ]]; then protect "$(place)" >&2; fi
  jq -n --arg url "$SITE_URL" '{healthy: $url}'
}
