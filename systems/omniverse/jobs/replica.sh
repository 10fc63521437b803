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
  local file newest seen holds lost exact=false pending=null failed=null canary=$CANARY_FOLDER
  need PRIMARY_BUCKET PRIMARY_REGION
  list_versions "$ASSET_BUCKET" "$AWS_REGION" "$RUN_DIR/all" || die "the bucket $ASSET_BUCKET cannot be listed"
  # A replica keeps version and time of what it is a copy of.
  newest=$(LC_ALL=C awk -F'\t' -v own="$CANARY_FOLDER" '$1 == "v" && index($2, own) != 1 && $4 "" > newest "" { newest = $4 } END { print newest }' "$RUN_DIR/all")
  [[ -n $newest ]] || die "$ASSET_BUCKET is empty: nothing was ever replicated"
  file=$(date -u +%Y-%m-%dT%H:%M:%S)
  seen=$(last_seen "$newest")
  : >"$RUN_DIR/pending"
  if quickly list_versions "$PRIMARY_BUCKET" "$PRIMARY_REGION" "$RUN_DIR/first"; then
    exact=true
    missing_spans "$RUN_DIR/all" "$RUN_DIR/first" >"$RUN_DIR/spans"
    holds=$(latest_held "$RUN_DIR/spans" "$(date -u -d "${file}Z" +%s)")
    awk -F'\t' -v holds="$holds" '$2 > holds + 0' "$RUN_DIR/spans" | LC_ALL=C sort -t $'\t' -k 1,1n >"$RUN_DIR/pending"
    pending=$(wc -l <"$RUN_DIR/pending")
    failed=$(failed_among "$RUN_DIR/pending")
    if ((pending > 0)); then
      head -n 20 "$RUN_DIR/pending" | while IFS=$'\t' read -r from _ key version; do log "not replicated: $key version $version of $(iso "$from")"; done
      log "$pending versions have not arrived, $failed of those that were looked at have failed: what is newer than $(iso "$holds") is given up, or wait and take again"
    fi
  else
    holds=$((seen - $(seconds_of "$REPLICATED_WITHIN")))
    log "$PRIMARY_BUCKET does not answer: what was under way is unknown, and estimated"
  fi
  lost=$(lost_at "$seen")
  within_rpo "the files of $ASSET_BUCKET" "$holds" "$lost" "$(head -n 3 "$RUN_DIR/pending" | cut -f 3 | paste -sd, | sed 's/,/, /g')"
  # Whether this site may write there, key included, shows only when it does.
  canary+=taken
  printf '%s\n' "$file" >"$RUN_DIR/taken"
  assets put-object --bucket "$ASSET_BUCKET" --key "$canary" --body "$RUN_DIR/taken" >/dev/null || die "$ASSET_BUCKET cannot be written to"
  jq -n --arg newest "${newest}Z" --arg holds "$(iso "$holds")" --arg lost "$(iso "$lost")" --argjson exact "$exact" \
    --argjson pending "$pending" --argjson failed "$failed" \
    '{newest: $newest, holds: $holds, lost: $lost, exact: $exact, pending: $pending, failed: $failed}'
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
  list_versions "$bucket" "$AWS_REGION" "$RUN_DIR/all" || die "the bucket $bucket cannot be listed"
  case $FROM in
    object-versions)
      as_of "$RUN_DIR/all" "$(jq -r '.moment | rtrimstr("Z")' <<<"$done_before")" >"$RUN_DIR/wanted"
      wrong=$(differing "$RUN_DIR/all" "$RUN_DIR/wanted" "$(jq -r .began <<<"$done_before")" | wc -l)
      ((wrong == 0)) || die "$wrong files of $bucket are not as they were at $(jq -r .moment <<<"$done_before"): start the step restore again"
      ;;
    copies)
      read=$(LC_ALL=C awk -F'\t' '$1 == "v" && $6 == "True" { files++; bytes += $5 } END { printf "%d %d", files, bytes }' "$RUN_DIR/all")
      [[ $read == "$(jq -r '"\(.files) \(.bytes)"' <<<"$done_before")" ]] ||
        die "$bucket holds $read files and bytes, the snapshot $(jq -r '"\(.files) \(.bytes)"' <<<"$done_before")"
      ;;
  esac
  read=$(read_sample "$bucket") || exit 1
  jq --argjson read "$read" '{moment: (.moment // .holds), read: $read}' <<<"$done_before"
}
