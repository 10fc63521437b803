# shellcheck shell=bash
# The vendor's tools for accounts and tags. NVIDIA says what they do and which ports they need, and publishes neither the
# command nor its arguments: this file is the one place where they stand.
# https://docs.omniverse.nvidia.com/nucleus/latest/enterprise/admin.html
# https://docs.omniverse.nvidia.com/nucleus/latest/ports_connectivity.html

: "${NUCLEUS_TOOLS:=nucleus-tools}" "${SERVICE_PORT:=3006}" "${DUMP_PORT:=5555}"

# tools_backup DIR: accounts and tags of the running server SERVER, whole; the server goes on meanwhile.
tools_backup() {
  "$NUCLEUS_TOOLS" backup --server "$SERVER" --service-port "$SERVICE_PORT" --dump-port "$DUMP_PORT" \
    --ca "$SERVER_CA" --token-file "$TOKEN_FILE" --output "$1" >&2
}

# tools_restore DIR DATA: what tools_backup wrote, into an empty data folder of a server that does not run.
tools_restore() { "$NUCLEUS_TOOLS" restore --input "$1" --data "$2" >&2; }

# tools_check DATA: JSON {"version", "accounts", "tags"} of a data folder or a backup; fails where it is damaged.
tools_check() {
  local json
  json=$("$NUCLEUS_TOOLS" check --data "$1") || return 1
  jq -ce '{version: (.version | strings), accounts: (.accounts | numbers), tags: (.tags | numbers)}' <<<"$json"
}
