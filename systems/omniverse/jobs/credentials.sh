#!/usr/bin/env bash
# credentials.sh database|directory: fetches what a server logs in with into a folder of its pod, before it starts: no
# state, argument or variable ever has it.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"

need AWS_REGION CREDENTIALS_DIR
case ${1:-} in
  database)
    need DB_INSTANCE DB_SECRET
    reach_database "$CREDENTIALS_DIR"
    # The image of the server need not have Amazon's authorities.
    cp "$DB_CA" "$CREDENTIALS_DIR/database-ca.pem" || die "$DB_CA cannot be read"
    # https://www.postgresql.org/docs/15/libpq-connect.html: the password stays in its file.
    printf 'postgresql://%s@%s:%s/%s?sslmode=verify-full&sslrootcert=%s/database-ca.pem&passfile=%s/pgpass\n' \
      "$PGUSER" "$PGHOST" "$PGPORT" "$DB_NAME" "$CREDENTIALS_DIR" "$CREDENTIALS_DIR" >"$CREDENTIALS_DIR/database-url"
    ;;
  directory)
    need DIRECTORY_SECRET
    secret_of "$DIRECTORY_SECRET" >"$CREDENTIALS_DIR/directory-password.part"
    [[ -s $CREDENTIALS_DIR/directory-password.part ]] || die "the secret $DIRECTORY_SECRET is empty: fill it in"
    mv "$CREDENTIALS_DIR/directory-password.part" "$CREDENTIALS_DIR/directory-password"
    ;;
  *) die "usage: credentials.sh database|directory" ;;
esac
log "fetched what the $1 asks for"
