#!/usr/bin/env bash
# capacity.sh: what the volumes hold against the guide's formula and against their size. Fails above LIMIT_PERCENT.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"

need PUSHGATEWAY_URL ASSET OMENDB_URL
whole LIMIT_PERCENT EXPECTED_RECORDS BACKUPS_KEPT
records=$(records_at "$OMENDB_URL")
lines='' full=''
# formula RECORDS: records x 24 bytes x 1.3, a tenth for the log, 0.6 of both a backup
report=$(jq -cn --argjson records "$records" --argjson expected "$EXPECTED_RECORDS" --argjson kept "$BACKUPS_KEPT" '
  def formula: (. * 24 * 13 / 10 | ceil) as $data | ($data / 10 | ceil) as $wal
    | {data: $data, wal: $wal, backups: (($data + $wal) * 6 * $kept / 10 | ceil)};
  {records: $records, formulaNow: (if $records == null then null else $records | formula end), formulaExpected: ($expected | formula), volumes: {}}')
for volume in "data:$DATA_ROOT/data" "wal:$DATA_ROOT/wal" "scratch:$SCRATCH_DIR"; do
  read -r size used < <(df -B1 --output=size,used "${volume#*:}" | tail -n 1)
  percent=$((used * 100 / size))
  report=$(jq -c --arg name "${volume%%:*}" --argjson size "$size" --argjson used "$used" --argjson percent "$percent" \
    '.volumes[$name] = {size: $size, used: $used, percent: $percent}' <<<"$report")
  lines+="holdfast_volume_used_ratio{asset=\"$ASSET\",role=\"capacity\",volume=\"${volume%%:*}\"} $(jq -n "$used / $size")"$'\n'
  if ((percent >= LIMIT_PERCENT)); then full+=" ${volume%%:*}=$percent%"; fi
done
printf '%s\n' "$report"
push capacity <<<"${lines%$'\n'}"
[[ -z $full ]] || die "volumes above $LIMIT_PERCENT%:$full"
