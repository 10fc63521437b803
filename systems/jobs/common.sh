# shellcheck shell=bash
# What the jobs of every system share; nothing here acts until it is called.

: "${RUN_DIR:=/tmp}" "${TRANSFER_JOBS:=8}"
export AWS_PAGER=""
# aws and kubectl keep caches in the home folder, which the read-only root file system does not have.
[[ -w ${HOME:-/nonexistent} ]] || export HOME=$RUN_DIR

log() { printf '%s %s: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "${0##*/}" "$*" >&2; }
die() {
  log "error: $*"
  exit 1
}

# need NAME...: each variable is set and not empty.
need() {
  local name
  for name in "$@"; do [[ -n ${!name:-} ]] || die "$name must be set"; done
}

# whole NAME...: each variable is a whole number.
whole() {
  local name
  need "$@"
  for name in "$@"; do [[ ${!name} =~ ^[0-9]+$ ]] || die "$name must be a whole number, got '${!name}'"; done
}

# seconds_of 45s: a duration in seconds; fails on anything else.
seconds_of() {
  [[ ${1:-} =~ ^([0-9]+)([smhd])$ ]] || return 1
  local -A unit=([s]=1 [m]=60 [h]=3600 [d]=86400)
  printf '%d' "$((10#${BASH_REMATCH[1]} * ${unit[${BASH_REMATCH[2]}]}))"
}

# Sortable as text, and fine enough that two runs never share a name.
stamp() { date -u -d "$1" +%Y%m%dT%H%M%S.%3NZ; }
iso_of() { printf '%s-%s-%sT%s:%s:%s' "${1:0:4}" "${1:4:2}" "${1:6:2}" "${1:9:2}" "${1:11:2}" "${1:13}"; }
epoch_of() { date -u -d "$(iso_of "$1")" +%s; }

sha256_of() { sha256sum "$1" | cut -d ' ' -f 1; }
bytes_free() { df -B1 --output=avail "$1" | tail -n 1 | tr -d ' '; }

# in_parallel FUNCTION: runs it once for each line of stdin, at most TRANSFER_JOBS at a time; fails when one failed.
in_parallel() {
  local line failed=0 pids=()
  while IFS= read -r line; do
    # By id and not `wait -n`, which loses a child that ended before it was called.
    if ((${#pids[@]} >= TRANSFER_JOBS)); then
      wait "${pids[0]}" || failed=1
      pids=("${pids[@]:1}")
    fi
    "$1" "$line" </dev/null &
    pids+=("$!")
  done
  for line in "${pids[@]}"; do wait "$line" || failed=1; done
  return "$failed"
}

s3() { aws s3api --region "$BUCKET_REGION" --output json "$@"; }

# put FILE KEY: uploads one object and reads it back: checksum, size and lock. Prints "<key>\t<version>\t<size>\t<sha256>".
put() {
  local file=$1 key=$2 sum size version seen until least
  sum=$(openssl dgst -sha256 -binary "$file" | base64 -w 0) || return 1
  size=$(stat -c %s "$file") || return 1
  version=$(s3 put-object --bucket "$BUCKET" --key "$key" --body "$file" --checksum-algorithm SHA256 \
    --checksum-sha256 "$sum" --query VersionId --output text) || die "cannot write $key"
  [[ -n $version && $version != None ]] || die "$key has no version: the bucket keeps none, so it cannot lock"
  seen=$(s3 head-object --bucket "$BUCKET" --key "$key" --version-id "$version" --checksum-mode ENABLED \
    --query '[ChecksumSHA256,ContentLength,ObjectLockMode,ObjectLockRetainUntilDate]' --output text) || die "cannot read $key back"
  read -ra seen <<<"$seen"
  [[ ${seen[0]} == "$sum" && ${seen[1]} == "$size" ]] || die "$key in the bucket is not what was sent"
  [[ ${seen[2]} == COMPLIANCE ]] || die "$key must be locked in COMPLIANCE mode, got ${seen[2]}"
  until=$(date -u -d "${seen[3]}" +%s) || die "$key has no date its lock ends"
  least=$((EPOCHSECONDS + (REQUIRED_LOCK_DAYS - 1) * 86400))
  ((until >= least)) || die "$key must stay locked for $REQUIRED_LOCK_DAYS days, its lock ends ${seen[3]}"
  printf '%s\t%s\t%s\t%s\n' "$key" "$version" "$size" "$(printf '%s' "$sum" | base64 -d | od -An -v -tx1 | tr -d ' \n')"
}

# Lines "<capture> <version>", oldest first. The first version of a manifest is the one its run wrote. Its name and what it
# says are whatever the writer chose; when it was written S3 says. After an intrusion WRITTEN_BEFORE (anything `date -d`
# reads) leaves out what hostile hands may have written since, under whatever name.
list_points() {
  local limit=''
  if [[ -n ${WRITTEN_BEFORE:-} ]]; then limit=$(date -u -d "$WRITTEN_BEFORE" +%FT%T) || die "cannot read the time '$WRITTEN_BEFORE'"; fi
  s3 list-object-versions --bucket "$BUCKET" --prefix "$PREFIX/points/" | jq -r --arg limit "$limit" '
    [.Versions[]?] | group_by(.Key)[] | (reverse | sort_by(.LastModified) | first)
    | select($limit == "" or .LastModified[:19] <= $limit)
    | "\(.Key | split("/") | last | rtrimstr(".json")) \(.VersionId)"' |
    grep -E '^[0-9]{8}T[0-9]{6}\.[0-9]{3}Z ' | LC_ALL=C sort
}

# newest_point BEFORE: the line of the newest point not later than BEFORE (anything `date -d` reads).
newest_point() { list_points | newest_of "$1"; }

# newest_of BEFORE: the same of the lines on stdin. What a writer with a clock ahead has made hides nothing that comes later.
newest_of() {
  local limit
  limit=$(stamp "$1") || die "cannot read the time '$1'"
  LC_ALL=C awk -v limit="$limit" '$1 "" <= limit "" { found = $0 } END { if (found) print found; else exit 1 }'
}

# push ROLE: sends the metrics on stdin to the Pushgateway. The role is part of the group,
# otherwise an incremental's push would replace the full's series.
push() {
  local instance
  instance=$(printf '%s' "$ASSET" | base64 -w 0 | tr '+/' '-_' | tr -d '=')
  curl --silent --show-error --fail --max-time 10 --retry 3 --retry-connrefused --data-binary @- \
    "$PUSHGATEWAY_URL/metrics/job/holdfast/instance@base64/$instance/role/$1" >&2 ||
    die "the Pushgateway did not take the metrics: what this run did is not visible to the alerts"
}
