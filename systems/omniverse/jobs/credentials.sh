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
    rm -f "$CREDENTIALS_DIR/files-bucket"
    # In a clean room a ConfigMap says where the restored data are; at our sites there is none, and RDS is asked.
    if [[ -n ${PLACE_DIR:-} && -d $PLACE_DIR && -n $(ls "$PLACE_DIR") ]]; then
      [[ -s $PLACE_DIR/DATABASE_HOST && -s $PLACE_DIR/FILES_BUCKET ]] ||
        die "the ConfigMap omniverse-place must say DATABASE_HOST and FILES_BUCKET, got $(find "$PLACE_DIR" -mindepth 1 -maxdepth 1 -name '[A-Z]*' -printf '%f ')"
      PGHOST=$(<"$PLACE_DIR/DATABASE_HOST") PGPORT=5432
      log_in "$CREDENTIALS_DIR"
      cp "$PLACE_DIR/FILES_BUCKET" "$CREDENTIALS_DIR/files-bucket"
    else
      reach_database "$CREDENTIALS_DIR"
    fi
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
