# shellcheck shell=bash
# shellcheck disable=SC2154 # export.sh makes the folder work
# analytics/keys: every secret of the vault, sealed for the clean room: secrets.age holds an array of them, secrets.json what
# anybody may see, changes.json which of them are not as they were. Nothing is ever on a disk in the clear: RUN_DIR is in memory.

need VAULT RECIPIENT VAULT_URL

collect() {
  local name
  secrets >"$1/secrets.json" || return 1
  for name in $(jq -r '.[].name' "$1/secrets.json"); do
    vault GET "$VAULT" "/secrets/$name" | jq -ec --arg name "$name" '{$name, value: (.value | strings), contentType}' || return 1
    printf '.' >>"$work/sealed"
  done | jq -s . | age --encrypt --recipient "$RECIPIENT" >"$1/secrets.age" || return 1
  changes_since name "$1" secrets.json >"$1/changes.json"
}

# secrets: name and attributes of each, as an array.
secrets() {
  local path='/secrets?maxresults=25' page host
  # shellcheck disable=SC2059 # the declared address is a pattern
  host=$(printf "$VAULT_URL" "$VAULT")
  while [[ -n $path ]]; do
    page=$(vault GET "$VAULT" "$path") || return 1
    jq -c '.value[]? | {name: (.id | split("/") | last), contentType, attributes}' <<<"$page" || return 1
    path=$(jq -r '.nextLink // ""' <<<"$page") || return 1
    [[ -z $path || $path == "$host"/* ]] || { log "the list of secrets goes on at another address" && return 1; }
    path=${path#"$host"}
  done | jq -s .
}

check() {
  local count
  count=$(jq length "$1/secrets.json") || return 1
  ((count > 0)) || { log "the vault $VAULT shows no secret" && return 1; }
  [[ $(stat -c %s "$work/sealed") == "$count" ]] || { log "not all of $count secrets were read" && return 1; }
  [[ $(head -n 1 "$1/secrets.age") == age-encryption.org/v* ]] || { log "what was sealed is no file of age" && return 1; }
  jq -n --argjson secrets "$count" '{$secrets}'
}

told() { tell_changes "$1"; }
