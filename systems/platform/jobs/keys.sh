# shellcheck shell=bash
# platform/keys: the secret store, sealed to the clean room's public key. Nothing here can open it again, and that is
# the point: whoever takes these credentials over gets an envelope.

collect() {
  need SECRET_PREFIX RECIPIENT
  local names name number=0
  names=$(aws secretsmanager list-secrets --output json --filters "Key=name,Values=$SECRET_PREFIX" | jq -r '.SecretList[].Name' | LC_ALL=C sort) ||
    die "cannot list the secrets"
  [[ -n $names ]] || die "there is no secret below $SECRET_PREFIX"
  while IFS= read -r name; do
    number=$((number + 1))
    # Through a pipe: a value in clear touches no disk and no argument.
    aws secretsmanager get-secret-value --output json --secret-id "$name" |
      jq -c '{Name, SecretString, SecretBinary, VersionId}' | age --encrypt --recipient "$RECIPIENT" >"$1/$number.age" ||
      die "cannot seal secret $number of $SECRET_PREFIX"
    printf '%s\n' "$name" >>"$1/names"
  done <<<"$names"
}

check() {
  local total number
  [[ -s $1/names ]] || { log "there is no secret at all" && return 1; }
  total=$(wc -l <"$1/names")
  for ((number = 1; number <= total; number++)); do
    # https://age-encryption.org/v1: the header names its recipients; one, and the text after it is sealed.
    [[ $(head -n 1 "$1/$number.age") == age-encryption.org/v1 && $(grep -ac '^-> X25519 ' "$1/$number.age") == 1 ]] ||
      { log "secret $number is not sealed to one recipient" && return 1; }
  done
  jq -n --argjson secrets "$total" '{secrets: $secrets}'
}

# sealed_of DIR NUMBER: one envelope as a ConfigMap; the text in it is sealed, so it may lie there.
sealed_of() {
  base64 -w 0 "$1/$2.age" | jq -R --arg number "$2" --arg name "$(sed -n "${2}p" "$1/names")" --arg namespace "$NAMESPACE" \
    '{apiVersion: "v1", kind: "ConfigMap", metadata: {name: "platform-sealed-\($number)", namespace: $namespace,
      labels: {"holdfast.dev/sealed": "yes"}}, data: {name: $name}, binaryData: {sealed: .}}'
}

# The clean room opens them with its own key, by hand and in sight of two people: the runbook says how.
restore() {
  need NAMESPACE
  local number total
  total=$(wc -l <"$1/names")
  for ((number = 1; number <= total; number++)); do sealed_of "$1" "$number"; done |
    jq -s '{apiVersion: "v1", kind: "List", items: .}' >"$2/sealed.json"
  kubectl apply --server-side --field-manager=holdfast-recovery -f "$2/sealed.json" >&2
}

confirm() {
  need NAMESPACE
  local number total there
  total=$(wc -l <"$1/names")
  for ((number = 1; number <= total; number++)); do
    there=$(kubectl get configmap "platform-sealed-$number" --namespace "$NAMESPACE" -o json | jq -r .binaryData.sealed) || return 1
    [[ $there == "$(base64 -w 0 "$1/$number.age")" ]] || { log "envelope $number is not the one that was exported" && return 1; }
  done
  # Whoever opens them opens all that bear the label.
  kubectl get configmaps --namespace "$NAMESPACE" -o json | jq -r --argjson total "$total" '.items[].metadata
    | select(.labels["holdfast.dev/sealed"] == "yes" and (.name | IN("platform-sealed-\(range(1; $total + 1))") | not)) | .name' >"$2/added" || return 1
  [[ ! -s $2/added ]] || { log "of no export, and not to be opened: $(paste -sd ' ' "$2/added")" && return 1; }
}

rehearse() { printf 'envelopes only: the clean room opens them in an exercise of its own'; }
