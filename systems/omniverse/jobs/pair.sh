# shellcheck shell=bash
# shellcheck disable=SC2154 # assets.sh sets mirror, moment and TMPDIR
# A dump and a copy of the assets come back together or not at all, and people delete and rename files between the two. So a
# copy also holds what the newest dump refers to and the bucket no longer shows: its versions are there.

# A dump of the same turn may have ended by then: 02:50 at the latest, where the copy begins at 02:30.
: "${DUMP_WITHIN:=1200}" "${POLL_SECONDS:=15}"
whole DUMP_WITHIN

# newest_dump COPY: the line of the newest dump; waits for one that is newer than the point of the copy before, if any.
newest_dump() {
  local dump
  while :; do
    dump=$(dump_line '' now) || dump=''
    if [[ ${dump%% *} > $1 ]] || ((SECONDS >= DUMP_WITHIN)); then break; fi
    sleep "$POLL_SECONDS"
  done
  printf '%s' "$dump"
}

# bring "<version>\t<key>": that file into the mirror, as its row knows it; where the row knows no version or another, the
# last that the bucket had at $moment. One of which there never was any is a matter of the database, and said.
bring() {
  local wanted=${1%%$'\t'*} key=${1#*$'\t'} version file
  case /$key/ in *//* | */./* | */../*) log "the database refers to '$key', which cannot be the name of a file" && return 0 ;; esac
  version=$(aws s3api list-object-versions --region "$AWS_REGION" --output json --bucket "$ASSET_BUCKET" --prefix "$key" |
    jq -r --arg key "$key" --arg wanted "$wanted" --arg moment "${moment%Z}" '[.Versions[]? | select(.Key == $key)]
      | (map(select(.VersionId == $wanted)) | first) // (map(select(.LastModified[:19] <= $moment)) | reverse | sort_by(.LastModified) | last)
      | .VersionId // empty') || { log "the versions of $key cannot be listed" && return 1; }
  [[ -n $version ]] || { log "the database refers to $key, of which $ASSET_BUCKET has no version" && return 0; }
  file=$(mktemp "$TMPDIR/gone.XXXXXX") || return 1
  if aws s3api get-object --region "$AWS_REGION" --output json --bucket "$ASSET_BUCKET" --key "$key" --version-id "$version" "$file" >/dev/null &&
    mkdir -p "$(dirname "$mirror/$key")" && mv -f "$file" "$mirror/$key"; then return 0; fi
  log "$key cannot be brought as version $version"
  return 1
}

# complete DUMP_LINE: brings all that the dump refers to and the mirror lacks.
complete() {
  local work
  work=$(mktemp -d "$TMPDIR/pair.XXXXXX") || return 1
  PREFIX=$DATABASE_PREFIX EXPECTED=$EXPECTED_OF_DUMP fetch_manifest "$1" "$work/manifest.json"
  fetch_references "$work"
  find "$mirror" -type f -printf '%s\t%P\n' >"$work/files" || return 1
  missing_of "$work/references" "$work/files" >"$work/missing" || return 1
  LC_ALL=C awk -F'\t' -v OFS='\t' 'part == "missing" { gone[$0]; next } $1 in gone { print ($2 == "" ? "-" : $2), $1; delete gone[$1] }' \
    part=missing "$work/missing" part=references "$work/references" >"$work/gone"
  in_parallel bring <"$work/gone" || return 1
  if [[ -s $work/gone ]]; then log "$(wc -l <"$work/gone") files that dump ${1%% *} refers to were gone at $moment"; fi
  rm -rf "$work"
}
