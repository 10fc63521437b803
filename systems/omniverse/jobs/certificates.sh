#!/usr/bin/env bash
# certificates.sh: until when the certificate holds that each pod serves. Nucleus and what stands beside it read theirs when
# they start and never again: what serves an older one than cert-manager has made is restarted, one service after the other,
# on the day that is for it, or at once when little time is left. nginx reads its own anew: proxy.sh.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/nucleus.sh
source "$JOBS_DIR/nucleus.sh"
# It notes no step: of these it takes how the cluster is asked, and waited for.
# shellcheck disable=SC2034
asset=certificates FROM='' step=''
# shellcheck source=systems/omniverse/jobs/progress.sh
source "$JOBS_DIR/progress.sh"
# shellcheck source=systems/omniverse/jobs/service.sh
source "$JOBS_DIR/service.sh"

# SERVICES: "<workload>=<component>:<port>" each, in the order in which they start.
need ASSET NAMESPACE PUSHGATEWAY_URL SERVICES RENEWED SERVICE_DOMAIN
: "${READY_SECONDS:=240}" "${RELOADS:=nginx}"
whole RESTART_DAY AT_ONCE_DAYS READY_SECONDS
work=$(mktemp -d "$RUN_DIR/certificates.XXXXXX")
trap 'rm -rf "$work"' EXIT

print_of() { openssl x509 -noout -fingerprint -sha256 -in "$1"; }
end_of() {
  local until
  until=$(openssl x509 -noout -enddate -in "$1") && date -u -d "${until#notAfter=}" +%s
}
# leaf_at ADDRESS NAME FILE: the certificate that is served there; whether it is trusted is not asked.
leaf_at() { timeout 10 openssl s_client -connect "$1" -servername "$2" </dev/null 2>/dev/null | openssl x509 -out "$3" 2>/dev/null; }

# look_at WORKLOAD COMPONENT PORT: sets `first`, when the first of them ends, and `behind`, pods that serve another than the
# newest. Pods that serve nothing are passed over: of the servers all but one wait.
look_at() {
  local pods ip until leaf=$work/leaf
  first='' behind=0
  pods=$(kube get pods -l "$SERVICE_LABEL,component=$2" --field-selector=status.phase=Running -o json) || return 1
  while IFS= read -r ip; do
    leaf_at "$ip:$3" "$1.$SERVICE_DOMAIN" "$leaf" || continue
    until=$(end_of "$leaf") || return 1
    if [[ -z $first ]] || ((until < first)); then first=$until; fi
    [[ $(print_of "$leaf") == "$newest" ]] || behind=$((behind + 1))
  done < <(jq -r '.items[].status.podIP // empty' <<<"$pods")
}

# restart WORKLOAD: only what is whole, since a restart takes one pod after the other away.
restart() {
  local one
  one=$(kube get "deployment/$1" -o json) || { problem "the Deployment $1 cannot be read" && return 1; }
  jq -e '(.status.readyReplicas // 0) >= .spec.replicas' <<<"$one" >/dev/null ||
    { problem "$1 serves an old certificate and lacks pods: it is not restarted" && return 1; }
  kube rollout restart "deployment/$1" >&2 || { problem "$1 cannot be restarted" && return 1; }
  wait_until "$READY_SECONDS" rolled_out "$1" || { problem "$1 is not ready after its restart: nothing else is restarted" && return 1; }
  restarted+=("$1")
}

newest=$(print_of "$RENEWED") || die "$RENEWED is no certificate"
due=$(((10#$(date -u +%u)) == RESTART_DAY)) restarted=() going=yes
for service in $SERVICES; do
  name=${service%%=*} component=${service#*=} component=${component%:*} port=${service##*:}
  if ! look_at "$name" "$component" "$port"; then
    problem "what $name serves cannot be told"
    continue
  fi
  if [[ -z $first ]]; then
    log "no pod of $name serves"
    continue
  fi
  if ((behind > 0)); then
    log "$behind pods of $name serve an older certificate than there is"
    if [[ " $RELOADS " == *" $name "* ]]; then
      problem "$name reads a renewed certificate by itself, and has not"
    elif [[ -n $going ]] && ((due || first < EPOCHSECONDS + AT_ONCE_DAYS * 86400)); then
      if restart "$name"; then look_at "$name" "$component" "$port" || problem "what $name serves cannot be told"; else going=''; fi
    fi
  fi
  [[ -z $first ]] || printf 'holdfast_served_certificate_end_timestamp_seconds{asset="%s",role="certificates",service="%s"} %s\n' "$ASSET" "$name" "$first" >>"$work/lines"
done
[[ -s $work/lines ]] || problem "no service serves a certificate"
printf 'holdfast_measured_timestamp_seconds{asset="%s",role="certificates",what="certificates"} %s\n' "$ASSET" "$EPOCHSECONDS" >>"$work/lines"
jq -cRn --argjson restarted "$(if ((${#restarted[@]})); then printf '%s\n' "${restarted[@]}" | jq -Rn '[inputs]'; else printf '[]'; fi)" \
  --argjson problems "$(problems_json)" '{served: ([inputs | capture("service=\"(?<name>[^\"]+)\"} (?<end>\\d+)$")
    | {(.name): (.end | tonumber | todate)}] | add // {}), restarted: $restarted, problems: $problems}' <"$work/lines"
push certificates <"$work/lines"
end_with_problems
