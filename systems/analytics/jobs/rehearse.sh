# shellcheck shell=bash
# shellcheck disable=SC2034 # warehouse is read by ask
# What verifications and drills read of each asset; nothing here acts until it is called. Each prints JSON with ageSeconds.

# chosen_exports: the newest point, and one older by chance inside KEPT_DAYS.
chosen_exports() {
  local all older oldest
  all=$(points) && [[ -n $all ]] || die "$STORE/$PREFIX has no export"
  oldest=$(stamp "$KEPT_DAYS days ago")
  tail -n 1 <<<"$all"
  mapfile -t older < <(head -n -1 <<<"$all" | LC_ALL=C awk -v oldest="$oldest" '$1 "" >= oldest ""')
  if ((${#older[@]} > 0)); then printf '%s\n' "${older[${RANDOM_POINT:-$RANDOM} % ${#older[@]}]}"; fi
}

# whole_export DIR: every file of it can be read, and it holds something.
whole_export() {
  local file count=0
  for file in "$1"/*; do
    case $file in
      *.json) jq -e 'length > 0 or . == []' "$file" >/dev/null || die "${file##*/} of the export is no JSON" ;;
      *.gz) gzip -t "$file" || die "${file##*/} of the export cannot be read" ;;
    esac
    count=$((count + 1))
  done
  ((count > 0)) || die "the export is empty"
  jq -e '[.counts | .. | numbers] | add > 0' "$1.json" >/dev/null || die "the export says that it holds nothing"
}

read_exports() {
  local line newest='' read=()
  chosen_exports >"$work/chosen"
  while IFS= read -r line; do
    [[ -n $newest ]] || newest=${line%% *}
    rm -rf "$work/point"
    point_fetch "$line" "$work/point" </dev/null
    whole_export "$work/point"
    read+=("${line%% *}")
  done <"$work/chosen"
  printf '%s\n' "${read[@]}" | jq -Rn --argjson age "$((EPOCHSECONDS - $(epoch_of "$newest")))" '{points: [inputs], ageSeconds: $age}'
}

# read_clones: every clone in both accounts can be read where it lies, with the rows that its run noted.
read_clones() {
  local account clones table captured version wanted listed oldest=$EPOCHSECONDS rows count=0
  warehouse=$(warehouse_up) || exit 1
  for account in $COPY $LOCKED; do
    clones=$(clones_in "$account") || exit 1
    while read -r table captured version wanted listed _; do
      # One that was never cloned is as old as the first run that found it.
      if [[ $captured == - ]]; then captured=$listed version=''; fi
      if ((captured < oldest)); then oldest=$captured; fi
      [[ -n $version ]] || continue
      rows=$(ask "SELECT count(*) AS rows FROM $(clone_in "$account" "$table" "$version")" </dev/null | jq -re '.[0].rows | tonumber') ||
        die "$table in $account cannot be read"
      ((rows == wanted)) || die "$table in $account has $rows rows, its run noted $wanted"
      count=$((count + 1))
    done <<<"$clones"
  done
  jq -n --argjson tables "$count" --argjson age "$((EPOCHSECONDS - oldest))" '{$tables, ageSeconds: $age}'
}

# read_captured: each namespace has written a file for every partition of its last window.
read_captured() {
  local namespace newest oldest=$EPOCHSECONDS hour
  for namespace in $NAMESPACES; do
    newest=0
    # By partition, then by hour: the last file of each must be young, or Capture has stopped for it.
    for ((partition = 0; partition < PARTITIONS; partition += SAMPLED)); do
      hour=0
      for moment in now '1 hour ago'; do
        hour=$(blob_list "$STORE" "$namespace/$TOPIC/$partition/$(date -u -d "$moment" +%Y/%m/%d/%H)/" | awk -F '\t' '$3 > newest { newest = $3 } END { print newest + 0 }') || die "what was captured of $namespace cannot be listed"
        ((hour == 0)) || break
      done
      ((hour > 0)) || die "nothing was captured of partition $partition of $namespace for an hour"
      if ((hour < oldest)); then oldest=$hour; fi
    done
  done
  jq -n --argjson age "$((EPOCHSECONDS - oldest))" '{ageSeconds: $age}'
}
