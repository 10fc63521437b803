# shellcheck shell=bash
# shellcheck disable=SC2154 # recover.sh sources what belongs together
# What the steps know of each other: a ConfigMap that the program declares, with a key for each step that has ended, and
# the moments that they come back to. The steps may read and patch this one map and no other.

: "${PROGRESS_MAP:=analytics-recovery}" "${POLL_SECONDS:=5}" "${VALID_FOR:=24h}" "${SAY_WITHIN:=60}"
whole STEP_SECONDS SAY_WITHIN

kube() { kubectl --namespace "$NAMESPACE" --request-timeout=20s "$@"; }

# time_left: seconds until this step has to say why it ends: a minute before its deadline ends it.
time_left() {
  local left=$((STEP_SECONDS - SAY_WITHIN - SECONDS))
  printf '%d' "$((left > 0 ? left : 0))"
}

# wait_until COMMAND...: as long as the step has.
wait_until() {
  until "$@"; do
    (($(time_left) > 0)) || return 1
    sleep "$POLL_SECONDS"
  done
}

# read_progress: before anything acts: a map that cannot be read must not look like one in which nothing is noted.
read_progress() {
  progress=$(kube get configmap "$PROGRESS_MAP" -o json) || die "the ConfigMap $PROGRESS_MAP cannot be read: the program declares it"
}

# result PATH.STEP: what a step printed when it ended; fails when it has not, or so long ago that it was another incident.
result() {
  local json at
  json=$(jq -r --arg key "$1" '.data[$key] // empty' <<<"$progress")
  [[ -n $json ]] || return 1
  at=$(date -u -d "$(jq -r .at <<<"$json")" +%s) || return 1
  ((EPOCHSECONDS - at <= $(seconds_of "$VALID_FOR"))) || return 1
  printf '%s' "$json"
}

# change PATCH: of the map.
change() { kube patch "configmap/$PROGRESS_MAP" --type=merge --patch "$1" >&2 || die "the ConfigMap $PROGRESS_MAP cannot be written"; }

# in_turn: the step before this one has ended, and so have those of other paths that it waits for. The first begins anew:
# a former recovery must not count for this one.
in_turn() {
  local before=${ORDER%%"$step"*} other
  before=${before% } before=${before##* }
  read_progress
  for other in ${WAITS_FOR:-}; do
    result "$other" >/dev/null || die "$step of $path must come after $other, which has not ended within the last $VALID_FOR"
  done
  if [[ -n $before ]]; then
    result "$path.$before" >/dev/null || die "$step must come after $before of $path, which has not ended within the last $VALID_FOR"
    return
  fi
  # shellcheck disable=SC2016 # the $ are jq's
  change "$(jq -c --arg path "$path." '{data: ([(.data // {}) | keys[] | select(startswith($path)) | {(.): null}] | add // {})}' <<<"$progress")"
  read_progress
}

# done_with JSON: notes this step; later steps start from nothing again when an earlier one is repeated.
done_with() {
  local json patch
  json=$(jq -c --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --argjson seconds "$SECONDS" '. + {$at, $seconds}' <<<"$1") || die "$step of $path says nothing that can be noted"
  # shellcheck disable=SC2016 # the $ are jq's
  patch=$(jq -c --arg order "$ORDER" --arg step "$step" --arg path "$path" --arg json "$json" '($order | split(" ")) as $all
    | [$all[($all | index($step)) + 1:][] | {("\($path).\(.)"): null}] | add // {} | {data: (. + {("\($path).\($step)"): $json})}' <<<null)
  change "$patch"
  printf '%s\n' "$json"
}
