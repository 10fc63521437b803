# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # sourced by deploy.sh and rollback.sh, which have sourced procedure.sh
# What a deployment and the way back from it have in common: the page that people see meanwhile, the versions that run,
# and the dump that was taken before.

need EDGE_SERVICE PAGE PAGE_MARK PAGE_REPLICAS PAGE_SELECTOR RELEASE_PREFIX
# HEALTH_SECONDS is the runbook's wait before it looks at the health.
whole PAGE_REPLICAS HEALTH_SECONDS

# shellcheck source=systems/omniverse/jobs/dumps.sh
source "$JOBS_DIR/dumps.sh"

code_of() { curl --silent --max-time 10 --output /dev/null --write-out '%{http_code}' "$1" || true; }
# A load balancer with nothing behind it answers 503 as well: only the page has the mark.
page_shown() { [[ $(curl --silent --max-time 10 --output /dev/null --write-out "%{http_code} %header{$PAGE_MARK}" "$SITE_URL/") == "503 maintenance" ]]; }
page_gone() { local code && code=$(code_of "$SITE_URL/") && [[ $code =~ ^[0-9]+$ ]] && ((code >= 200 && code < 500)); }
page_ready() { [[ $(kube get "deployment/$PAGE" -o json | jq '.status.readyReplicas // 0') -ge $PAGE_REPLICAS ]]; }
selector() { kube get "service/$EDGE_SERVICE" -o json | jq -cS .spec.selector; }

# select_pods SELECTOR: the Service leads to these pods and no others.
select_pods() {
  local now patch
  now=$(selector) || die "the Service $EDGE_SERVICE cannot be read"
  patch=$(jq -cn --argjson now "$now" --argjson to "$1" '{spec: {selector: (($now | map_values(null)) + $to)}}')
  kube patch "service/$EDGE_SERVICE" --type=merge --patch "$patch" >&2 || die "the Service $EDGE_SERVICE cannot be changed"
}

# page_on: people see a page that says why. It stands apart from what is being replaced, and passes /health on to it.
page_on() {
  local now
  now=$(selector) || die "the Service $EDGE_SERVICE cannot be read"
  if [[ $now != "$(jq -cS . <<<"$PAGE_SELECTOR")" ]]; then note maintenance "$now"; fi
  kube scale "deployment/$PAGE" "--replicas=$PAGE_REPLICAS" >&2 || die "$PAGE cannot be started"
  wait_until "$start_seconds" page_ready || die "$PAGE is not ready after $START_TIMEOUT: nothing has been stopped"
  select_pods "$PAGE_SELECTOR"
  wait_until "$start_seconds" page_shown || die "$SITE_URL does not show the page, it answers $(code_of "$SITE_URL/"): nothing has been stopped"
  jq -n '{maintenance: true}'
}

# page_off: only to a service that is healthy.
page_off() {
  local was
  was=$(noted maintenance)
  [[ -n $was ]] || die "where $EDGE_SERVICE led before is not noted: give it the selector of the pods of nginx"
  steadily || die "$SITE_URL/health does not answer: people go on seeing the page"
  select_pods "$was"
  wait_until "$start_seconds" page_gone || die "$SITE_URL does not answer to people: put the page back with the step maintenance-on"
  kube scale "deployment/$PAGE" --replicas=0 >&2 || log "$PAGE still runs"
  jq -n '{maintenance: false}'
}

# running: {"<workload>": {"container": ..., "image": ..., "env": [...]}} of what serves.
running() {
  local all
  all=$(deployments) || exit 1
  jq -c '[.items[] | .spec.template.spec.containers[0] as $c
    | {(.metadata.name): {container: $c.name, image: $c.image, env: [$c.env[]? | select(.value != null)]}}] | add' <<<"$all"
}

# set_images JSON: {"<workload>": "<image>"}; must be what runs afterwards.
set_images() {
  local now name container image wrong
  now=$(running) || exit 1
  while IFS=$'\t' read -r name image; do
    container=$(jq -re --arg name "$name" '.[$name].container' <<<"$now") || die "no Deployment labelled $SERVICE_LABEL is called $name"
    kube set image "deployment/$name" "$container=$image" >&2 || die "$name cannot be given $image"
  done < <(jq -r 'to_entries[] | [.key, .value] | @tsv' <<<"$1")
  wrong=$(running | jq -c --argjson wanted "$1" '[to_entries[] | select($wanted[.key] and .value.image != $wanted[.key]) | .key]')
  [[ $wrong == '[]' ]] || die "these do not have the image that they were given: $wrong"
}

# schema: one line that differs when tables, columns, indexes, constraints or functions do.
schema() {
  answers || die "the database does not answer: $said"
  # Newer minor versions write a line that is another each time.
  pg_dump --no-password --schema-only --no-owner --no-privileges "$DB_NAME" | grep -Ev '^(--|$|\\(un)?restrict |SET |SELECT pg_catalog\.set_config)' | sha256sum | cut -d ' ' -f 1
}

# restore_beside POINT_LINE DIR: the dump as a database beside the one that serves, whole or not there.
restore_beside() {
  local unfinished=${DB_NAME}_unfinished
  # The server that is connected to is DIR's own where a rehearsal has started one.
  SQL_DATABASE=postgres sql <<<"drop database if exists \"$unfinished\"" || die "what a run before had begun cannot be removed"
  DB_NAME=$unfinished restore_dump "$2" || die "dump ${1%% *} could not be restored: nothing was replaced, the step can be repeated"
  DB_NAME=$unfinished confirm_dump "$2" || die "dump ${1%% *} restored is not what was dumped: nothing was replaced"
}

# swap POINT: the restored database takes the name; the one that served keeps its data under another. Both or neither.
swap() {
  local aside
  aside=${DB_NAME}_until_$(date -u +%Y%m%dt%H%M%Sz)
  SQL_DATABASE=postgres sql >&2 <<SQL || die "the databases did not change names: nothing was replaced, the step can be repeated"
select pg_terminate_backend(pid) from pg_stat_activity where datname = '$DB_NAME' and backend_type = 'client backend' and pid <> pg_backend_pid();
begin;
alter database "$DB_NAME" rename to "$aside";
alter database "${DB_NAME}_unfinished" rename to "$DB_NAME";
comment on database "$DB_NAME" is 'holdfast $1';
commit;
SQL
  printf '%s' "$aside"
}
