# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# The assets, as versions of objects. Old versions are copied over newer ones; no version and no object is ever deleted.

# shellcheck source=systems/omniverse/jobs/notes.sh
source "$JOBS_DIR/notes.sh"

: "${COPY_LIMIT:=5368709120}" "${COPY_PART:=1073741824}" "${SAMPLE:=20}" "${READ_BYTES:=1048576}"

# Lists of all versions are larger than what a pod may take of its node: they lie on the disk that is mounted for them, with
# all that sort puts down.
lists=$RUN_DIR
if [[ -d $SCRATCH_DIR && -w $SCRATCH_DIR ]]; then
  lists=$SCRATCH_DIR
  export TMPDIR=$SCRATCH_DIR
fi

assets() { aws s3api --region "$AWS_REGION" --output json "$@"; }

# list_versions BUCKET REGION FILE [OPTION...]: lines "v <key> <version> <modified> <size> <newest>" and, for delete
# markers, "m <key> <version> <modified> - <newest>", fields between tabs. As text, because it comes page by page.
list_versions() {
  aws s3api list-object-versions --region "$2" --bucket "$1" --output text "${@:4}" \
    --query '[Versions[].[Key,VersionId,LastModified,Size,IsLatest],DeleteMarkers[].[Key,VersionId,LastModified,IsLatest]]' >"$3.raw" || return 1
  LC_ALL=C awk -F'\t' -v OFS='\t' 'NF == 5 { print "v", $1, $2, substr($3, 1, 19), $4, $5; next }
    NF == 4 { print "m", $1, $2, substr($3, 1, 19), "-", $4; next }
    $0 != "None" && $0 != "" { exit 1 }' "$3.raw" >"$3" || { log "a key of $1 holds a tab or the end of a line" && return 1; }
  rm -f "$3.raw"
}

# as_of LIST MOMENT: lines "<key>\t<version>\t<size>" of what was there at that moment, given as 2026-11-21T03:04:00.
# Written and deleted within one second counts as there: too much can be deleted again.
as_of() {
  LC_ALL=C awk -F'\t' -v OFS='\t' -v limit="$2" '$4 "" <= limit "" {
      if (!($2 in at) || $4 "" > at[$2] "" || ($4 == at[$2] && kind[$2] == "m" && $1 == "v")) { at[$2] = $4; kind[$2] = $1; line[$2] = $2 OFS $3 OFS $5 }
    } END { for (key in line) if (kind[key] == "v") print line[key] }' "$1" | LC_ALL=C sort
}

# differing LIST WANTED BEGAN: lines of WANTED whose newest version is another one. What was written with the same size
# since BEGAN was written by this recovery: the service stood.
differing() {
  LC_ALL=C awk -F'\t' -v began="$3" 'FILENAME == ARGV[1] { if ($6 == "True") { version[$2] = $3; at[$2] = $4; size[$2] = $5 } next }
    version[$1] != $2 && !(at[$1] "" >= began "" && size[$1] == $3)' "$1" "$2"
}

# copy_back LINE: that version becomes the newest again; its number goes to $lists/copied, as the list has it, with the old one.
copy_back() {
  local key version size now
  IFS=$'\t' read -r key version size <<<"$1"
  if ((size > COPY_LIMIT)); then
    now=$(copy_parts "$key" "$version" "$size")
  else
    now=$(assets copy-object --bucket "$ASSET_BUCKET" --key "$key" --copy-source "${SOURCE_BUCKET:-$ASSET_BUCKET}/$key?versionId=$version" | jq -re .VersionId)
  fi || { log "$key cannot be brought back to version $version" && return 1; }
  printf 'v\t%s\t%s\t%s\t%s\tTrue\t%s\n' "$key" "$now" "$(date -u +%Y-%m-%dT%H:%M:%S)" "$size" "$version" >>"$lists/copied"
}

# copy_all FILE: its lines, and $lists/all with what has become of them: a list of millions takes many minutes to make anew.
copy_all() {
  local failed=0
  : >"$lists/copied"
  in_parallel copy_back <"$1" || failed=1
  LC_ALL=C awk -F'\t' -v OFS='\t' 'part == "copied" { now[$2]; print; next } $2 in now { $6 = "False" } { print }' \
    part=copied "$lists/copied" part=all "$lists/all" >"$lists/after" && mv "$lists/after" "$lists/all" && return "$failed"
}

