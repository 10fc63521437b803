# shellcheck shell=bash
# shellcheck disable=SC2153 # the program declares STORE and PREFIX
# Exports as restore points below STORE/PREFIX: content/<moment>.<part>, and last of all points/<moment>.json, which names
# every part with its version and checksum. Nothing here acts until it is called.

: "${PART_BYTES:=268435456}" # far below what one call takes

# point_put DIR COUNTS: packs a folder into a point, locked and read back; COUNTS is JSON that says what is in it. Prints
# the moment. Only its manifest, written last, makes a point: a run that ends early leaves none.
point_put() {
  local work capture number bytes
  capture=$(stamp now)
  work=$(mktemp -d "$SCRATCH_DIR/point.XXXXXX") || return 1
  tar --sort=name --owner=0 --group=0 --numeric-owner -C "$1" -cf - . | gzip -n >"$work/archive" || return 1
  bytes=$(stat -c %s "$work/archive")
  : >"$work/parts"
  for ((number = 0; number == 0 || number * PART_BYTES < bytes; number++)); do
    tail -c "+$((number * PART_BYTES + 1))" "$work/archive" | head -c "$PART_BYTES" >"$work/part" || true # head leaves early
    blob_put "$work/part" "$(printf '%s/%s/content/%s.%04d' "$STORE" "$PREFIX" "$capture" "$number")" >>"$work/parts" || return 1
  done
  jq -n --rawfile parts "$work/parts" --argjson counts "$2" --arg asset "$ASSET" --arg point "$capture" \
    --arg ended "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --argjson bytes "$bytes" '{format: 1, $asset, $point, $ended, $counts, $bytes,
      parts: [$parts | split("\n")[] | select(. != "") | split("\t")
      | {name: .[0], version: .[1], size: (.[2] | tonumber), sha256: .[3]}]}' >"$work/manifest.json" || return 1
  blob_put "$work/manifest.json" "$STORE/$PREFIX/points/$capture.json" >/dev/null || return 1
  rm -rf "$work"
  printf '%s\n' "$capture"
}

# points: lines "<moment> <version>", oldest first. The first version of a manifest is the one that its run wrote: what
# somebody writes over it later is another. Its name is whatever the writer chose, when it was written Azure says: after an
# intrusion WRITTEN_BEFORE (in seconds) leaves out what hostile hands may have written since.
points() {
  blob_list "$STORE" "$PREFIX/points/" versions | awk -F '\t' -v limit="${WRITTEN_BEFORE:-}" '
    { name = $1; sub(/.*\//, "", name); sub(/\.json$/, "", name) }
    !(name in seen) { seen[name] = 1; if (limit == "" || $3 + 0 <= limit + 0) print name " " $2 }' |
    { grep -E '^[0-9]{8}T[0-9]{6}\.[0-9]{3}Z ' || true; } | LC_ALL=C sort
}

# point_before MOMENT: the line of the newest point not later than it (anything `date -d` reads); fails where none is.
point_before() {
  local limit
  limit=$(stamp "$1") || die "cannot read the time '$1'"
  points | LC_ALL=C awk -v limit="$limit" '$1 "" <= limit "" { found = $0 } END { if (found) print found; else exit 1 }'
}

# point_fetch "<moment> <version>" DIR: brings a point back into a folder, every part as its manifest says; leaves the
# manifest in DIR.json.
point_fetch() {
  local moment=${1%% *} version=${1##* } part name size sum
  [[ $moment != "$version" ]] || version=''
  blob GET "$STORE/$PREFIX/points/$moment.json${version:+?versionid=$version}" >"$2.json" || die "the manifest of point $moment cannot be read"
  jq -e --arg point "$moment" --arg asset "$ASSET" '.format == 1 and .point == $point and .asset == $asset and (.parts | length > 0)' "$2.json" >/dev/null ||
    die "the manifest of point $moment is not valid"
  : >"$2.archive"
  while IFS=$'\t' read -r name version size sum; do
    part=$2.part
    blob GET "$STORE/$name${version:+?versionid=$version}" >"$part" || die "part $name of point $moment cannot be read"
    [[ $(stat -c %s "$part") == "$size" && $(sha256_of "$part") == "$sum" ]] || die "part $name of point $moment is not what was written"
    cat "$part" >>"$2.archive"
    rm -f "$part"
  done < <(jq -r '.parts[] | [.name, .version, .size, .sha256] | @tsv' "$2.json")
  mkdir -p "$2"
  tar -C "$2" -xzf "$2.archive" || die "point $moment cannot be unpacked"
  rm -f "$2.archive"
}
