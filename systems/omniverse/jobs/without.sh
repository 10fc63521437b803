# shellcheck shell=bash
# shellcheck disable=SC2154 # metadata.sh sources it
# One file that never arrived must not keep a region from coming back: GO_ON_WITHOUT in omniverse-incident names the keys
# that somebody accepts to be without. Names and not a number: nobody accepts what nobody has seen.

# said_without: the keys, a line each.
said_without() {
  jq -re 'arrays | select(length > 0 and all(.[]; type == "string" and test("^[^\t\n]+$"))) | .[]' <<<"$GO_ON_WITHOUT" 2>/dev/null | LC_ALL=C sort -u ||
    die "GO_ON_WITHOUT must be a list of keys in JSON such as [\"projects/a.usd\"], got '$GO_ON_WITHOUT'"
}

# offer_without FILE: says how the keys in it are accepted, where they are so few that somebody can look at each.
offer_without() {
  (($(wc -l <"$1") <= 20)) || return 0
  log "where these can never come, to go on without them and lose nothing else: GO_ON_WITHOUT=$(jq -Rnr '[inputs] | tojson | @sh' "$1")"
}

# accept_without FILE BUCKET: takes the keys that are accepted out of FILE, sorted lines of a key, to $lists/accepted.
accept_without() {
  said_without >"$lists/without"
  LC_ALL=C comm -12 "$1" "$lists/without" >"$lists/accepted"
  LC_ALL=C comm -23 "$1" "$lists/without" >"$lists/left"
  mv "$lists/left" "$1"
  # What take has accepted may be there in an older version; what neither is there nor referred to does no harm.
  noted assets.object-replica.take | jq -r '.without[]?' | cat - "$lists/accepted" >"$lists/known"
  LC_ALL=C awk -F'\t' 'part == "without" { wanted[$0]; next } part == "known" { delete wanted[$0]; next }
    $1 == "v" && $6 == "True" && $2 in wanted { print $2 }' \
    part=without "$lists/without" part=known "$lists/known" part=all "$lists/all" >"$lists/there"
  [[ ! -s $lists/there ]] || die "GO_ON_WITHOUT must name only what is missing, and $2 holds $(head -n 3 "$lists/there" | paste -sd, | sed 's/,/, /g')"
  if [[ -s $lists/accepted ]]; then log "going on without $(wc -l <"$lists/accepted") files, as GO_ON_WITHOUT says: $(paste -sd' ' "$lists/accepted")"; fi
}

# give_up: notes the rows whose files are accepted to be gone: later looks at them, at either site, must not begin anew.
give_up() {
  LC_ALL=C awk -F'\t' -v OFS='\t' 'part == "accepted" { gone[$0]; next } $1 in gone { print $1, $2, "-" }' \
    part=accepted "$lists/accepted" part=rows "$lists/rows" | write_note
}
