# shellcheck shell=bash
# platform/state: a `pulumi stack export` of each of STACKS. Secrets stay encrypted: no step here asks for them in clear.

export PULUMI_HOME=$RUN_DIR/pulumi PULUMI_SKIP_UPDATE_CHECK=true
# shellcheck source=systems/platform/jobs/differences.sh
source "$JOBS_DIR/differences.sh"
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

# import_into DIR WORK BACKEND: makes each stack that is not there, and gives it the exported deployment. What is there
# was brought by replication and is newer: it is written over only where somebody says that it is damaged.
import_into() {
  need SECRETS_PROVIDER
  local stack project number=0
  while IFS= read -r stack; do
    number=$((number + 1))
    # The command makes a stack only inside a folder of its project.
    project=$2/$number
    mkdir -p "$project"
    printf 'name: %s\nruntime: nodejs\n' "$(cut -d / -f 2 <<<"$stack")" >"$project/Pulumi.yaml"
    if pulumi_at "$3" stack export --stack "$stack" --file "$project/known.json" 2>/dev/null; then
      if ! damaged && has_resources "$project/known.json"; then
        log "stack $stack is there already: it is left as it is"
        continue
      fi
    else
      PROJECT=$project pulumi_at "$3" stack init "$stack" --no-select --secrets-provider "$SECRETS_PROVIDER" >&2 || return 1
    fi
    # An import opens the key that the deployment names, which may be in the lost region: the same key has another there.
    jq --arg url "$SECRETS_PROVIDER" \
      'if .deployment.secrets_providers.type == "cloud" then .deployment.secrets_providers.state.url = $url else . end' \
      "$1/$number.json" >"$project/deployment.json"
    PROJECT=$project pulumi_at "$3" stack import --stack "$stack" --file "$project/deployment.json" >&2 || return 1
  done <"$1/stacks"
}

has_resources() { jq -e '.deployment.resources // [] | length > 0' "$1" >/dev/null; }

# resources_in FILE STACK: each resource under its URN. A secret is encrypted anew with every import.
resources_in() {
  jq -c --arg secret "$SECRET" --arg stack "$2" '[.deployment.resources[]?
    | {thing: "\(.urn)\(if .delete then " (to be deleted)" else "" end) of stack \($stack)",
       content: walk(if type == "object" and has($secret) then "a secret" else . end)}]' "$1"
}

# same_at DIR WORK BACKEND HOW: every stack has the resources that the export has, as they were. With `left`, what
# replication brought and the restore has left is only named.
same_at() {
  local stack number=0 how=$4
  : >"$2/judged.jsonl"
  while IFS= read -r stack; do
    number=$((number + 1))
    pulumi_at "$3" stack export --stack "$stack" --file "$2/again.json" || return 1
    resources_in "$1/$number.json" "$stack" >"$2/was.list" && resources_in "$2/again.json" "$stack" >"$2/now.list" || return 1
    differences_of "$2/was.list" "$2/now.list" >"$2/differences.json" || return 1
    if [[ $how == left ]] && has_resources "$2/again.json"; then
      left "$2/differences.json"
    else
      jq -c '.[]' "$2/differences.json" >>"$2/judged.jsonl"
    fi
  done <"$1/stacks"
  jq -cs . "$2/judged.jsonl" >"$2/judged.json" && settled "$2/judged.json"
}

restore() {
  need RECOVER_TO
  import_into "$1" "$2/projects" "$RECOVER_TO"
}

confirm() {
  need RECOVER_TO
  local how=exact
  damaged || how=left
  same_at "$1" "$2" "$RECOVER_TO" "$how"
}

rehearse() {
  mkdir "$2/backend"
  import_into "$1" "$2/projects" "file://$2/backend" && same_at "$1" "$2" "file://$2/backend" exact || return 1
  printf 'every stack imported into an empty backend'
}
