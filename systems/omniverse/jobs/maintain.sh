#!/usr/bin/env bash
# maintain.sh: Sunday's work on the database: dead rows, indexes, statistics, sizes. Indexes are rebuilt beside those that
# serve (CONCURRENTLY): a plain REINDEX locks each table against everybody who works.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/nucleus.sh
source "$JOBS_DIR/nucleus.sh"

need ASSET PUSHGATEWAY_URL AWS_REGION DB_INSTANCE DB_SECRET
work=$(mktemp -d "$RUN_DIR/maintain.XXXXXX")
trap 'rm -rf "$work"' EXIT
started=$(date +%s)
reach_database "$work"

# A dump holds its locks until it has ended, and would be held up by ours.
dumping=$(sql <<<"select count(*) from pg_stat_activity where application_name = 'pg_dump'") || die "$DB_INSTANCE does not answer"
((dumping == 0)) || die "a dump is running: nothing was done, the next run does it"

invalid() {
  sql <<'SQL'
select n.nspname || '.' || c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace where not i.indisvalid and n.nspname !~ '^pg_' order by 1
SQL
}

# A rebuild that was interrupted leaves an index ending in _ccnew, or the old one in _ccold, that costs every write:
# https://www.postgresql.org/docs/15/sql-reindex.html#SQL-REINDEX-CONCURRENTLY
sql <<'SQL' >&2 || die "what an interrupted run left behind cannot be dropped"
select format('drop index concurrently if exists %I.%I', n.nspname, c.relname)
from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$' and n.nspname !~ '^pg_'
\gexec
SQL

clock=$(sql <<<"select clock_timestamp()")
sql <<<"vacuum (analyze)" >&2 || problem "VACUUM ANALYZE failed"
sql <<<"reindex (concurrently) database \"$DB_NAME\"" >&2 || problem "REINDEX failed"
# After it: an index on an expression has statistics of its own.
sql <<<"analyze" >&2 || problem "ANALYZE failed"

left=$(invalid) || die "indexes cannot be listed"
if [[ -n $left ]]; then problem "invalid indexes: ${left//$'\n'/, }"; fi
stale=$(sql <<SQL
select schemaname || '.' || relname from pg_stat_user_tables
where coalesce(last_analyze, '-infinity') < '$clock' order by 1
SQL
) || die "statistics cannot be looked at"
if [[ -n $stale ]]; then problem "no new statistics of ${stale//$'\n'/, }"; fi

sql <<'SQL' >"$work/sizes" || die "sizes cannot be read"
select schemaname || '.' || tablename, pg_total_relation_size(format('%I.%I', schemaname, tablename)::regclass)
from pg_tables where schemaname = 'public' order by 2 desc
SQL
bytes=$(sql <<<"select pg_database_size('$DB_NAME')") || die "the size of $DB_NAME cannot be read"
jq -Rcn --argjson bytes "$bytes" --argjson seconds "$(($(date +%s) - started))" --argjson problems "$(problems_json)" \
  '{bytes: $bytes, seconds: $seconds, problems: $problems,
    tables: [inputs | split("\t") | {table: .[0], bytes: (.[1] | tonumber)}]}' <"$work/sizes"
push maintenance <<METRICS
holdfast_database_bytes{asset="$ASSET",role="maintenance"} $bytes
holdfast_run_seconds{asset="$ASSET",role="maintenance"} $(($(date +%s) - started))
METRICS
end_with_problems
