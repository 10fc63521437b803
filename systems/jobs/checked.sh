# shellcheck shell=bash
# shellcheck disable=SC2034 # ended is for who sources this
# What a job finds is told at once, and ends the run only when all has been looked at.

problems=()
problem() {
  log "problem: $*"
  problems+=("$*")
}

# strictly COMMAND...: in a shell that ends at its first failure, as no shell does where it is part of a condition; sets ended.
strictly() {
  set +e
  (
    set -e
    "$@"
  )
  ended=$?
  set -e
}

# end_with_problems: dies with all of them, if there are any.
end_with_problems() {
  ((${#problems[@]} == 0)) && return 0
  local all
  all=$(printf '; %s' "${problems[@]}")
  die "${#problems[@]} problems: ${all#; }"
}

# problems_json: they as a JSON list.
problems_json() { if ((${#problems[@]} > 0)); then printf '%s\n' "${problems[@]}" | jq -Rn '[inputs]'; else printf '[]'; fi; }
