# shellcheck shell=bash
# Secrets of the vault: those that were deleted or changed, the vault in the paired region, and a vault in a clean room.

# names_in [PATH]: names of the vault's secrets, or of those that were deleted.
names_in() { vault_all "$VAULT" "/${1:-secrets}" | jq -r '.[].id | split("/") | last'; }

# secret NAME[/VERSION] FILE: what of it would be put back, into a file that lies in memory: a value is never an argument.
secret() { vault GET "$VAULT" "/secrets/$1" | jq -ceS '{value: (.value | strings | select(length > 0)), contentType, tags} | del(.. | nulls)' >"$2"; }

keys_find() { find_point; }

# keys_restore_secondary: the pair answers for the vault once Microsoft has failed it over; it can be read and not written.
keys_restore_secondary() {
  answers() { names_in >/dev/null; }
  wait_until answers || die "$VAULT does not answer from the paired region: open the secrets of the newest export in the clean room, as the page of this path says"
  jq -n --arg vault "$VAULT" '{$vault, from: "the paired region, to read only"}'
}

# each_secret FUNCTION: calls it with the name of each secret that was exported and the version that the export holds of it,
# and says how many are as they should be. No value is printed.
each_secret() {
  local name version wrong=''
  found_point "$work/point"
  while IFS=$'\t' read -r name version; do
    "$1" "$name" "$version" </dev/null || wrong+=" $name"
  done < <(jq -r '.[] | [.name, .version] | @tsv' "$work/point/secrets.json")
  rm -f "$work/is" "$work/wanted"
  [[ -z $wrong ]] || die "these secrets are not as they were:$wrong"
  jq -n --argjson secrets "$(jq length "$work/point/secrets.json")" '{verified: $secrets}'
}

# keys_verify: every secret can be read, and the version that was exported is there: none is made anew under an old name.
keys_verify() {
  same() { [[ -n $2 ]] && secret "$1" "$work/is" && secret "$1/$2" "$work/wanted"; }
  each_secret same
}

# version_at NAME MOMENT: its newest version that was there by then, in seconds.
version_at() {
  vault_all "$VAULT" "/secrets/$1/versions" | jq -re --argjson limit "$2" '[.[] | select(.attributes.created <= $limit)]
    | (max_by(.attributes.created) // empty).id | split("/") | last'
}

# keys_restore_place: what was deleted is brought back, and what was written since the moment gives way to the version
# before it.
keys_restore_place() {
  local limit name version back=0 undone=0
  limit=$(trusted) || exit 1
  found_point "$work/point"
  names_in deletedsecrets >"$work/deleted" || die "$VAULT does not list what was deleted"
  for name in $(jq -r '.[].name' "$work/point/secrets.json"); do
    if grep -qxF "$name" "$work/deleted"; then
      vault POST "$VAULT" "/deletedsecrets/$name/recover" >/dev/null || die "secret $name cannot be brought back"
      there() { vault GET "$VAULT" "/secrets/$name" >/dev/null 2>&1; }
      wait_until there || die "secret $name is not back yet"
      back=$((back + 1))
    fi
    version=$(version_at "$name" "$limit") || die "secret $name has no version before $(iso "$limit")"
    secret "$name/$version" "$work/wanted" || die "version $version of secret $name cannot be read"
    if secret "$name" "$work/is" && cmp -s "$work/is" "$work/wanted"; then continue; fi
    vault PUT "$VAULT" "/secrets/$name" "$work/wanted" >/dev/null || die "secret $name cannot be written"
    undone=$((undone + 1))
  done
  rm -f "$work/is" "$work/wanted"
  jq -n --argjson back "$back" --argjson undone "$undone" '{broughtBack: $back, $undone}'
}

# keys_verify_place: every secret is what it was at the moment, and has the version that was exported.
keys_verify_place() {
  local limit
  limit=$(trusted) || exit 1
  as_before() {
    local version
    [[ -n $2 ]] && secret "$1/$2" "$work/wanted" && version=$(version_at "$1" "$limit") &&
      secret "$1/$version" "$work/wanted" && secret "$1" "$work/is" && cmp -s "$work/is" "$work/wanted"
  }
  each_secret as_before
}

# opened: the export's secrets, in memory. It is sealed for the clean room alone; its key lies there and nowhere else.
opened() {
  [[ -r ${ROOM_KEY:-} ]] || die "ROOM_KEY must be readable: the security team puts the private key into the Secret analytics-room-key of the clean room"
  found_point "$work/point"
  age --decrypt --identity "$ROOM_KEY" --output "$work/secrets.json" "$work/point/secrets.age" || die "the export cannot be opened with the key of the clean room"
  jq -e 'type == "array" and length > 0' "$work/secrets.json" >/dev/null || die "the export holds no secret"
}

# sealed NAME FILE: what the opened export has of a secret.
sealed() { jq -ceS --arg name "$1" '.[] | select(.name == $name) | {value, contentType} | del(.. | nulls)' "$work/secrets.json" >"$2"; }

keys_restore_room() {
  local name count=0
  opened
  for name in $(jq -r '.[].name' "$work/secrets.json"); do
    sealed "$name" "$work/secret" || die "the export has no value of secret $name"
    vault PUT "$ROOM_VAULT" "/secrets/$name" "$work/secret" >/dev/null || die "secret $name cannot be written into $ROOM_VAULT"
    count=$((count + 1))
  done
  rm -f "$work/secret" "$work/secrets.json"
  jq -n --argjson secrets "$count" '{$secrets}'
}

# keys_verify_room: every secret has the value that was sealed.
keys_verify_room() {
  opened
  as_sealed() { sealed "$1" "$work/wanted" && secret "$1" "$work/is" && cmp -s "$work/is" "$work/wanted"; }
  each_secret as_sealed
  rm -f "$work/secrets.json"
}
