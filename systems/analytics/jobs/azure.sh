# shellcheck shell=bash
# The APIs of Azure, Databricks and Power BI as the jobs call them; nothing here acts until it is called. Every address is
# declared: ARM_URL, DATABRICKS_URL, POWERBI_URL, LOGS_URL, and BLOB_URL and VAULT_URL, in both of which %s is the name.

: "${AZURE_SECONDS:=60}" "${AZURE_RETRIES:=4}" "${AZURE_POLL:=5}" "${OPERATION_SECONDS:=900}" "${SQL_SECONDS:=900}"
azure_dir=$RUN_DIR/azure
umask 077 # tokens lie in files here

# iso SECONDS: a moment as Azure reads and writes it.
iso() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

# azure_token AUDIENCE: prints the name of a file with the header that shows who this job is. The cluster's own token is
# exchanged for it, and again five minutes before it ends. No token is ever an argument: those are seen by all processes.
azure_token() {
  local file answer until own
  [[ -d $azure_dir ]] || mkdir -p "$azure_dir"
  file=$azure_dir/${1//[!A-Za-z0-9]/_}
  if read -r until 2>/dev/null <"$file.until" && ((EPOCHSECONDS < until)); then
    printf '%s' "$file"
    return 0 # in a trap the bare word would return what ended the script
  fi
  own=$file.$BASHPID # several may ask at once
  need AZURE_AUTHORITY_HOST AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_FEDERATED_TOKEN_FILE
  [[ -r $AZURE_FEDERATED_TOKEN_FILE ]] || die "AZURE_FEDERATED_TOKEN_FILE must be readable, got '$AZURE_FEDERATED_TOKEN_FILE'"
  answer=$(curl --silent --fail --max-time "$AZURE_SECONDS" --retry "$AZURE_RETRIES" --retry-connrefused \
    --data-urlencode "client_assertion@$AZURE_FEDERATED_TOKEN_FILE" --data-urlencode "client_id=$AZURE_CLIENT_ID" \
    --data-urlencode "scope=$1/.default" --data-urlencode grant_type=client_credentials \
    --data-urlencode client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
    "${AZURE_AUTHORITY_HOST%/}/$AZURE_TENANT_ID/oauth2/v2.0/token") || die "no token for $1: the directory refuses $AZURE_CLIENT_ID, or does not answer"
  jq -re '"Authorization: Bearer \(.access_token | strings)"' <<<"$answer" >"$own" || die "no token for $1: the answer has none"
  jq -r "(.expires_in // 0 | tonumber) - 300 + $EPOCHSECONDS" <<<"$answer" >"$file.until"
  mv "$own" "$file"
  printf '%s' "$file"
}

# azure_call WHAT AUDIENCE METHOD URL [BODYFILE [CURL OPTION...]]: prints the answer. Tries again what may pass (429 and
# 5xx, after the time that the answer says). An error is one line: the call, its status and the code of the error; never
# the answer itself, which may hold secrets. Returns 4 where nothing is there, 9 where something stands against it, else 1.
azure_call() {
  local what=$1 audience=$2 method=$3 url=$4 body=${5:-} header reply status code=''
  shift "$(($# < 5 ? $# : 5))"
  header=$(azure_token "$audience") || return 1
  reply=$azure_dir/reply.$BASHPID # of one process, which makes one call after the other
  local options=(--silent --max-time "$AZURE_SECONDS" --retry "$AZURE_RETRIES" --retry-max-time "$((AZURE_SECONDS * 3))" --retry-connrefused --header "@$header"
    --output "$reply" --write-out '%{http_code}' ${AZURE_HEADERS:+--dump-header "$AZURE_HEADERS"} "$@")
  if [[ $method == HEAD ]]; then options+=(--head); else options+=(--request "$method"); fi
  # Without a length Azure answers 411 to what has no body.
  if [[ -n $body ]]; then options+=(--data-binary "@$body"); elif [[ $method == P* ]]; then options+=(--data-binary ''); fi
  status=$(curl "${options[@]}" "$url") || status=000
  if [[ $status == 2?? ]]; then
    if [[ $method != HEAD ]]; then cat "$reply"; fi
    rm -f "$reply"
    return 0
  fi
  code=$(jq -r '.error.code? // .error_code? // empty | strings' "$reply" 2>/dev/null | tr -cd 'A-Za-z0-9._-' | head -c 80) || true
  rm -f "$reply"
  log "$what: $method answered $status${code:+ ($code)}"
  case $status in 404) return 4 ;; 409 | 412) return 9 ;; *) return 1 ;; esac
}

