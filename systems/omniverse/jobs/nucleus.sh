# shellcheck shell=bash
# What Nucleus and Prometheus say. Of the vendor's own command and API little is documented: the images' README says what
# is counted on.

: "${NUCLEUS_TOKEN_FILE:=/etc/nucleus-token/token}" "${NUCLEUS_CA:=/etc/nucleus-tls/ca.crt}" "${ANSWER_SECONDS:=10}"
export NUCLEUS_URL NUCLEUS_TOKEN_FILE NUCLEUS_CA
# shellcheck source=systems/jobs/checked.sh
source "$JOBS_DIR/checked.sh"

# api PATH: what the API answers, as one line of JSON. The token goes through a pipe: arguments are seen by all processes.
api() {
  curl --silent --show-error --fail --max-time "$ANSWER_SECONDS" --cacert "$NUCLEUS_CA" \
    --header @<(printf 'Authorization: Bearer %s\n' "$(<"$NUCLEUS_TOKEN_FILE")") "$NUCLEUS_URL$1" | jq -ce .
}

# sessions_of STATUS: all where it is empty; how many there are; an answer without the list is none, and not 0.
sessions_of() { api "/api/v1/sessions${1:+?status=$1}" | jq -re '.sessions | arrays | length'; }

# prometheus PATH NAME=VALUE...: the data of a query that succeeded.
prometheus() {
  local path=$1 words=() word
  shift
  for word in "$@"; do words+=(--data-urlencode "$word"); done
  curl --silent --show-error --fail --max-time 60 --get "${words[@]}" "$PROMETHEUS_URL/api/v1/$path" |
    jq -ce 'select(.status == "success") | .data.result'
}

# value_of QUERY: the one number that it has now; fails where it has none.
value_of() { prometheus query "query=$1" | jq -re 'if length == 1 then .[0].value[1] | tonumber | select(. == .) else empty end'; }

# leave FILE NAME: a file in the folder of the daily work, locked and read back.
leave() { (put "$1" "$OPERATIONS_PREFIX/$2") >/dev/null; }
