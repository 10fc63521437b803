# shellcheck shell=bash
# Secrets of the vault: those that were deleted or changed, the vault in the paired region, and a vault in a clean room.

# names_in VAULT [PATH]: names of its secrets, or of those that were deleted.
names_in() { vault GET "$1" "/${2:-secrets}" | jq -r '.value[].id | split("/") | last'; }

keys_find() { find_point; }

# keys_restore_secondary: the pair answers for the vault once Microsoft has failed it over; it can be read and not written.
keys_restore_secondary() {
  answers() { names_in "$VAULT" >/dev/null; }
  wait_until answers || die "$VAULT does not answer from the paired region: open the secrets of the newest export in the clean room, as the page of this path says"
  jq -n --arg vault "$VAULT" '{$vault, from: "the paired region, to read only"}'
}

# keys_verify: every secret that the export names is there and can be read. No value is printed.
keys_verify() {
  local name missing=''
  found_point "$work/point"
  for name in $(jq -r '.[].name' "$work/point/secrets.json"); do
    vault GET "$VAULT" "/secrets/$name" >"$work/secret" 2>/dev/null && jq -e '.value | strings | length > 0' "$work/secret" >/dev/null || missing+=" $name"
  done
  rm -f "$work/secret"
  [[ -z $missing ]] || die "these secrets cannot be read:$missing"
  jq -n --argjson secrets "$(jq length "$work/point/secrets.json")" '{verified: $secrets}'
}

# keys_restore_place: what was deleted is brought back, and what was written since the moment gives way to the version
# before it.
keys_restore_place() {
  local limit name version back=0 undone=0
  limit=$(trusted) || exit 1
  found_point "$work/point"
  names_in "$VAULT" deletedsecrets >"$work/deleted" || die "$VAULT does not list what was deleted"
  for name in $(jq -r '.[].name' "$work/point/secrets.json"); do
    if grep -qxF "$name" "$work/deleted"; then
      vault POST "$VAULT" "/deletedsecrets/$name/recover" >/dev/null || die "secret $name cannot be brought back"
      there() { vault GET "$VAULT" "/secrets/$name" >/dev/null 2>&1; }
      wait_until there || die "secret $name is not back yet"
      back=$((back + 1))
    fi
    version=$(vault GET "$VAULT" "/secrets/$name/versions" | jq -r --argjson limit "$limit" '[.value[]] as $all | ($all | max_by(.attributes.created)) as $last
      | if $last.attributes.created > $limit then ([$all[] | select(.attributes.created <= $limit)] | (max_by(.attributes.created) // error("none")).id | split("/") | last) else "" end') ||
      die "secret $name has no version before $(iso "$limit")"
    [[ -n $version ]] || continue
    # Through files: a value is never an argument.
    vault GET "$VAULT" "/secrets/$name/$version" | jq '{value}' >"$work/secret" || die "version $version of secret $name cannot be read"
    vault PUT "$VAULT" "/secrets/$name" "$work/secret" >/dev/null || die "secret $name cannot be written"
    rm -f "$work/secret"
    undone=$((undone + 1))
  done
  jq -n --argjson back "$back" --argjson undone "$undone" '{broughtBack: $back, $undone}'
}

# keys_restore_room: the export is sealed for the clean room alone; its key lies there and nowhere else.
keys_restore_room() {
  local name count=0
  [[ -r ${ROOM_KEY:-} ]] || die "ROOM_KEY must be readable: the security team puts the private key into the Secret analytics-room-key of the clean room"
  found_point "$work/point"
  age --decrypt --identity "$ROOM_KEY" --output "$work/secrets.json" "$work/point/secrets.age" || die "the export cannot be opened with the key of the clean room"
  jq -e 'type == "array" and length > 0' "$work/secrets.json" >/dev/null || die "the export holds no secret"
  for name in $(jq -r '.[].name' "$work/secrets.json"); do
    jq --arg name "$name" '.[] | select(.name == $name) | {value}' "$work/secrets.json" >"$work/secret"
    vault PUT "$ROOM_VAULT" "/secrets/$name" "$work/secret" >/dev/null || die "secret $name cannot be written into $ROOM_VAULT"
    count=$((count + 1))
  done
  rm -f "$work/secret" "$work/secrets.json"
  jq -n --argjson secrets "$count" '{$secrets}'
}