# header_in FILE NAME: the value of a header of the last answer that curl wrote there.
header_in() {
  tr -d '\r' <"$1" | awk -v name="$2:" '/^HTTP\// { value = "" } tolower($1) == name { value = $2 } END { print value }'
}

# status_in FILE: the status of the last answer whose headers curl wrote there.
status_in() { awk '/^HTTP\// { status = $2 } END { print status }' "$1"; }

as_json=(--header 'Content-Type: application/json')

# arm METHOD PATH?api-version=DATE [BODYFILE]: Azure Resource Manager. What goes on after the answer is waited for, for
# OPERATION_SECONDS at most.
arm() {
  local what="ARM ${2%%\?*}" headers answer failed=0 link
  mkdir -p "$azure_dir"
  headers=$(mktemp "$azure_dir/headers.XXXXXX") || return 1
  answer=$(AZURE_HEADERS=$headers azure_call "$what" https://management.azure.com "$1" "$ARM_URL$2" "${3:-}" "${as_json[@]}") || failed=$?
  if ((failed == 0)) && [[ $1 != GET ]]; then
    link=$(header_in "$headers" azure-asyncoperation)
    if [[ -n $link ]]; then
      operation_ends "$what" "$link" || failed=1
    elif [[ $(status_in "$headers") == 202 ]]; then
      accepted_ends "$what" "$(header_in "$headers" location)" || failed=1
    fi
  fi
  rm -f "$headers"
  ((failed == 0)) || return "$failed"
  printf '%s\n' "$answer"
}

# accepted_ends WHAT URL: what was accepted has ended, asked for where the answer says: 202 until then, and no status in words.
accepted_ends() {
  local end=$((SECONDS + OPERATION_SECONDS)) headers
  [[ $2 == "$ARM_URL"/* ]] || { log "$1: goes on at an address that is not ARM's" && return 1; }
  headers=$(mktemp "$azure_dir/headers.XXXXXX") || return 1
  while AZURE_HEADERS=$headers azure_call "$1" https://management.azure.com GET "$2" >/dev/null; do
    if [[ $(status_in "$headers") != 202 ]]; then
      rm -f "$headers"
      return 0
    fi
    ((SECONDS < end)) || { log "$1: has not ended within ${OPERATION_SECONDS}s" && break; }
    sleep "$AZURE_POLL"
  done
  rm -f "$headers"
  return 1
}

# operation_ends WHAT URL: it has succeeded. The address comes from an answer: our token goes to Azure alone.
operation_ends() {
  local end=$((SECONDS + OPERATION_SECONDS)) status
  [[ $2 == "$ARM_URL"/* ]] || { log "$1: goes on at an address that is not ARM's" && return 1; }
  while :; do
    status=$(azure_call "$1" https://management.azure.com GET "$2" | jq -r '.status // "none"') || return 1
    case $status in
      Succeeded) return 0 ;;
      Failed | Canceled) log "$1: $status" && return 1 ;;
    esac
    ((SECONDS < end)) || { log "$1: has not ended within ${OPERATION_SECONDS}s, it is $status" && return 1; }
    sleep "$AZURE_POLL"
  done
}

# pages HOST PATH CALL...: all pages of a list, as one array; `CALL... PATH` prints one. Each says where the next is: our token
# goes to the host that was asked, and nowhere else.
pages() {
  local host=$1 path=$2 page link
  shift 2
  while [[ -n $path ]]; do
    page=$("$@" "$path") || return $?
    jq -c '.value[]' <<<"$page" || return 1
    link=$(jq -r '.nextLink // ""' <<<"$page") || return 1
    link=${link/#"$host":443\//"$host"/}
    [[ -z $link || $link == "$host"/* ]] || { log "the list ${path%%\?*} goes on at an address that is not of $host" && return 1; }
    path=${link#"$host"}
  done | jq -s .
}

# arm_all PATH?api-version=DATE: all pages of a list.
arm_all() { pages "$ARM_URL" "$1" arm GET; }

# databricks METHOD PATH [BODYFILE]: the workspace at DATABRICKS_URL; its application in the directory is the same everywhere.
databricks() {
  azure_call "Databricks ${2%%\?*}" 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d "$1" "$DATABRICKS_URL$2" "${3:-}" "${as_json[@]}"
}

# databricks_all PATH KEY: what all pages of a list hold under a key, as one array.
databricks_all() {
  local token='' page join='?'
  if [[ $1 == *\?* ]]; then join='&'; fi
  while :; do
    page=$(databricks GET "$1${token:+${join}page_token=$token}") || return $?
    jq -c --arg key "$2" '.[$key][]?' <<<"$page" || return 1
    token=$(jq -r '.next_page_token // "" | @uri' <<<"$page") || return 1
    [[ -n $token ]] || break
  done | jq -s .
}

# job_whole ID: a job with all its tasks: an answer holds a hundred of them, and as many of its clusters.
job_whole() {
  local token='' page
  while :; do
    page=$(databricks GET "/api/2.2/jobs/get?job_id=$1${token:+&page_token=$token}" </dev/null) || return 1
    printf '%s\n' "$page"
    token=$(jq -r '.next_page_token // "" | @uri' <<<"$page") || return 1
    [[ -n $token ]] || break
  done | jq -cs 'reduce .[1:][] as $page (.[0]; reduce ("tasks", "job_clusters", "environments", "parameters") as $list (.;
    ($page.settings[$list] // []) as $more | if $more == [] then . else .settings[$list] = (.settings[$list] // []) + ($more - (.settings[$list] // [])) end))
    | del(.next_page_token, .has_more)'
}

# warehouse_named NAME: id of the warehouse that runs SQL; it is known only once it is there.
warehouse_named() {
  local all
  all=$(databricks_all /api/2.0/sql/warehouses warehouses) || die "the workspace $DATABRICKS_URL does not answer: no SQL can run there"
  jq -re --arg name "$1" '[.[] | select(.name == $name) | .id] | if length == 1 then .[0] else empty end' <<<"$all" ||
    die "the workspace must have one warehouse named $1"
}

# job_named NAME: id of a job; fails where the workspace has none.
job_named() {
  databricks_all "/api/2.2/jobs/list?name=$(jq -rn --arg name "$1" '$name | @uri')" jobs |
    jq -re --arg name "$1" '[.[] | select(.settings.name == $name)][0].job_id // empty'
}

# sql WAREHOUSE FILE [PARAMETERSFILE]: runs one statement there, for SQL_SECONDS at most, and prints its rows as an array
# of objects. One that is too slow is ended: what nobody waits for must not go on writing.
sql() {
  local body answer id state code link end=$((SECONDS + SQL_SECONDS)) api=/api/2.0/sql/statements
  mkdir -p "$azure_dir"
  body=$azure_dir/statement.$BASHPID
  jq -n --arg warehouse "$1" --rawfile text "$2" --slurpfile parameters "${3:-/dev/null}" '{warehouse_id: $warehouse,
    statement: $text, parameters: ($parameters[0] // []), wait_timeout: "10s", on_wait_timeout: "CONTINUE",
    format: "JSON_ARRAY", disposition: "INLINE"}' >"$body" || return 1
  answer=$(databricks POST "$api" "$body") || { rm -f "$body" && return 1; }
  rm -f "$body"
  id=$(jq -re .statement_id <<<"$answer") || { log "SQL: the warehouse does not say what it runs" && return 1; }
  while :; do
    read -r state link code < <(jq -r '[.status.state // "none", .result.next_chunk_internal_link // "none",
      .status.error.error_code // "no code"] | join(" ")' <<<"$answer") || return 1
    case $state in
      SUCCEEDED) break ;;
      FAILED | CANCELED | CLOSED)
        log "SQL: $state (${code//[!A-Za-z0-9._ -]/}): $(sql_says "$2")"
        return 1
        ;;
    esac
    if ((SECONDS >= end)); then
      databricks POST "$api/$id/cancel" >/dev/null || true
      log "SQL: not done within ${SQL_SECONDS}s, it was $state: $(sql_says "$2")"
      return 1
    fi
    sleep "$AZURE_POLL"
    answer=$(databricks GET "$api/$id") || return 1
  done
  {
    printf '%s\n' "$answer"
    while [[ $link != none ]]; do
      answer=$(databricks GET "$link") || return 1
      printf '%s\n' "$answer"
      link=$(jq -r '.next_chunk_internal_link // "none"' <<<"$answer")
    done
  } | jq -sc '[.[0].manifest.schema.columns[]?.name] as $columns
    | [.[0].result // {}, .[1:][] | .data_array[]? | [$columns, .] | transpose | map({(.[0]): .[1]}) | add // {}]'
}

# sql_says FILE: the beginning of a statement, on one line. Statements hold names; values are parameters.
sql_says() { tr -s '[:space:]' ' ' <"$1" | head -c 100; }

# powerbi METHOD PATH [BODYFILE [CURL OPTION...]]
powerbi() {
  local method=$1 path=$2 body=${3:-}
  shift "$(($# < 3 ? $# : 3))"
  (($# > 0)) || set -- "${as_json[@]}"
  azure_call "Power BI ${path%%\?*}" https://analysis.windows.net/powerbi/api "$method" "$POWERBI_URL$path" "$body" "$@"
}

# vault METHOD NAME PATH [BODYFILE]: what a vault of keys holds: /secrets/NAME.
vault() {
  local url join='?' version=''
  # shellcheck disable=SC2059 # the declared address is a pattern
  url=$(printf "$VAULT_URL" "$2")
  if [[ $3 == *\?* ]]; then join='&'; fi
  # Where a list goes on, the version is named already.
  [[ $3 == *api-version=* ]] || version=${join}api-version=7.4
  azure_call "vault $2 ${3%%\?*}" https://vault.azure.net "$1" "$url$3$version" "${4:-}" "${as_json[@]}"
}

# vault_all NAME PATH: all pages of a list of a vault; a page has 25 at most.
vault_all() {
  # shellcheck disable=SC2059 # the declared address is a pattern
  pages "$(printf "$VAULT_URL" "$1")" "$2" vault GET "$1"
}

# logs_query WORKSPACE QUERY: the rows that a query finds, as an array of objects. WORKSPACE is its resource id.
logs_query() {
  local body answer
  mkdir -p "$azure_dir"
  body=$(mktemp "$azure_dir/query.XXXXXX") || return 1
  jq -n --arg query "$2" '{$query}' >"$body"
  answer=$(azure_call "logs of ${1##*/}" https://api.loganalytics.azure.com POST "$LOGS_URL$1/query" "$body" "${as_json[@]}") || { rm -f "$body" && return 1; }
  rm -f "$body"
  # A part of the answer is not the answer.
  jq -e 'has("error") | not' <<<"$answer" >/dev/null || { log "logs of ${1##*/}: only a part of the answer came" && return 1; }
  jq -c '.tables[0] | [.columns[].name] as $columns | [.rows[] | [$columns, .] | transpose | map({(.[0]): .[1]}) | add // {}]' <<<"$answer"
}

# blob METHOD ACCOUNT/CONTAINER/NAME[?QUERY] [BODYFILE [CURL OPTION...]]
blob() {
  local method=$1 name=${2%%\?*} query='' body=${3:-} url
  if [[ $2 == *\?* ]]; then query="?${2#*\?}"; fi
  shift "$(($# < 3 ? $# : 3))"
  if [[ $method == PUT && -n $body ]]; then set -- --header 'x-ms-blob-type: BlockBlob' --header 'Content-Type: application/octet-stream' "$@"; fi
  # shellcheck disable=SC2059 # the declared address is a pattern
  url=$(printf "$BLOB_URL" "${name%%/*}")/$(jq -rn --arg name "${name#*/}" '$name | split("/") | map(@uri) | join("/")')
  azure_call "blob $name" https://storage.azure.com "$method" "$url$query" "$body" --header 'x-ms-version: 2023-11-03' "$@"
}
