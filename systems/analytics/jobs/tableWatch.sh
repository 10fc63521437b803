#!/usr/bin/env bash
# tableWatch.sh: whether somebody deleted, overwrote or replaced what tables hold, within WATCHED: their histories say it. What
# pipelines and maintenance do takes nothing away; of anything else that is not known somebody is told. Values that are
# plausible and wrong it does not see.
set -euo pipefail
shopt -s inherit_errexit
# shellcheck source=systems/jobs/common.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/common.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/azure.sh"
# shellcheck source=systems/analytics/jobs/track.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/track.sh"
# shellcheck source=systems/analytics/jobs/arrivals.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/arrivals.sh"

need INSIGHTS INGESTION_URLS DATABRICKS_URL WAREHOUSE CATALOG LAYERS DECLARED_TABLES WATCHED
watched=$(seconds_of "$WATCHED") || die "WATCHED must be a span such as 15m, got '$WATCHED'"
read -r address key < <(insights_of "$INSIGHTS") || true
[[ -n ${key:-} ]] || die "nowhere to report to"
# Commits of one history that are looked at: a pipeline makes some each second at most.
most=2000

# run STATEMENT: its rows.
run() {
  printf '%s' "$1" >"$RUN_DIR/watch.sql"
  sql "$where" "$RUN_DIR/watch.sql"
}

# unknown: of a history what takes rows away, or is nothing that pipelines and maintenance do.
# shellcheck disable=SC2016 # the $ are jq's
unknown='def field($of; $name): (.[$of] // "{}") | (if type == "string" then fromjson else . end)[$name];
  def harmless: (.operation | IN("OPTIMIZE", "VACUUM START", "VACUUM END", "CREATE TABLE"))
    or (.operation == "STREAMING UPDATE" and field("operationParameters"; "outputMode") != "Complete")
    or (.operation == "WRITE" and field("operationParameters"; "mode") == "Append")
    or (.operation == "MERGE" and field("operationMetrics"; "numTargetRowsDeleted") == "0");
  map(.at = (.timestamp | sub("\\.[0-9]+"; "") | sub(" "; "T") | sub("Z?$"; "Z") | fromdate))
  | if length >= $most and (map(.at) | min) > $since then error("the history is longer than what is looked at") else . end
  | [.[] | select(.at > $since and (harmless | not)) | "\(.operation) of version \(.version)"] | join(", ")'

began=$SECONDS
where=$(warehouse_named "$WAREHOUSE")
run "SELECT table_schema, table_name FROM \`$CATALOG\`.information_schema.tables WHERE table_schema IN ('${LAYERS// /\', \'}') AND data_source_format = 'DELTA'" |
  jq -r '.[] | "\(.table_schema).\(.table_name)"' | sort >"$RUN_DIR/tables" || die "the tables of $CATALOG cannot be listed"
tr ' ' '\n' <<<"$DECLARED_TABLES" | sort >"$RUN_DIR/declared"
found=$(comm -23 "$RUN_DIR/declared" "$RUN_DIR/tables" | sed 's/$/ is gone/')
count=0
while IFS= read -r table; do
  done_there=$(run "DESCRIBE HISTORY \`$CATALOG\`.\`${table%%.*}\`.\`${table#*.}\` LIMIT $most" </dev/null |
    jq -r --argjson since "$((EPOCHSECONDS - watched))" --argjson most "$most" "$unknown") || die "the history of $table cannot be read"
  [[ -z $done_there ]] || found+=$'\n'"$table: $done_there"
  count=$((count + 1))
done <"$RUN_DIR/tables"
found=$(sed '/^$/d' <<<"$found")
if [[ -z $found ]]; then
  ((count > 0)) || die "no table was looked at: nobody can say whether any is whole"
  track "$address" "$key" tables-whole true "$(((SECONDS - began) * 1000))" "all $count tables"
  log "nothing was taken from any of $count tables"
else
  track "$address" "$key" tables-whole false "$(((SECONDS - began) * 1000))" "$(head -n 5 <<<"$found" | paste -sd ';' | head -c 900)"
  while IFS= read -r one; do log "$one"; done <<<"$found"
fi
