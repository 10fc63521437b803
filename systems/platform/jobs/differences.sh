# shellcheck shell=bash
# What is there beside what an export holds. A list is JSON, [{thing, content}], with `raw` and `by` where a script needs
# them; of a difference the name is told, and the fields, but no value: a configuration may hold what nobody should read.

# differences_of WAS NOW: files with two lists; prints what was added, changed or is missing, in one order.
differences_of() {
  jq -nc --slurpfile was "$1" --slurpfile now "$2" '
    def by_thing: map({key: .thing, value: .}) | from_entries;
    ($was[0] | by_thing) as $was | ($now[0] | by_thing) as $now
    | [($was + $now) | keys[] | {thing: ., was: $was[.], now: $now[.]} | select(.was.content != .now.content)
      | .what = (if .was == null then "added" elif .now == null then "missing" else "changed" end)]'
}

# named LIST: a line for each difference, with the first fields that a changed thing differs in.
named() {
  jq -r '
    def leaves: [paths(type != "object" and type != "array")];
    def at($path): try getpath($path) catch null;
    def fields: .was.content as $was | .now.content as $now | (($was | leaves) + ($now | leaves) | unique)
      | map(select(. as $path | ($was | at($path)) != ($now | at($path))) | map(tostring) | join("."));
    .[] | "\(.what) \(.thing)" + if .what == "changed" then fields as $all
      | ($all[:3] | join(", ")) + (if ($all | length) > 3 then " and \(($all | length) - 3) more" else "" end)
      | if . == "" then "" else ": " + . end else "" end' "$1"
}

# id_of LIST: what stands for exactly these differences, their content included.
id_of() { jq -cS . "$1" | sha256sum | cut -c 1-16; }

# left LIST: names what differs because this is another site, and stays as it is.
left() {
  local line
  while IFS= read -r line; do log "left as it is: $line"; done < <(named "$1")
}

# settled LIST: names every difference; whether there is none, or somebody has looked at exactly these and accepted them.
settled() {
  local line total id
  total=$(jq length "$1") || return 1
  ((total > 0)) || return 0
  while IFS= read -r line; do log "$line"; done < <(named "$1")
  id=$(id_of "$1")
  if [[ ${ACCEPTED:-} == "$id" ]]; then
    log "accepted for incident ${INCIDENT:-}: exactly these $total differences, $id"
    return 0
  fi
  log "$total differences from the export. Right as they are? Then say ACCEPTED=$id and verify again"
  return 1
}
