#!/usr/bin/env bash
# storage.sh: Sunday's clean-up of the servers' volumes. Logs of Nucleus leave only when they lie, checked and locked, in the
# bucket of the other region; what is temporary, cached or a log of nginx is deleted.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/nucleus.sh
source "$JOBS_DIR/nucleus.sh"

need ASSET BUCKET BUCKET_REGION PUSHGATEWAY_URL PROMETHEUS_URL OPERATIONS_PREFIX LOGS_DIR CACHE_DIR NAMESPACE
whole REQUIRED_LOCK_DAYS TEMPORARY_DAYS CACHE_DAYS LOG_DAYS
# shellcheck disable=SC2153 # not JOBS_DIR
for folder in "$LOGS_DIR" "$CACHE_DIR"; do [[ -d $folder ]] || die "$folder is not there"; done
work=$(mktemp -d "$SCRATCH_DIR/storage.XXXXXX")
trap 'rm -rf "$work"' EXIT

# In minutes: -mtime +7 would leave what is between seven and eight days old.
older() { find "$1" -xdev -type f -mmin "+$(($2 * 1440))" "${@:3}"; }

# deleted NAME FIND_ARGS...: deletes, and says how many.
deleted() {
  local count
  older "${@:2}" -printf x -delete >"$work/count" || problem "$1 could not all be deleted"
  count=$(stat -c %s "$work/count")
  log "deleted $count: $1"
  removed=$(jq -c --arg name "$1" --argjson count "$count" '. + {($name): $count}' <<<"$removed")
}
removed='{}'
deleted temporary "$CACHE_DIR" "$TEMPORARY_DAYS" -name '*.usd_tmp'
deleted cache "$CACHE_DIR" "$CACHE_DAYS"
# Beside those of Nucleus: in a folder of its own, or by its name.
deleted nginx "$LOGS_DIR" "$LOG_DAYS" '(' -path "$LOGS_DIR/nginx/*" -o -name 'nginx*' ')' -name '*.log*'

# archive FILE: a log that nobody writes any more goes to the other region, is read back, and only then goes from here.
archive() {
  local file=$1 name small=$work/packed day
  day=$(date -u -r "$file" +%Y/%m/%d) || return 1
  name=${file#"$LOGS_DIR/"}
  packed "$file" "$small" || return 1
  (put "$small" "$OPERATIONS_PREFIX/logs/$day/${name%.gz}.gz") >/dev/null || return 1
  rm -- "$file"
}
archived=0
while IFS= read -r -d '' file; do
  if archive "$file"; then archived=$((archived + 1)); else problem "${file#"$LOGS_DIR/"} was not archived and stays"; fi
done < <(older "$LOGS_DIR" "$LOG_DAYS" -name '*.log*' -print0)

for folder in "$LOGS_DIR" "$CACHE_DIR"; do du -sb "$folder"; done >"$work/sizes" || problem "sizes cannot be read"
disks=$(prometheus query "query=disk_usage_percent{namespace=\"$NAMESPACE\"}" |
  jq -ce 'map({(.metric.mountpoint): (.value[1] | tonumber)}) | add // empty') || {
  problem "nobody says how full the disks are"
  disks=null
}
jq -Rcn --argjson removed "$removed" --argjson archived "$archived" --argjson disks "$disks" --argjson problems "$(problems_json)" \
  '{deleted: $removed, archived: $archived, percent: $disks, problems: $problems,
    bytes: ([inputs | split("\t") | {(.[1]): (.[0] | tonumber)}] | add)}' <"$work/sizes"
push storage <<METRICS
holdfast_logs_archived{asset="$ASSET",role="storage"} $archived
holdfast_clean_up_problems{asset="$ASSET",role="storage"} ${#problems[@]}
METRICS
end_with_problems
