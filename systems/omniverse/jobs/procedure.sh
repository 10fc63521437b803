# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # sourced by the script of a procedure, which has set procedure, order and step
# What the procedures have in common with the recoveries: steps in their order, and what they know of each other.

asset=procedure FROM=$procedure
need NAMESPACE AWS_REGION DB_INSTANCE SITE_URL
[[ " $order " == *" $step "* && $step != *" "* && -n $step ]] || die "$procedure has the steps $order, got '$step'"

# shellcheck source=systems/omniverse/jobs/progress.sh
source "$JOBS_DIR/progress.sh"
# shellcheck source=systems/omniverse/jobs/moments.sh
source "$JOBS_DIR/moments.sh"
# shellcheck source=systems/omniverse/jobs/service.sh
source "$JOBS_DIR/service.sh"
# shellcheck source=systems/omniverse/jobs/instance.sh
source "$JOBS_DIR/instance.sh"
# shellcheck source=systems/omniverse/jobs/metadata.sh
source "$JOBS_DIR/metadata.sh"
# shellcheck source=systems/omniverse/jobs/objects.sh
source "$JOBS_DIR/objects.sh"

# answers: the database at DB_INSTANCE is reached over TLS and takes writes; sets `said` where it does not.
answers() {
  local replica
  look "$DB_INSTANCE"
  said="RDS says that it is $status"
  [[ -n $seen && $(jq -r '.Endpoint.Address // empty' <<<"$seen") ]] || return 1
  connect_to "$(jq -r .Endpoint.Address <<<"$seen")"
  PGPORT=$(jq -r '.Endpoint.Port // 5432' <<<"$seen")
  export PGPORT
  replica=$(sql <<<'select pg_is_in_recovery()' 2>"$RUN_DIR/psql-said") || { said+=", and $(tail -n 1 "$RUN_DIR/psql-said")" && return 1; }
  [[ $replica == f ]] || { said+=", and it follows another and takes no writes" && return 1; }
}

# steadily: /health answers several times in a row; a server that starts again and again answers now and then.
steadily() {
  local left=${HEALTHY_TIMES:-3}
  while healthy "$SITE_URL"; do
    left=$((left - 1))
    if ((left == 0)); then return 0; fi
    sleep "$POLL_SECONDS"
  done
  return 1
}
