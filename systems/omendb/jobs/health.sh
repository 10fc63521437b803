#!/usr/bin/env bash
# health.sh: the guide's health check, through the Service.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"

need OMENDB_URL METRICS_URL
healthy "$OMENDB_URL" "$METRICS_URL" || die "the database is not healthy"
jq -cn --arg url "$OMENDB_URL" --argjson records "$(records_at "$OMENDB_URL")" '{url: $url, healthy: true, records: $records}'
