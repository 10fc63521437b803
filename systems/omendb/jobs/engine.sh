# shellcheck shell=bash
# shellcheck disable=SC2034 # serve.sh sources this
# OmenDB as serve.sh runs it.

# shellcheck source=systems/omendb/jobs/lib.sh
source "$JOBS_DIR/lib.sh"
: "${LEASE:=prod-omendb}" "${SLICE:=prod-omendb-serving}"
: "${OMENDB_CONFIG:=/etc/omendb/omendb.toml}" "${OMENDB_URL:=https://localhost:3000}"
engine=(omendb --config "$OMENDB_CONFIG")

engine_ready() { OMENDB_CALL_SECONDS=2 omendb_curl -o "$RUN_DIR/ready-answer" "$OMENDB_URL/ready" 2>/dev/null; }
