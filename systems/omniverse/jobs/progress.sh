# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# What the steps know of each other: a ConfigMap that the program declares, with a key for each step that has ended. The
# steps may read and patch this one map and no other.

: "${PROGRESS_MAP:=omniverse-recovery}" "${POLL_SECONDS:=5}" "${VALID_FOR:=24h}" "${SAY_WITHIN:=60}"
# STEP_SECONDS is the deadline of the Job: what that ends says nothing, so a step gives up a minute before and says why.
whole STEP_SECONDS SAY_WITHIN
path=$asset.$FROM

kube() { kubectl --namespace "$NAMESPACE" --request-timeout=20s "$@"; }

# wait_until SECONDS COMMAND...: for so long, or as long as the step has; sets waited. Polls, because `kubectl wait` fails
# at once while there is nothing to wait for.
wait_until() {
  local left=$((STEP_SECONDS - SAY_WITHIN - SECONDS)) end
  waited=$(($1 < left ? $1 : left > 0 ? left : 0)) end=$((SECONDS + waited))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep "$POLL_SECONDS"
  done
}

# read_progress: once, before anything acts: a map that cannot be read must not look like one in which nothing is noted.
read_progress() {
  progress=$(kube get configmap "$PROGRESS_MAP" -o json) || die "the ConfigMap $PROGRESS_MAP cannot be read: the program declares it"
}

# noted KEY: what was noted under it when this step began, or nothing.
noted() { jq -r --arg key "$1" '.data[$key] // empty' <<<"$progress"; }

# note KEY VALUE: empty forgets.
note() {
  local patch
  patch=$(jq -cn --arg key "$1" --arg value "$2" '{data: {($key): (if $value == "" then null else $value end)}}')
  kube patch "configmap/$PROGRESS_MAP" --type=merge --patch "$patch" >&2 || die "the ConfigMap $PROGRESS_MAP cannot be written"
}

# forget FILTER: removes the keys of this path whose last part the jq filter picks.
forget() {
  local patch
  patch=$(jq -c --arg path "$path." '{data: ([(.data // {}) | keys[] | select(startswith($path))
    | select(ltrimstr($path) | '"$1"') | {(.): null}] | add // {})}' <<<"$progress")
  kube patch "configmap/$PROGRESS_MAP" --type=merge --patch "$patch" >&2 || die "the ConfigMap $PROGRESS_MAP cannot be written"
}

# result STEP [PATH]: what a step printed when it ended; fails when it has not, or so long ago that it was another incident.
result() {
  local json at
  json=$(noted "${2:-$path}.$1")
  [[ -n $json ]] || return 1
  at=$(date -u -d "$(jq -r .at <<<"$json")" +%s) || return 1
  ((EPOCHSECONDS - at <= $(seconds_of "$VALID_FOR"))) || return 1
  printf '%s' "$json"
}

# in_turn: the step before this one has ended, or, of a fence, that of the path fenced_by. The first begins anew: a former recovery must not count for this one.
in_turn() {
  local before=${order%%"$step"*}
  before=${before% } before=${before##* }
  read_progress
  if [[ -z $before ]]; then
    forget true
    read_progress
  elif ! result "$before" >/dev/null && ! { [[ $before == fence && -n ${fenced_by:-} ]] && result fence "$fenced_by" >/dev/null; }; then
    die "$step must come after $before, which has not ended within the last $VALID_FOR"
  fi
}

# done_with JSON: notes this step. Later steps start from nothing again when an earlier one is repeated.
done_with() {
  local json
  json=$(jq -c --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --argjson seconds "$SECONDS" '{at: $at, seconds: $seconds} + .' <<<"$1")
  # shellcheck disable=SC2016 # the $ are jq's
  forget "$(jq -rn --arg order "$order" --arg step "$step" '$order | split(" ") | .[index($step) + 1:] | "IN(\(tojson)[])"')"
  note "$path.$step" "$json"
  printf '%s\n' "$json"
}
