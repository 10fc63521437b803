#!/usr/bin/env bash
# rollback.sh STEP: back to the version that ran before a deployment, and to its database where that was changed: seen in
# the database itself, and in what the step migrate noted. It ends with an error when what it went back to is not healthy.
set -euo pipefail
# A step runs in $(...), where a failure would otherwise not end it.
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}" "${SCRATCH_DIR:=/scratch}"
# shellcheck source=systems/omniverse/jobs/lib.sh
source "$JOBS_DIR/lib.sh"
procedure=rollback order="maintenance-on stop version database start verify maintenance-off" step=${1:-}
# shellcheck source=systems/omniverse/jobs/procedure.sh
source "$JOBS_DIR/procedure.sh"
# shellcheck source=systems/omniverse/jobs/release.sh
source "$JOBS_DIR/release.sh"
need ROLLBACK_WITHIN
said=''

of_deployment() { VALID_FOR=$ROLLBACK_WITHIN result "$1" procedure.deployment; }

# before: what the deployment noted before it changed anything; of the dumps the one taken after people had stopped.
before() {
  local was stopped
  was=$(of_deployment prepare) || die "no deployment was prepared within the last $ROLLBACK_WITHIN: what ran before is not noted"
  stopped=$(noted stopped)
  jq -c --argjson stopped "${stopped:-null}" 'if $stopped.prepared == .point then . + ($stopped | {point, schema}) else . end' <<<"$was"
}

version() {
  local was images name key old settings
  was=$(before) || exit 1
  no_pods || die "pods labelled $SERVICE_LABEL are running: stop must come first"
  images=$(jq -c '. as $all | $all.images | with_entries(.value = $all.before[.key].image)' <<<"$was")
  set_images "$images"
  # Only variables that the deployment has set.
  settings=$(of_deployment configure) || settings='{"settings":{}}'
  while IFS=$'\t' read -r name key; do
    if old=$(jq -re --arg name "$name" --arg key "$key" '.before[$name].env[] | select(.name == $key) | .value' <<<"$was"); then
      kube set env "deployment/$name" "$key=$old" >&2 || die "$name cannot be given $key as it was"
    else
      kube set env "deployment/$name" "$key-" >&2 || die "$key cannot be taken from $name"
    fi
  done < <(jq -r '.settings | to_entries[] | .key as $name | .value[] | [$name, .] | @tsv' <<<"$settings")
  jq -c --argjson images "$images" '{backFrom: .version, images: $images}' <<<"$was"
}

# database: kept where nothing of it changed, because what was written since would be lost with it.
database() {
  local was now line point there work aside migrated
  was=$(before) || exit 1
  line=$(jq -r .point <<<"$was") point=${line%% *}
  answers || die "the database does not answer: $said; go on with database-repair"
  there=$(said_of_database) || die "the database does not answer"
  if [[ $there == "holdfast $point" ]]; then
    log "the database is that of dump $point already"
    jq -n --arg point "$point" '{database: "restored", point: $point}'
    return
  fi
  now=$(schema) || exit 1
  migrated=$(of_deployment migrate | jq -r .ran) || migrated=false
  if [[ $now == "$(jq -r .schema <<<"$was")" && $migrated != true ]]; then
    jq -n '{database: "kept"}'
    return
  fi
  no_pods || die "pods labelled $SERVICE_LABEL are running: they would write between the names"
  work=$(mktemp -d "$SCRATCH_DIR/rollback.XXXXXX")
  PREFIX=$(jq -r .prefix <<<"$was") fetch_dump "$line" "$work"
  restore_beside "$line" "$work"
  aside=$(swap "$point")
  log "what was written since $(iso_of "$point") is in the database $aside and nowhere else"
  rm -rf "$work"
  jq -n --arg point "$point" --arg aside "$aside" --arg since "$(iso_of "$point")" '{database: "restored", point: $point, lostSince: $since, keptAs: $aside}'
}

verify() {
  local was wrong
  was=$(before) || exit 1
  sleep "$HEALTH_SECONDS"
  wrong=$(running | jq -c --argjson was "$was" '[to_entries[] | select($was.images[.key] and .value.image != $was.before[.key].image) | .key]')
  [[ $wrong == '[]' ]] || die "ROLLBACK FAILED: these do not run what they ran before: $wrong"
  all_ready || die "ROLLBACK FAILED: not every Deployment labelled $SERVICE_LABEL is ready"
  steadily || die "ROLLBACK FAILED: $SITE_URL/health does not answer"
  answers || die "ROLLBACK FAILED: the database does not answer: $said"
  missing_objects "$ASSET_BUCKET"
  refuse_missing "ROLLBACK FAILED: the database refers to" "$ASSET_BUCKET"
  jq -n --arg url "$SITE_URL" '{rollback: "successful", healthy: $url}'
}

in_turn
before >/dev/null
case $step in
  maintenance-on) result=$(page_on) ;;
  stop) result=$(stop_service) ;;
  version) result=$(version) ;;
  database) result=$(database) ;;
  start)
    start_service
    result=$(jq -n --arg url "$SITE_URL" '{healthy: $url}')
    ;;
  verify) result=$(verify) ;;
  maintenance-off) result=$(page_off) ;;
esac
done_with "$result"
