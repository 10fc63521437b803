#!/usr/bin/env bash
# index.sh stats|rebuild|retrain: the guide's remedies for memory and slow queries, with the statistics before and after.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"

need OMENDB_URL
: "${INDEX_SECONDS:=600}"
whole INDEX_SECONDS
statistics() { omendb_curl "$OMENDB_URL/admin/index-stats" | jq -c .; }
case ${1:-} in
  stats) statistics ;;
  rebuild | retrain)
    statistics
    OMENDB_CALL_SECONDS=$INDEX_SECONDS omendb_curl -X POST "$OMENDB_URL/admin/$1-index" >&2
    statistics
    ;;
  *) die "usage: index.sh stats|rebuild|retrain" ;;
esac
