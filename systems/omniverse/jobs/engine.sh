# shellcheck shell=bash
# shellcheck disable=SC2034 # serve.sh sources this
# Nucleus as serve.sh runs it. The command is not public: NUCLEUS_COMMAND says what the image calls it.

: "${NUCLEUS_COMMAND:=nucleus}" "${NUCLEUS_URL:=https://localhost:3009}" "${NUCLEUS_CREDENTIALS_DIR:=/run/nucleus}"
: "${NUCLEUS_CA:=/etc/nucleus/tls/ca.crt}"
# An address without a password, which is in a file beside it.
NUCLEUS_DATABASE_URL=$(cat "$NUCLEUS_CREDENTIALS_DIR/database-url") || die "nobody has fetched the database's address"
export NUCLEUS_DATABASE_URL
# Where the data were restored to a place of its own, the files are there as well.
if [[ -s $NUCLEUS_CREDENTIALS_DIR/files-bucket ]]; then
  NUCLEUS_ASSET_BUCKET=$(<"$NUCLEUS_CREDENTIALS_DIR/files-bucket")
  export NUCLEUS_ASSET_BUCKET
fi
engine=("$NUCLEUS_COMMAND")

engine_ready() { curl --silent --fail --max-time 2 --cacert "$NUCLEUS_CA" --output /dev/null "$NUCLEUS_URL/health"; }
