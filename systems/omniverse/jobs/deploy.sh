#!/usr/bin/env bash
# deploy.sh STEP: the runbook's checklist of a deployment as steps. What is taken and rehearsed first (prepare, rehearse)
# disturbs nobody and can be done the day before; gates refuses while one of the six is open, and names all that are.
set -euo pipefail
# A step runs in $(...), where a failure would otherwise not end it.
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}" "${SCRATCH_DIR:=/scratch}"
# shellcheck source=systems/omniverse/jobs/lib.sh
source "$JOBS_DIR/lib.sh"
procedure=deployment step=${1:-}
order="prepare rehearse gates maintenance-on stop dump deploy migrate configure start smoke watch maintenance-off finish"
# shellcheck source=systems/omniverse/jobs/procedure.sh
source "$JOBS_DIR/procedure.sh"
# shellcheck source=systems/omniverse/jobs/release.sh
source "$JOBS_DIR/release.sh"
# shellcheck source=systems/omniverse/jobs/gates.sh
source "$JOBS_DIR/gates.sh"
said=''

# new_images: what whoever deploys wrote, as JSON; each by digest, or nobody knows what was deployed.
new_images() {
  [[ -n ${NEW_IMAGES:-} && -n ${NEW_VERSION:-} ]] || die "NEW_IMAGES and NEW_VERSION must be set in the ConfigMap omniverse-change"
  [[ $NEW_VERSION =~ ^[a-z0-9][a-z0-9.-]{0,62}$ ]] || die "NEW_VERSION must be like 2026.1.0, got '$NEW_VERSION'"
  jq -ce 'objects | select(length > 0 and all(.[]; type == "string" and test("@sha256:[0-9a-f]{64}$")))' <<<"$NEW_IMAGES" ||
    die 'NEW_IMAGES must name an image by digest for each workload that changes, such as {"nucleus-server": "nvidia/nucleus@sha256:..."}'
}

# dump_before PREFIX WHY: a dump of now below it, checked and locked; prints its line.
dump_before() {
  PREFIX=$1 ROLE=before-deployment "$JOBS_DIR/dump.sh" >&2 || die "there is no dump of before the deployment: $2"
  PREFIX=$1 newest_point now || die "the dump below $1 is not found"
}

# prepare: what a rollback needs and a rehearsal goes through, before anything changes.
prepare() {
  local images now prefix line print
  images=$(new_images) || exit 1
  now=$(running) || exit 1
  jq -e --argjson new "$images" '. as $now | all($new | keys[]; $now[.])' <<<"$now" >/dev/null ||
    die "NEW_IMAGES names a workload that is not one of $(jq -r 'keys | join(", ")' <<<"$now")"
  print=$(schema) || exit 1
  prefix=$RELEASE_PREFIX/$NEW_VERSION
  line=$(dump_before "$prefix" "nothing has changed") || exit 1
  jq -n --arg version "$NEW_VERSION" --argjson images "$images" --argjson before "$now" --arg prefix "$prefix" --arg point "$line" --arg schema "$print" \
    '{version: $version, images: $images, before: $before, prefix: $prefix, point: $point, schema: $schema}'
}

# rehearse: the way back, with a dump like the one that it would use: restored, counted, and given the name. Sets result itself:
# bash drops the trap of a $(...) whose last command is a program.
rehearse() {
  local before line work aside
  before=$(result prepare) || exit 1
  line=$(jq -r .point <<<"$before")
  work=$(mktemp -d "$SCRATCH_DIR/rehearse.XXXXXX")
  # shellcheck disable=SC2064 # as it is now
  trap "stop_scratch; rm -rf '$work'" EXIT
  trap 'exit 143' TERM INT
  PREFIX=$(jq -r .prefix <<<"$before") fetch_dump "$line" "$work"
  start_scratch "$work"
  SQL_DATABASE=postgres sql <<<"create database \"$DB_NAME\"" || die "the scratch server makes no database"
  restore_beside "$line" "$work"
  aside=$(swap "${line%% *}")
  result=$(jq -n --arg version "$(jq -r .version <<<"$before")" --arg point "${line%% *}" --arg aside "$aside" '{version: $version, point: $point, aside: $aside}')
}

