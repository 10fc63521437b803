# shellcheck shell=bash
# Which moments of one bucket another one holds. A moment is held when, for every key, the version that the first bucket
# had then is in the other one, by its number. A key that was not there, or was deleted, asks for nothing; so a version
# that never arrived stands in the way from when it was written until it was replaced, and not for ever after.
# S3 tells whole seconds: both ends count as not held.

: "${CANARY_FOLDER:=.holdfast/}"

# missing_spans COPY ORIGINAL: lines "<from>\t<until>\t<key>\t<version>" of what the lists say is not in the copy, seconds,
# the latest until first. What the jobs write to try a bucket is no file of anybody.
missing_spans() {
  LC_ALL=C awk -F'\t' -v OFS='\t' -v own="$CANARY_FOLDER" '
    function epoch(t,  y, m) {
      y = substr(t, 1, 4) + 0; m = substr(t, 6, 2) + 0
      if (m < 3) { y--; m += 12 }
      return (365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m - 457) / 5) + substr(t, 9, 2) - 719469) * 86400 \
        + substr(t, 12, 2) * 3600 + substr(t, 15, 2) * 60 + substr(t, 18, 2)
    }
    index($2, own) == 1 { next }
    part == "copy" { if ($1 == "v") here[$2 FS $3]; next }
    part == "original" {
      if ($1 == "v") {
        if (!(($2 FS $3) in here)) {
          lacks[$2]; from[++count] = epoch($4); key[count] = $2; version[count] = $3
          # Versions of a key are listed newest first: this one was replaced within its own second.
          if ($6 != "True") passed[count] = ($2 FS $4 == before)
        }
        before = $2 FS $4
      }
      next
    }
    # Once more, for what came after: a version or a marker.
    $2 in lacks { times[$2] = times[$2] " " epoch($4) }
    END {
      for (i = 1; i <= count; i++) {
        until = 9999999999
        parts = split(times[key[i]], time, " ")
        for (j = 1; j <= parts; j++) if (time[j] > from[i] && time[j] + 0 < until) until = time[j] + 0
        if (i in passed && (passed[i] || until == 9999999999)) until = from[i]
        printf "%.0f\t%.0f\t%s\t%s\n", from[i], until, key[i], version[i]
      }
    }' part=copy "$1" part=original "$2" part=after "$2" | LC_ALL=C sort -t $'\t' -k 2,2nr -k 1,1n -k 3
}

# latest_held SPANS NOW: the latest second not after NOW that no span covers.
latest_held() {
  LC_ALL=C awk -F'\t' -v at="$2" '$2 + 0 < at + 0 { exit } $1 + 0 <= at + 0 { at = $1 - 1 } END { printf "%.0f", at }' "$1"
}
