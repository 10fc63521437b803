# shellcheck shell=bash
# shellcheck disable=SC2154 # objects.sh sources it
# Nucleus reads a file by its key, and so its newest version; the database remembers the version that it wrote. A file that
# is copied back gets another, and the old one expires. Which versions a file stands for is noted in the bucket itself, from
# where it gets to the other region as files do: an object for each run, which nothing writes over.

: "${CANARY_FOLDER:=.holdfast/}"
: "${NOTES_FOLDER:=${CANARY_FOLDER}notes/}"

# read_notes BUCKET: from the list in $lists/all, to $lists/notes: lines "<key>\t<version>\t<version that stands for it>", or
# "-" for the last where somebody has given the file up. One that cannot be read excuses nothing.
read_notes() {
  local key version
  : >"$lists/notes"
  LC_ALL=C awk -F'\t' -v OFS='\t' -v folder="$NOTES_FOLDER" '$1 == "v" && index($2, folder) == 1 { print $2, $3 }' "$lists/all" >"$lists/noting"
  while IFS=$'\t' read -r key version; do
    if assets get-object --bucket "$1" --key "$key" --version-id "$version" "$lists/note" >/dev/null; then
      cat "$lists/note" >>"$lists/notes"
    else
      log "$key of $1 cannot be read: the files that it notes count as missing"
    fi
  done <"$lists/noting"
  rm -f "$lists/note"
}

# write_note: the lines of stdin that $lists/notes does not have.
write_note() {
  local key
  key=$NOTES_FOLDER$(stamp now)
  LC_ALL=C sort -u | LC_ALL=C comm -23 - <(LC_ALL=C sort -u "$lists/notes") >"$lists/unnoted"
  [[ -s $lists/unnoted ]] || return 0
  assets put-object --bucket "$ASSET_BUCKET" --key "$key" --body "$lists/unnoted" >/dev/null ||
    die "$key of $ASSET_BUCKET cannot be written: without it the files that were copied count as missing; start the step again"
  log "$(wc -l <"$lists/unnoted") versions are noted in $key"
}