# dump: of the database as people left it: that of prepare may be a day old, and a rollback would lose the day. It is noted
# for the rollback where no step that is repeated forgets it.
dump() {
  local was line print json
  was=$(result prepare) || exit 1
  no_pods || die "pods labelled $SERVICE_LABEL are running: stop must come first"
  [[ $(noted deployed) != "$(jq -r .point <<<"$was")" ]] ||
    die "the step deploy has begun: a dump of now may be one of afterwards; go on with the procedure rollback, or begin anew with prepare"
  print=$(schema) || exit 1
  line=$(dump_before "$(jq -r .prefix <<<"$was")" "go on with the procedure rollback, or start the step again") || exit 1
  json=$(jq -c --arg point "$line" --arg schema "$print" '{prepared: .point, point: $point, schema: $schema}' <<<"$was")
  note stopped "$json"
  printf '%s' "$json"
}

# migrate: in one transaction; that it ran counts as a change of the schema, whatever the schema says.
migrate() {
  local was now ran=false
  was=$(result dump | jq -r .schema)
  if [[ -n ${MIGRATION_SQL:-} ]]; then
    answers || die "the database does not answer: $said"
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --single-transaction --dbname "$DB_NAME" <<<"$MIGRATION_SQL" >&2 ||
      die "the migration failed and nothing of it is in force: go on with the procedure rollback"
    ran=true
  fi
  now=$(schema) || exit 1
  jq -n --argjson ran "$ran" --arg was "$was" --arg now "$now" '{ran: $ran, schema: $now, changed: ($ran or $was != $now)}'
}

# configure: settings of the new version, as variables of its workloads; plain ones, because they show.
configure() {
  local name pair names='{}'
  if [[ -n ${NEW_SETTINGS:-} ]]; then
    names=$(jq -ce 'objects | select(all(.[]; type == "object" and all(.[]; type == "string")))' <<<"$NEW_SETTINGS") ||
      die 'NEW_SETTINGS must be like {"nucleus-server": {"NAME": "value"}}'
    while IFS=$'\t' read -r name pair; do
      kube set env "deployment/$name" "$pair" >&2 || die "$name cannot be given ${pair%%=*}"
    done < <(jq -r 'to_entries[] | .key as $name | .value | to_entries[] | [$name, "\(.key)=\(.value)"] | @tsv' <<<"$names")
  fi
  jq -c '{settings: map_values(keys)}' <<<"$names"
}

# as_given: what was to be deployed runs, and is ready.
as_given() {
  local images
  images=$(result prepare | jq -c .images) || exit 1
  running | jq -e --argjson wanted "$images" 'all(to_entries[]; ($wanted[.key] // .value.image) == .value.image)' >/dev/null ||
    die "what runs is not what was to be deployed: $(running | jq -c 'map_values(.image)')"
  # A version of which some pod never comes up is no good, and a day on which a zone is lost no day to deploy.
  all_there || die "not every pod of the Deployments labelled $SERVICE_LABEL is ready"
}

smoke() {
  local counts
  # The step before waits for as many as a start needs.
  wait_until "$start_seconds" all_there || true
  as_given
  steadily || die "$SITE_URL/health does not answer: go on with the procedure rollback"
  answers || die "the database does not answer: $said"
  counts=$(count_rows '' "$COUNTED_TABLES" | as_tables) || die "the tables cannot be counted"
  jq -e '[.[]] | add // 0 | . > 0' <<<"$counts" >/dev/null || die "the database holds no row at all: go on with the procedure rollback"
  missing_objects "$ASSET_BUCKET"
  refuse_missing "go on with the procedure rollback: the database refers to" "$ASSET_BUCKET"
  jq -n --argjson counts "$counts" '{smoke: "passed", counts: $counts}'
}

