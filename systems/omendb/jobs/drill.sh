#!/usr/bin/env bash
# drill.sh: rehearses the restore: newest point into scratch, database started on it, its records counted.
# Prints one line of JSON. Ends with 0 only when all of it was verified.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"

need BUCKET PREFIX BUCKET_REGION PUSHGATEWAY_URL ASSET
: "${START_DEADLINE:=120s}" "${OMENDB_CONFIG:=/etc/omendb/omendb.toml}"
: "${DRILL_PORT:=3000}" "${DRILL_METRICS_PORT:=9090}"
limit=$(seconds_of "$START_DEADLINE") || die "START_DEADLINE must be like 120s, got '$START_DEADLINE'"
whole DRILL_PORT DRILL_METRICS_PORT
[[ -r $OMENDB_CONFIG ]] || die "OMENDB_CONFIG must be readable, got '$OMENDB_CONFIG'"

drill=$SCRATCH_DIR/drill server=0
clean() {
  if ((server > 0)); then kill -KILL -- "-$server" "$server" 2>/dev/null || true; fi
  rm -rf "$drill"
}
trap clean EXIT
trap 'exit 143' TERM INT
rm -rf "$drill"
mkdir -p "$drill/root"
started=$(date +%s)

TARGET_DIR=$drill/root RESTORE_DIR=$drill/restore RESULT_FILE=$drill/result.json POINT='' RESTORE_BEFORE=now \
  "$JOBS_DIR/restore.sh" >/dev/null || die "the restore failed"

sed -E -e "s,^data_dir *=.*,data_dir = \"$drill/root/data\"," -e "s,^port *=.*,port = $DRILL_PORT," \
  -e "s,^prometheus_port *=.*,prometheus_port = $DRILL_METRICS_PORT," "$OMENDB_CONFIG" >"$drill/omendb.toml"
OMENDB_DATA_DIR=$drill/root/data OMENDB_HTTP_PORT=$DRILL_PORT \
  setsid omendb --config "$drill/omendb.toml" </dev/null >"$drill/log" 2>&1 &
server=$!
url=https://localhost:$DRILL_PORT
until OMENDB_CALL_SECONDS=2 omendb_curl -o /dev/null "$url/ready" 2>/dev/null; do
  kill -0 "$server" 2>/dev/null || die "the restored database ended: $(tail -n 3 "$drill/log")"
  (($(date +%s) - started < limit + $(jq .seconds "$drill/result.json"))) || die "the restored database was not ready within $START_DEADLINE"
  sleep 0.2
done
seconds=$(($(date +%s) - started))
healthy "$url" "https://localhost:$DRILL_METRICS_PORT/metrics" || die "the restored database is not healthy"

restored=$(records_at "$url")
[[ $restored != null ]] || die "the restored database does not say how many records it holds: nothing is verified"
jq -e --argjson restored "$restored" '.records | . != null' "$drill/result.json" >/dev/null ||
  die "point $(jq -r .point "$drill/result.json") does not say how many records it holds: nothing is verified"
# Two counts, because the database was written to while the backup ran.
jq -e --argjson restored "$restored" '[.records.before, .records.after] | min <= $restored and $restored <= max' \
  "$drill/result.json" >/dev/null ||
  die "restored $restored records, but point $(jq -r .point "$drill/result.json") was taken with $(jq -c .records "$drill/result.json")"

age=$(($(date +%s) - $(epoch_of "$(jq -r .point "$drill/result.json")")))
jq -c --arg asset "$ASSET" --argjson restored "$restored" --argjson seconds "$seconds" --argjson age "$age" \
  --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '{asset: $asset, at: $at, point, capture, chain, backup, restoreSeconds: $seconds,
    bytes, ageSeconds: $age, records: $restored, verified: true}' "$drill/result.json"
push drill <<METRICS
holdfast_drill_timestamp_seconds{asset="$ASSET",role="drill"} $(date +%s)
holdfast_drill_restore_seconds{asset="$ASSET",role="drill"} $seconds
holdfast_drill_bytes{asset="$ASSET",role="drill"} $(jq .bytes "$drill/result.json")
holdfast_drill_age_seconds{asset="$ASSET",role="drill"} $age
METRICS
