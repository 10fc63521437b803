# shellcheck shell=bash
# What jobs put into accounts of blobs and read back; nothing here acts until it is called.

# blob_put FILE ACCOUNT/CONTAINER/NAME: writes one blob and reads it back: its checksum and its size, and where
# REQUIRED_LOCK_DAYS is set how long its version is locked. Prints "<name>\t<version>\t<size>\t<sha256>".
blob_put() {
  local file=$1 target=$2 sum size headers version until least
  mkdir -p "$azure_dir"
  sum=$(openssl dgst -md5 -binary "$file" | base64 -w 0) || return 1
  size=$(stat -c %s "$file") || return 1
  headers=$(mktemp "$azure_dir/headers.XXXXXX") || return 1
  AZURE_HEADERS=$headers blob PUT "$target" "$file" --header "Content-MD5: $sum" --header "x-ms-blob-content-md5: $sum" >/dev/null || die "cannot write $target"
  version=$(header_in "$headers" x-ms-version-id)
  if [[ -n ${REQUIRED_LOCK_DAYS:-} && -z $version ]]; then die "$target has no version: the account keeps none, so it cannot lock"; fi
  AZURE_HEADERS=$headers blob HEAD "$target${version:+?versionid=$version}" || die "cannot read $target back"
  [[ $(header_in "$headers" content-md5) == "$sum" && $(header_in "$headers" content-length) == "$size" ]] ||
    die "$target in the account is not what was sent"
  if [[ -n ${REQUIRED_LOCK_DAYS:-} ]]; then
    [[ $(header_in "$headers" x-ms-immutability-policy-mode) == [Ll]ocked ]] || die "$target must be under a locked policy, it is not"
    # The date has blanks: of the whole line.
    until=$(date -u -d "$(tr -d '\r' <"$headers" | sed -n 's/^x-ms-immutability-policy-until-date: //Ip' | tail -n 1)" +%s) || die "$target has no date its lock ends"
    least=$((EPOCHSECONDS + (REQUIRED_LOCK_DAYS - 1) * 86400))
    ((until >= least)) || die "$target must stay locked for $REQUIRED_LOCK_DAYS days, its lock ends $(date -u -d "@$until" +%FT%TZ)"
  fi
  rm -f "$headers"
  printf '%s\t%s\t%s\t%s\n' "${target#*/*/}" "$version" "$size" "$(sha256_of "$file")"
}

# blob_list ACCOUNT/CONTAINER PREFIX [WITH]: "<name>\t<version>\t<written, in seconds>\t<size>" of every blob below the
# prefix, oldest first; WITH is versions or deleted. A version that was written first is what its run wrote.
blob_list() {
  local marker='' page found query
  while :; do
    query="restype=container&comp=list&prefix=$(jq -rn --arg prefix "$2" '$prefix | @uri')${3:+&include=$3}"
    page=$(blob GET "$1?$query${marker:+&marker=$marker}") || return
    [[ $page == *'<EnumerationResults'* ]] || { log "blob $1: the list cannot be read" && return 1; }
    found=$(sed 's/<Blob>/\n&/g' <<<"$page" | sed -n 's/^<Blob>/&/p') || return 1
    while IFS= read -r line; do
      [[ -n $line ]] || continue
      printf '%s\t%s\t%s\t%s\n' "$(tag_of "$line" Name)" "$(tag_of "$line" VersionId)" \
        "$(date -u -d "$(tag_of "$line" Last-Modified)" +%s)" "$(tag_of "$line" Content-Length)"
    done <<<"$found"
    marker=$(tag_of "$page" NextMarker | jq -Rr @uri) || return 1
    [[ -n $marker ]] || break
  done | LC_ALL=C sort -t $'\t' -k 3,3n -k 1,1 -k 2,2
}

# tag_of XML NAME: the text of its first element of that name; names of our blobs have nothing that XML escapes.
tag_of() { if [[ $1 =~ \<$2\>([^<]*)\</$2\> ]]; then printf '%s' "${BASH_REMATCH[1]}"; fi; }