# copy_parts KEY VERSION SIZE: S3 copies no more than 5 GiB in one call.
copy_parts() {
  local head upload tag from to number=0 parts='[]'
  head=$(AWS_REGION=${SOURCE_REGION:-$AWS_REGION} assets head-object --bucket "${SOURCE_BUCKET:-$ASSET_BUCKET}" --key "$1" --version-id "$2") || return 1
  upload=$(assets create-multipart-upload --bucket "$ASSET_BUCKET" --key "$1" --content-type "$(jq -r '.ContentType // "binary/octet-stream"' <<<"$head")" \
    --metadata "$(jq -c '.Metadata // {}' <<<"$head")" | jq -r .UploadId) || return 1
  for ((from = 0; from < $3; from = to + 1)); do
    to=$((from + COPY_PART - 1 < $3 ? from + COPY_PART - 1 : $3 - 1)) number=$((number + 1))
    tag=$(assets upload-part-copy --bucket "$ASSET_BUCKET" --key "$1" --upload-id "$upload" --part-number "$number" \
      --copy-source "${SOURCE_BUCKET:-$ASSET_BUCKET}/$1?versionId=$2" --copy-source-range "bytes=$from-$to" | jq -r .CopyPartResult.ETag) || return 1
    parts=$(jq -c --arg tag "$tag" --argjson number "$number" '. + [{ETag: $tag, PartNumber: $number}]' <<<"$parts")
  done
  assets complete-multipart-upload --bucket "$ASSET_BUCKET" --key "$1" --upload-id "$upload" --multipart-upload "{\"Parts\":$parts}" | jq -re .VersionId
}

# restore_versions: every file as it was at RESTORE_BEFORE. Files that came later stay: nothing refers to them.
restore_versions() {
  local at moment began begun changed failed=0
  at=$(asked) || exit 1
  moment=$(iso "$at")
  if [[ -n ${KEPT_DAYS:-} ]]; then
    ((at >= EPOCHSECONDS - KEPT_DAYS * 86400)) || die "RESTORE_BEFORE must not be more than $KEPT_DAYS days ago: replaced versions are kept no longer, got $moment"
  fi
  no_pods || die "pods labelled $SERVICE_LABEL are running: they would write between the copies"
  begun=$(noted "$path.begun")
  if [[ -n $begun && $(jq -r .moment <<<"$begun") == "$moment" ]]; then
    began=$(jq -r .began <<<"$begun")
  else
    began=$(date -u +%Y-%m-%dT%H:%M:%S)
    note "$path.begun" "$(jq -cn --arg moment "$moment" --arg began "$began" '{moment: $moment, began: $began}')"
  fi
  list_versions "$ASSET_BUCKET" "$AWS_REGION" "$lists/all" || die "the bucket $ASSET_BUCKET cannot be listed"
  as_of "$lists/all" "${moment%Z}" >"$lists/wanted"
  [[ -s $lists/wanted ]] || die "$ASSET_BUCKET held nothing at $moment: is RESTORE_BEFORE right?"
  differing "$lists/all" "$lists/wanted" "$began" >"$lists/changed"
  changed=$(wc -l <"$lists/changed")
  log "$changed of $(wc -l <"$lists/wanted") files are not as they were at $moment"
  copy_all "$lists/changed" || failed=1
  note_restored "${moment%Z}" "$began"
  ((failed == 0)) || die "not every file was brought back; start the step again, what is done is not done twice"
  jq -n --arg moment "$moment" --arg began "$began" --argjson files "$(wc -l <"$lists/wanted")" --argjson changed "$changed" \
    '{moment: $moment, began: $began, files: $files, changed: $changed}'
}

# note_restored MOMENT BEGAN: of what is back, also of a run that was ended, every version that it had until MOMENT: the
# database may come back to an earlier one.
note_restored() {
  read_notes "$ASSET_BUCKET"
  differing "$lists/all" "$lists/wanted" 9 >"$lists/replaced"
  LC_ALL=C awk -F'\t' -v OFS='\t' -v own="$CANARY_FOLDER" -v limit="$1" -v began="$2" '
    part == "replaced" { if (index($1, own) != 1) size[$1] = $3; next }
    $1 != "v" || !($2 in size) { next }
    part == "now" { if ($6 == "True" && $4 "" >= began "" && $5 == size[$2]) now[$2] = $3; next }
    $2 in now && $3 != now[$2] && $4 "" <= limit "" { print $2, $3, now[$2] }' \
    part=replaced "$lists/replaced" part=now "$lists/all" part=then "$lists/all" | write_note
}

# read_sample BUCKET: the beginning of some files; a key that this site may not use shows here and nowhere else.
read_sample() {
  local key version size seen least
  LC_ALL=C awk -F'\t' -v OFS='\t' -v own="$CANARY_FOLDER" '$1 == "v" && $6 == "True" && $5 > 0 && index($2, own) != 1 { print $2, $3, $5 }' "$lists/all" | shuf -n "$SAMPLE" >"$lists/sample"
  while IFS=$'\t' read -r key version size; do
    assets get-object --bucket "$1" --key "$key" --version-id "$version" --range "bytes=0-$((READ_BYTES - 1))" "$lists/read" >/dev/null ||
      die "$key cannot be read from $1"
    seen=$(stat -c %s "$lists/read") least=$((size < READ_BYTES ? size : READ_BYTES))
    rm -f "$lists/read"
    ((seen == least)) || die "$seen bytes of $key were read from $1, not $least"
  done <"$lists/sample"
  wc -l <"$lists/sample"
}
