# shellcheck shell=bash
# platform/state: a `pulumi stack export` of each of STACKS. Secrets stay encrypted: no step here asks for them in clear.

export PULUMI_HOME=$RUN_DIR/pulumi PULUMI_SKIP_UPDATE_CHECK=true
SECRET=4dabf18193072939515e22adb298388d # the key that marks a secret in a deployment

# pulumi_at BACKEND ARG...: inside a project it would shorten the names of that project's stacks, so not there.
pulumi_at() {
  local backend=$1
  shift
  PULUMI_BACKEND_URL=$backend pulumi --non-interactive --cwd "${PROJECT:-$RUN_DIR}" "$@"
}

collect() {
  # By name: a list of all stacks reads the states of those that others deploy.
  need STATE_BACKEND STACKS
  local stack number=0
  tr ' ' '\n' <<<"$STACKS" >"$1/stacks"
  while IFS= read -r stack; do
    number=$((number + 1))
    pulumi_at "$STATE_BACKEND" stack export --stack "$stack" --file "$1/$number.json" || die "cannot export stack $stack"
  done <"$1/stacks"
}

check() {
  local number total=0 resources
  [[ -s $1/stacks ]] || { log "there is no stack at all" && return 1; }
  total=$(wc -l <"$1/stacks")
  for ((number = 1; number <= total; number++)); do
    jq -e --arg secret "$SECRET" '.version >= 3 and (.deployment | type == "object")
      and all(.. | objects | select(has($secret)); has("plaintext") | not)' "$1/$number.json" >/dev/null ||
      { log "stack $(sed -n "${number}p" "$1/stacks") is no deployment, or holds a secret in clear" && return 1; }
  done
  resources=$(cat "$1"/*.json | jq -s '[.[].deployment.resources // [] | length] | add')
  jq -n --argjson stacks "$total" --argjson resources "$resources" '{stacks: $stacks, resources: $resources}'
}

# import_into DIR WORK BACKEND: makes each stack that is not there, and gives it the exported deployment.
import_into() {
  need SECRETS_PROVIDER
  local stack project number=0
  while IFS= read -r stack; do
    number=$((number + 1))
    # The command makes a stack only inside a folder of its project.
    project=$2/$number
    mkdir -p "$project"
    printf 'name: %s\nruntime: nodejs\n' "$(cut -d / -f 2 <<<"$stack")" >"$project/Pulumi.yaml"
    if ! pulumi_at "$3" stack export --stack "$stack" --file "$project/known.json" 2>/dev/null; then
      PROJECT=$project pulumi_at "$3" stack init "$stack" --no-select --secrets-provider "$SECRETS_PROVIDER" >&2 || return 1
    fi
    PROJECT=$project pulumi_at "$3" stack import --stack "$stack" --file "$1/$number.json" >&2 || return 1
  done <"$1/stacks"
}

# same_at DIR WORK BACKEND: every stack has the resources that the export has.
same_at() {
  local stack number=0
  while IFS= read -r stack; do
    number=$((number + 1))
    pulumi_at "$3" stack export --stack "$stack" --file "$2/again.json" || return 1
    [[ $(jq -cS '[.deployment.resources[]?.urn]' "$2/again.json") == "$(jq -cS '[.deployment.resources[]?.urn]' "$1/$number.json")" ]] ||
      { log "stack $stack has other resources than its export" && return 1; }
  done <"$1/stacks"
}

restore() {
  need RECOVER_TO
  import_into "$1" "$2/projects" "$RECOVER_TO"
}

confirm() {
  need RECOVER_TO
  same_at "$1" "$2" "$RECOVER_TO"
}

rehearse() {
  mkdir "$2/backend"
  import_into "$1" "$2/projects" "file://$2/backend" && same_at "$1" "$2" "file://$2/backend" || return 1
  printf 'every stack imported into an empty backend'
}
