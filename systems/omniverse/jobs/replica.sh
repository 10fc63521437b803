# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# The bucket of the other region becomes the one that is written to.

# shellcheck source=systems/omniverse/jobs/held.sh
source "$JOBS_DIR/held.sh"

# Calls of the region that may be lost end soon.
quickly() { AWS_MAX_ATTEMPTS=2 "$@" --cli-connect-timeout 5 --cli-read-timeout 30; }

# take_replica: which moment do the files here hold (held.sh)? Exactly, where the other bucket still answers. Else until a
# quarter of an hour before the last sign of life: the newest file that arrived, or the last that RDS carried here. Without
# the latter a quiet night would cost all of it.
take_replica() {
  local file newest first seen holds lost exact=false pending=null failed=null canary=$CANARY_FOLDER
  need PRIMARY_BUCKET PRIMARY_REGION
  file=$(date -u +%Y-%m-%dT%H:%M:%S)
  # Both at once: a list of millions takes many minutes.
  quickly list_versions "$PRIMARY_BUCKET" "$PRIMARY_REGION" "$lists/first" &
  first=$!
  list_versions "$ASSET_BUCKET" "$AWS_REGION" "$lists/all" || die "the bucket $ASSET_BUCKET cannot be listed"
  # A replica keeps version and time of what it is a copy of.
  newest=$(LC_ALL=C awk -F'\t' -v own="$CANARY_FOLDER" '$1 == "v" && index($2, own) != 1 && $4 "" > newest "" { newest = $4 } END { print newest }' "$lists/all")
  [[ -n $newest ]] || die "$ASSET_BUCKET is empty: nothing was ever replicated"
  seen=$(last_seen "$newest")
  : >"$lists/pending"
  if wait "$first"; then
    exact=true
    missing_spans "$lists/all" "$lists/first" >"$lists/spans"
    if [[ -n ${GO_ON_WITHOUT:-} ]]; then leave_out; fi
    holds=$(latest_held "$lists/spans" "$(date -u -d "${file}Z" +%s)")
    awk -F'\t' -v holds="$holds" '$2 > holds + 0' "$lists/spans" | LC_ALL=C sort -t $'\t' -k 1,1n >"$lists/pending"
    pending=$(wc -l <"$lists/pending")
    failed=$(failed_among "$lists/pending")
    if ((pending > 0)); then
      head -n 20 "$lists/pending" | while IFS=$'\t' read -r from _ key version; do log "not replicated: $key version $version of $(iso "$from")"; done
      log "$pending versions have not arrived, $failed of those that were looked at have failed: what is newer than $(iso "$holds") is given up, or wait and take again"
      cut -f 3 "$lists/pending" | LC_ALL=C sort -u >"$lists/keys"
      offer_without "$lists/keys"
    fi
  else
    holds=$((seen - $(seconds_of "$REPLICATED_WITHIN")))
    log "$PRIMARY_BUCKET does not answer: what was under way is unknown, and estimated"
  fi
  lost=$(lost_at "$seen")
  within_rpo "the files of $ASSET_BUCKET" "$holds" "$lost" "$(head -n 3 "$lists/pending" | cut -f 3 | paste -sd, | sed 's/,/, /g')"
  # Whether this site may write there, key included, shows only when it does.
  canary+=taken
  printf '%s\n' "$file" >"$RUN_DIR/taken"
  assets put-object --bucket "$ASSET_BUCKET" --key "$canary" --body "$RUN_DIR/taken" >/dev/null || die "$ASSET_BUCKET cannot be written to"
  jq -n --arg newest "${newest}Z" --arg holds "$(iso "$holds")" --arg lost "$(iso "$lost")" --argjson exact "$exact" \
    --argjson pending "$pending" --argjson failed "$failed" \
    '{newest: $newest, holds: $holds, lost: $lost, exact: $exact, pending: $pending, failed: $failed}'
}

# leave_out: spans of keys that somebody accepts to be without are in nobody's way.
leave_out() {
  cut -f 3 "$lists/spans" | LC_ALL=C sort -u >"$lists/keys"
  accept_without "$lists/keys" "$ASSET_BUCKET"
  LC_ALL=C awk -F'\t' 'part == "accepted" { out[$0]; next } !($3 in out)' part=accepted "$lists/accepted" part=spans "$lists/spans" >"$lists/left"
  mv "$lists/left" "$lists/spans"
}

# last_seen NEWEST: the last moment at which the first region is known to have stood.
last_seen() {
  local at carried
  at=$(date -u -d "${1}Z" +%s)
  if carried=$(newest_backup) && [[ -n $carried ]]; then
    carried=$(date -u -d "$(jq -r .RestoreWindow.LatestTime <<<"$carried")" +%s)
    if ((carried > at)); then at=$carried; fi
  fi
  printf '%d' "$at"
}

# failed_among FILE: how many of the first hundred S3 has given up.
failed_among() {
  local key version failed=0
  while IFS=$'\t' read -r _ _ key version; do
    if [[ $(quickly aws s3api head-object --region "$PRIMARY_REGION" --output json --bucket "$PRIMARY_BUCKET" --key "$key" --version-id "$version" |
      jq -r .ReplicationStatus) == FAILED ]]; then failed=$((failed + 1)); fi
  done < <(head -n 100 "$1")
  printf '%d' "$failed"
}

# verify_assets: what was brought back is what was to be brought back, and can be read.
verify_assets() {
  local bucket=$ASSET_BUCKET done_before read wrong=0
  done_before=$(result "$([[ $FROM == object-replica ]] && printf take || printf restore)") || exit 1
  if [[ $FROM == copies ]]; then bucket=$TARGET_BUCKET; fi
  list_versions "$bucket" "$AWS_REGION" "$lists/all" || die "the bucket $bucket cannot be listed"
  case $FROM in
    object-versions)
      as_of "$lists/all" "$(jq -r '.moment | rtrimstr("Z")' <<<"$done_before")" >"$lists/wanted"
      wrong=$(differing "$lists/all" "$lists/wanted" "$(jq -r .began <<<"$done_before")" | wc -l)
      ((wrong == 0)) || die "$wrong files of $bucket are not as they were at $(jq -r .moment <<<"$done_before"): start the step restore again"
      ;;
    copies)
      read=$(LC_ALL=C awk -F'\t' '$1 == "v" && $6 == "True" { files++; bytes += $5 } END { printf "%d %d", files, bytes }' "$lists/all")
      [[ $read == "$(jq -r '"\(.files) \(.bytes)"' <<<"$done_before")" ]] ||
        die "$bucket holds $read files and bytes, the snapshot $(jq -r '"\(.files) \(.bytes)"' <<<"$done_before")"
      ;;
  esac
  read=$(read_sample "$bucket") || exit 1
  jq --argjson read "$read" '{moment: (.moment // .holds), read: $read}' <<<"$done_before"
}
