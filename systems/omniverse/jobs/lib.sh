# shellcheck shell=bash
# Sourced by every job of Omniverse; nothing here acts until it is called.

: "${SCRATCH_DIR:=/scratch}" "${MIRROR_DIR:=/mirror}" "${JOBS_DIR:=/opt/holdfast/jobs}"
: "${DB_NAME:=nucleus}" "${DB_CA:=/etc/ssl/certs/rds-global-bundle.pem}" "${WORK_JOBS:=2}"
: "${PART_BYTES:=4294967296}" # below the 5 GiB that one PutObject takes
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"
# Where Debian keeps initdb, pg_ctl and pg_amcheck.
PATH=$PATH:/usr/lib/postgresql/15/bin
whole PART_BYTES WORK_JOBS
umask 077 # passwords lie in files here, and PostgreSQL refuses a folder that others can read

# secret_of NAME: its text. Never an argument of anything: arguments are seen by all processes of the pod.
secret_of() {
  aws secretsmanager get-secret-value --region "$AWS_REGION" --output json --secret-id "$1" | jq -je .SecretString ||
    die "cannot read the secret $1"
}

# instance_of: what RDS says of DB_INSTANCE, as JSON.
instance_of() {
  aws rds describe-db-instances --region "$AWS_REGION" --output json --db-instance-identifier "$DB_INSTANCE" |
    jq -ce '.DBInstances[0] | objects' || die "RDS knows no instance $DB_INSTANCE in $AWS_REGION"
}

# reach_database DIR: sets what psql and pg_dump connect with; the password goes into a file of DIR.
reach_database() {
  local instance
  instance=$(instance_of)
  PGHOST=$(jq -re '.Endpoint.Address' <<<"$instance") ||
    die "$DB_INSTANCE has no address: it is $(jq -r .DBInstanceStatus <<<"$instance")"
  PGPORT=$(jq -re '.Endpoint.Port' <<<"$instance")
  log_in "$1"
}

# log_in DIR: the same for PGHOST and PGPORT as they are.
log_in() {
  local secret
  # Where a caller asks whether this fails, the shell would go on with nothing.
  secret=$(secret_of "$DB_SECRET") || exit 1
  PGUSER=$(jq -re .username <<<"$secret") || die "the secret $DB_SECRET has no username"
  # https://www.postgresql.org/docs/15/libpq-pgpass.html: a colon and a backslash are escaped.
  jq -re '.password | gsub("(?<c>[\\\\:])"; "\\\(.c)") | "*:*:*:*:\(.)"' <<<"$secret" >"$1/pgpass" ||
    die "the secret $DB_SECRET has no password"
  export PGHOST PGPORT PGUSER PGPASSFILE=$1/pgpass PGSSLMODE=verify-full PGSSLROOTCERT=$DB_CA PGCONNECT_TIMEOUT=15
}

# sql: runs what is on stdin; columns come out with tabs between them.
sql() {
  psql --no-psqlrc --quiet --tuples-only --no-align --field-separator $'\t' --set ON_ERROR_STOP=1 --dbname "${SQL_DATABASE:-$DB_NAME}"
}

# within SNAPSHOT: what makes psql read the state that another session holds; nothing where SNAPSHOT is empty.
within() {
  if [[ -n $1 ]]; then
    printf "begin isolation level repeatable read, read only;\nset transaction snapshot '%s';\n" "$1"
  fi
}

# count_rows SNAPSHOT LIMIT: "<oid>\t<table>\t<rows>" of the LIMIT largest tables whose rows a dump holds.
count_rows() {
  {
    within "$1"
    cat <<SQL
select format('select %s, %L, count(*) from %I.%I', c.oid, n.nspname || '.' || c.relname, n.nspname, c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by pg_total_relation_size(c.oid) desc, 1 limit $2
\\gexec
SQL
  } | sql
}

# as_tables: what count_rows wrote, as a JSON object.
as_tables() { jq -Rn '[inputs | split("\t") | {(.[1]): (.[2] | tonumber)}] | add // {}'; }

# list_references SNAPSHOT: "<key>\t<version>\t<sha256>" of every object that the database refers to, sorted.
list_references() {
  { within "$1" && printf 'copy (%s) to stdout;\n' "$REFERENCES_SQL"; } | sql | LC_ALL=C sort -u
}

# packed FILE TO: compressed, unless that is more than one object may be: scratch has room for so much and no more.
packed() {
  local how=(gzip -nc)
  if [[ $1 == *.gz ]]; then how=(cat); fi
  # More than head takes ends the one before it, and so the pipe.
  "${how[@]}" -- "$1" | head -c "$((PART_BYTES + 1))" >"$2" && (($(stat -c %s "$2") <= PART_BYTES)) && return 0
  log "$1 cannot be read, or is too large for one object"
  return 1
}

# fetch_manifest "<capture> <version>" FILE: of a point below PREFIX; EXPECTED is what jq must find true of it.
fetch_manifest() {
  s3 get-object --bucket "$BUCKET" --key "$PREFIX/points/${1%% *}.json" --version-id "${1##* }" "$2" >/dev/null ||
    die "cannot read the manifest of point ${1%% *}"
  jq -e --arg point "${1%% *}" ".format == 1 and .point == \$point and ($EXPECTED)" "$2" >/dev/null ||
    die "the manifest of point ${1%% *} is not valid"
}

# chosen_points: the newest point below PREFIX, and one older by chance, inside KEPT_DAYS.
chosen_points() {
  local points newest older oldest
  points=$(list_points) || die "the bucket has no point of $ASSET"
  newest=$(newest_of now <<<"$points") || die "every point of $ASSET is dated ahead of now"
  oldest=$(stamp "$KEPT_DAYS days ago")
  mapfile -t older < <(grep -vxF "$newest" <<<"$points" | LC_ALL=C awk -v oldest="$oldest" '$1 "" >= oldest ""')
  printf '%s\n' "$newest"
  if ((${#older[@]} > 0)); then printf '%s\n' "${older[${RANDOM_POINT:-$RANDOM} % ${#older[@]}]}"; fi
}
