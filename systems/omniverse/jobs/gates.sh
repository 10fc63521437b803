# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # sourced by deploy.sh
# The six gates before a deployment, and what monitoring says while it is watched.

need PROMETHEUS_URL NOTIFY_URL WINDOWS REQUIRED_ALERTS PUBLIC_URL LOGS_DIR
whole VERIFIED_DATABASE_SECONDS VERIFIED_ASSETS_SECONDS WATCH_SECONDS ERRORS_A_MINUTE ERROR_PERCENT
: "${WATCH_EVERY:=10}"

ask() { curl --silent --show-error --fail --max-time 10 --get "$PROMETHEUS_URL$1" "${@:2}"; }

# query EXPRESSION: its samples as JSON; fails where Prometheus does not answer.
query() { ask /api/v1/query --data-urlencode "query=$1" | jq -ce 'select(.status == "success") | .data.result'; }

# firing: names of the critical alerts of this system that fire, sorted.
firing() {
  local found
  found=$(query 'ALERTS{alertstate="firing",severity="critical",system="omniverse"}') || die "Prometheus does not answer: nobody would see that the deployment fails"
  jq -r '.[].metric.alertname' <<<"$found" | LC_ALL=C sort -u
}

# restarts: of all containers of the service so far.
restarts() {
  local pods
  pods=$(kube get pods -l "$SERVICE_LABEL" -o json) || die "the pods labelled $SERVICE_LABEL cannot be read"
  jq '[.items[].status.containerStatuses[]?.restartCount] | add // 0' <<<"$pods"
}

# errors_so_far: lines of the server's logs that the runbook looks for.
errors_so_far() { { find "$LOGS_DIR" -maxdepth 1 -type f -name '*.log' -exec grep -ch ERROR {} + || true; } | awk '{ sum += $1 } END { print sum + 0 }'; }

# tell MESSAGE
tell() {
  curl --silent --show-error --fail --max-time 10 --retry 2 --retry-connrefused --output /dev/null \
    --header 'Content-Type: application/json' --data-binary "$(jq -cn --arg message "$1" '{message: $message, severity: "info"}')" "$NOTIFY_URL" >&2
}

steadily_at() { SITE_URL=$1 steadily; }

# minute_of DAY HH:MM: of the week, which begins on Monday.
minute_of() {
  local -A day=([mon]=0 [tue]=1 [wed]=2 [thu]=3 [fri]=4 [sat]=5 [sun]=6)
  printf '%d' $((day[$1] * 1440 + 10#${2%:*} * 60 + 10#${2#*:}))
}

# in_window: now is inside one of WINDOWS, each like sat:07:00-sat:10:00 in UTC.
in_window() {
  local one now from to
  now=$(minute_of "$(LC_ALL=C date -u +%a | tr '[:upper:]' '[:lower:]')" "$(date -u +%H:%M)")
  for one in $WINDOWS; do
    [[ $one =~ ^([a-z]{3}):([0-9:]{5})-([a-z]{3}):([0-9:]{5})$ ]] || die "WINDOWS must be like sat:07:00-sat:10:00, got '$one'"
    from=$(minute_of "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}")
    to=$(minute_of "${BASH_REMATCH[3]}" "${BASH_REMATCH[4]}")
    if ((from <= to ? now >= from && now < to : now >= from || now < to)); then return 0; fi
  done
  return 1
}

# verified_within ASSET SECONDS: a copy of it was read back so lately.
verified_within() {
  local found
  found=$(query "time() - max(holdfast_verified_timestamp_seconds{asset=\"$1\",role=\"verify\"})") || return 1
  jq -e --argjson most "$2" 'length == 1 and (.[0].value[1] | tonumber) <= $most' <<<"$found" >/dev/null
}

# missing_alerts: of REQUIRED_ALERTS, those that Prometheus does not evaluate, or nobody would be sent.
missing_alerts() {
  local rules managers
  rules=$(ask '/api/v1/rules' --data-urlencode type=alert | jq -ce 'select(.status == "success") | .data.groups') || { printf 'all: Prometheus does not answer' && return 0; }
  jq -r --arg required "$REQUIRED_ALERTS" '[.[].rules[] | select(.health != "err") | .name] as $there
    | $required | split(" ") | map(select(. as $one | $there | index($one) | not)) | join(", ")' <<<"$rules"
  managers=$(ask /api/v1/alertmanagers | jq -e '.data.activeAlertmanagers | length') || managers=0
  if ((managers == 0)); then printf 'an Alertmanager to send them'; fi
}

gates() {
  local open=() rehearsed missing version
  version=$(result prepare | jq -r .version)
  [[ ${CHANGE_REQUEST:-} =~ ^[A-Z]+-[0-9]+$ && -n ${APPROVED_BY:-} ]] ||
    open+=("change approved: CHANGE_REQUEST (such as CHG-1234) and APPROVED_BY must be set in the ConfigMap omniverse-change")
  verified_within omniverse/database "$VERIFIED_DATABASE_SECONDS" || open+=("backup verified: no dump was restored at this site within $VERIFIED_DATABASE_SECONDS s, start omniverse-verify-database")
  verified_within omniverse/assets "$VERIFIED_ASSETS_SECONDS" || open+=("backup verified: no copy of the assets was read back at this site within $VERIFIED_ASSETS_SECONDS s, start omniverse-verify-assets")
  in_window || open+=("window scheduled: now is in none of $WINDOWS (UTC)")
  rehearsed=$(result rehearse | jq -r .version) || rehearsed=none
  [[ $rehearsed == "$version" ]] || open+=("rollback tested: the way back from $version was not rehearsed within the last $VALID_FOR")
  missing=$(missing_alerts)
  [[ -z $missing ]] || open+=("alerts configured: Prometheus lacks $missing")
  if ((${#open[@]} > 0)); then
    printf 'open: %s\n' "${open[@]}" >&2
    die "${#open[@]} of the gates are open, nothing has changed: $(printf '%s; ' "${open[@]}")"
  fi
  # Last: people are told of what does begin.
  tell "Omniverse: maintenance begins, $CHANGE_REQUEST to $version, approved by $APPROVED_BY" || die "notifications sent: $NOTIFY_URL did not take it, so nobody knows; nothing has changed"
  jq -n --arg request "$CHANGE_REQUEST" --arg by "$APPROVED_BY" --arg version "$version" '{request: $request, approvedBy: $by, version: $version, gates: 6}'
}