# watch: half an hour, to its first failure: a question that is not answered, a restart, an alert, too many errors.
watch() {
  local until=$((EPOCHSECONDS + WATCH_SECONDS)) polls=0 failures=0 restarts before now firing seen
  before=$(firing) || exit 1
  restarts=$(restarts) || exit 1
  seen=$(errors_so_far)
  while ((EPOCHSECONDS < until)); do
    polls=$((polls + 1))
    healthy "$SITE_URL" || { failures=$((failures + 1)) && log "$SITE_URL/health did not answer"; }
    # One question may be lost on its way; a service that is down loses the next as well.
    ((failures * 100 <= polls * ERROR_PERCENT || failures < 2)) || die "$failures of $polls questions were not answered: go on with the procedure rollback"
    now=$(restarts) || exit 1
    [[ $now == "$restarts" ]] || die "a pod was started again ($restarts restarts before, $now now): go on with the procedure rollback"
    firing=$(firing) || exit 1
    firing=$(LC_ALL=C comm -13 <(printf '%s\n' "$before") <(printf '%s\n' "$firing"))
    [[ -z $firing ]] || die "since the deployment fires ${firing//$'\n'/, }: go on with the procedure rollback"
    now=$(errors_so_far)
    ((now - seen <= ERRORS_A_MINUTE * (1 + polls * WATCH_EVERY / 60))) || die "$((now - seen)) errors in the logs since the deployment: go on with the procedure rollback"
    sleep "$WATCH_EVERY"
  done
  jq -n --argjson polls "$polls" --argjson failures "$failures" --argjson errors "$((now - seen))" --argjson seconds "$WATCH_SECONDS" \
    '{watchedSeconds: $seconds, polls: $polls, unanswered: $failures, errors: $errors}'
}

# finish: the five points of afterwards; what people found is written down, and who waits is told.
finish() {
  local firing told=true
  [[ -n ${ISSUES:-} ]] || die "ISSUES must be set in the ConfigMap omniverse-change: what went wrong, or none"
  as_given
  steadily || die "$SITE_URL/health does not answer: go on with the procedure rollback"
  page_gone || die "people are answered $(code_of "$SITE_URL/"): start the step maintenance-off again"
  steadily_at "$PUBLIC_URL" || die "$PUBLIC_URL/health does not answer: people do not reach this site by its name"
  firing=$(firing) || exit 1
  tell "Omniverse $(result prepare | jq -r .version) is deployed ($CHANGE_REQUEST); issues: $ISSUES" || { told=false && log "nobody was told: call them"; }
  jq -n --arg request "$CHANGE_REQUEST" --arg issues "$ISSUES" --arg firing "$firing" --argjson told "$told" \
    '{request: $request, issues: $issues, firing: ($firing | split("\n") | map(select(. != ""))), told: $told}'
}

in_turn
case $step in
  prepare) result=$(prepare) ;;
  rehearse) rehearse ;;
  gates) result=$(gates) ;;
  maintenance-on) result=$(page_on) ;;
  stop) result=$(stop_service) ;;
  dump) result=$(dump) ;;
  deploy)
    no_pods || die "pods labelled $SERVICE_LABEL are running: stop must come first"
    was=$(result prepare)
    images=$(jq -c .images <<<"$was")
    note deployed "$(jq -r .point <<<"$was")"
    set_images "$images"
    result=$(jq -c '{deployed: .}' <<<"$images")
    ;;
  migrate) result=$(migrate) ;;
  configure) result=$(configure) ;;
  start)
    start_service
    result=$(jq -n --arg url "$SITE_URL" '{healthy: $url}')
    ;;
  smoke) result=$(smoke) ;;
  watch) result=$(watch) ;;
  maintenance-off) result=$(page_off) ;;
  finish) result=$(finish) ;;
esac
done_with "$result"
