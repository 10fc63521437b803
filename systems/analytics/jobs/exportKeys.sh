# shellcheck shell=bash
# shellcheck disable=SC2154 # export.sh makes the folder work
# analytics/keys: every secret of the vault, sealed for the clean room: secrets.age holds an array of them, secrets.json what
# anybody may see, its version among it, changes.json which of them are not as they were. Nothing is ever on a disk in the clear: RUN_DIR is in memory.

need VAULT RECIPIENT VAULT_URL

collect() {
  local name listed
  listed=$(vault_all "$VAULT" /secrets) || return 1
  : >"$work/versions"
  for name in $(jq -r '.[].id | split("/") | last' <<<"$listed"); do
    vault GET "$VAULT" "/secrets/$name" >"$RUN_DIR/secret" || return 1
    jq -c --arg name "$name" '{key: $name, value: (.id | split("/") | last)}' "$RUN_DIR/secret" >>"$work/versions" || return 1
    jq -ec --arg name "$name" '{$name, value: (.value | strings), contentType}' "$RUN_DIR/secret" || return 1
    rm -f "$RUN_DIR/secret"
    printf '.' >>"$work/sealed"
  done | jq -s . | age --encrypt --recipient "$RECIPIENT" >"$1/secrets.age" || return 1
  # A recovery holds what it brings back against the version that was sealed.
  jq --slurpfile versions "$work/versions" '($versions | from_entries) as $of
    | map((.id | split("/") | last) as $name | {name: $name, version: $of[$name], contentType, attributes})' <<<"$listed" >"$1/secrets.json" || return 1
  changes_since name "$1" secrets.json >"$1/changes.json"
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
