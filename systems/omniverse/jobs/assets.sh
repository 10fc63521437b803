#!/usr/bin/env bash
# assets.sh: copies the assets as they were at one moment, and not as they are while the copy runs: first the versions of
# that moment into the mirror, then the mirror, which nothing changes, into this month's restic repository.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/sites.sh
source "$JOBS_DIR/sites.sh"
# shellcheck source=systems/omniverse/jobs/snapshots.sh
source "$JOBS_DIR/snapshots.sh"
# shellcheck source=systems/omniverse/jobs/dumps.sh
source "$JOBS_DIR/dumps.sh"
# shellcheck source=systems/omniverse/jobs/pair.sh
source "$JOBS_DIR/pair.sh"

need ASSET BUCKET BUCKET_REGION PREFIX DATABASE_PREFIX SITES PUSHGATEWAY_URL AWS_REGION ASSET_BUCKET RESTIC_SECRET
whole REQUIRED_LOCK_DAYS KEPT_DAYS
: "${SAMPLED_LOCKS:=16}" "${SAMPLED_PACKS:=32}"
whole SAMPLED_LOCKS SAMPLED_PACKS
only_where_it_serves
work=$(mktemp -d "$RUN_DIR/assets.XXXXXX")
trap 'rm -rf "$work"' EXIT
started=$(date +%s)
mirror=$MIRROR_DIR/assets
mkdir -p "$mirror" "$MIRROR_DIR/cache" "$MIRROR_DIR/tmp"
# Not in /tmp, which is memory of the node.
export RESTIC_CACHE_DIR=$MIRROR_DIR/cache TMPDIR=$MIRROR_DIR/tmp
SCRATCH_DIR=$TMPDIR
exec {lock}>"$MIRROR_DIR/lock"
flock -n "$lock" || die "another copy is being made in $MIRROR_DIR"
open_repositories "$work"
newest=$(newest_point now) || newest=''
dump=$(newest_dump "${newest%% *}")

# S3 tells whole seconds: only when this one is over, and what clocks differ by, can nothing more be written in it.
moment=$(date -u +%Y-%m-%dT%H:%M:%SZ)
capture=$(stamp "$moment")
sleep "${SETTLE_SECONDS:-5}"

bucket_at "$moment" sync ":s3:$ASSET_BUCKET" "$mirror" || die "the assets of $moment could not be put together: nothing is copied"
read -r objects bytes < <(bucket_at "$moment" size --json ":s3:$ASSET_BUCKET" | jq -r '"\(.count) \(.bytes)"') ||
  die "$ASSET_BUCKET does not say how much it held at $moment"
((objects > 0)) || die "$ASSET_BUCKET held no object at $moment: nothing is copied"
found=$(rclone size --json "$mirror" | jq -r '"\(.count) \(.bytes)"')
[[ $found == "$objects $bytes" ]] || die "the mirror has $found objects and bytes, $ASSET_BUCKET had $objects $bytes at $moment"
# Files without a dump that they go with are of use by themselves: said at the end.
alone=''
if [[ -z $dump ]]; then
  log "there is no dump below $DATABASE_PREFIX: the files are copied by themselves"
elif ! (complete "$dump"); then
  alone=${dump%% *} dump=''
fi
read -r objects bytes < <(rclone size --json "$mirror" | jq -r '"\(.count) \(.bytes)"') || die "the mirror cannot be counted"

# Keys, versions and times of all that was ever written of a repository, whatever was hidden since.
written() { s3 list-object-versions --bucket "$BUCKET" --prefix "$1/" | jq -c '[.Versions[]? | {Key, VersionId, LastModified}]'; }

# ready REPOSITORY: it can be opened, or there was never anything of it and it is made.
ready() {
  local there
  there=$(written "$1") || die "the bucket $BUCKET cannot be listed"
  if [[ $there == '[]' ]]; then
    restic_in "$1" init >&2 || die "no repository can be made in $BUCKET"
    return 0
  fi
  restic_in "$1" cat config >/dev/null && restic_in "$1" unlock >&2
}

# sound REPOSITORY: restic finds nothing wrong with it. Without a lock, which would be one that nobody else may hold beside
# it: what another holds says nothing of the repository. Nothing here is ever pruned, and `check` reads which snapshots there
# are before it reads the index, so what another adds meanwhile is no error either.
# https://github.com/restic/restic/blob/v0.14.0/cmd/restic/cmd_check.go#L205-L221
sound() { restic_in "$1" check --no-lock >&2; }

# same_as_sent KEY VERSION: restic names a pack after its SHA-256, so what came to the bucket shows whether it is what was
# sent. One that is not is hidden: later snapshots would else refer to it, because restic never sends the same twice.
same_as_sent() {
  s3 get-object --bucket "$BUCKET" --key "$1" --version-id "$2" "$work/pack" >/dev/null || { log "cannot read $1 back" && return 1; }
  if [[ $(sha256_of "$work/pack") != "${1##*/}" ]]; then
    log "$1 in the bucket is not what was sent: it is hidden"
    s3 delete-object --bucket "$BUCKET" --key "$1" >/dev/null || log "error: $1 could not be hidden"
    return 1
  fi
}

# copy_into REPOSITORY: one snapshot of the mirror, counted and checked. Sets snapshot, and $work/written.json.
copy_into() {
  local totals key version
  snapshot=''
  (cd "$mirror" && restic_in "$1" backup --quiet --host omniverse --tag "$capture" --time "${moment:0:10} ${moment:11:8}" .) >&2 ||
    { log "restic could not copy everything into $1" && return 1; }
  snapshot=$(restic_in "$1" snapshots --json --tag "$capture" | jq -re 'if length == 1 then .[0].id else error("not one") end') ||
    { log "$1 does not have one snapshot of $capture" && return 1; }
  files_of restic_in "$1" "$snapshot" >"$work/files" || { log "snapshot $snapshot of $1 cannot be listed" && return 1; }
  totals=$(totals_of "$work/files")
  [[ $totals == "$objects $bytes" ]] || { log "snapshot $snapshot of $1 has $totals objects and bytes, not $objects $bytes" && return 1; }
  sound "$1" || { log "restic finds $1 damaged" && return 1; }
  written "$1" >"$work/written.json" || return 1
  while IFS=$'\t' read -r key version; do
    same_as_sent "$key" "$version" || return 1
  done < <(jq -r --argjson since "$started" '.[] | select((.Key | contains("/data/")) and .VersionId != "null"
    and (.LastModified[:19] + "Z" | fromdate) >= $since - 60) | [.Key, .VersionId] | @tsv' "$work/written.json" | shuf -n "$SAMPLED_PACKS")
}

# The repository of the newest point, if that is of this month: a broken one was replaced by another of its month.
current=$PREFIX/${moment:0:7}
if [[ -n $newest ]]; then
  EXPECTED=$EXPECTED_OF_SNAPSHOT fetch_manifest "$newest" "$work/newest.json"
  last=$(jq -r .repository "$work/newest.json")
  if [[ $last == "$current"-* ]]; then current=$last; fi
fi
broken='' snapshot=''
if ! ready "$current" || ! copy_into "$current"; then
  # One that is whole is not given up for what the network, the mirror or the bucket did.
  if sound "$current"; then die "nothing was copied; repository $current is whole"; fi
  broken=$current current=$PREFIX/${moment:0:7}-${capture%%.*}
  log "error: repository $broken is broken: everything is copied anew into $current"
  if ! ready "$current" || ! copy_into "$current"; then die "nothing was copied"; fi
fi

# must_be_locked KEY VERSION DAYS
must_be_locked() {
  local seen until
  read -ra seen < <(s3 head-object --bucket "$BUCKET" --key "$1" --version-id "$2" \
    --query '[ObjectLockMode,ObjectLockRetainUntilDate]' --output text) || die "cannot read $1"
  [[ ${seen[0]} == COMPLIANCE ]] || die "$1 must be locked in COMPLIANCE mode, got ${seen[0]}"
  until=$(date -u -d "${seen[1]}" +%s) || die "$1 has no date its lock ends"
  ((until >= EPOCHSECONDS + ($3 - 1) * 86400)) || die "$1 must stay locked for $3 days, its lock ends ${seen[1]}"
}

jq -e 'all(.[]; .VersionId != "null")' "$work/written.json" >/dev/null || die "$BUCKET keeps no versions, so it cannot lock"
complete=$(jq -r '[.[].LastModified] | max' "$work/written.json")
complete=$(date -u -d "$complete" +%Y-%m-%dT%H:%M:%S.%NZ)
# What was written first is what an older point shares; it must outlive this one too.
while IFS=$'\t' read -r days key version; do
  must_be_locked "$key" "$version" "$days"
done < <(jq -r --arg snapshot "$current/snapshots/$snapshot" --argjson some "$SAMPLED_LOCKS" --arg kept "$KEPT_DAYS" --arg new "$REQUIRED_LOCK_DAYS" '
  [.[] | select(.Key | contains("/locks/") | not)] | sort_by(.LastModified)
  | (.[:$some][] | [$kept, .Key, .VersionId]), (.[] | select(.Key == $snapshot) | [$new, .Key, .VersionId]) | @tsv' "$work/written.json")

jq -n --arg asset "$ASSET" --arg point "$capture" --arg capture "$(iso_of "$capture")" --arg complete "$complete" \
  --arg ended "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg bucket "$ASSET_BUCKET" --arg repository "$current" --arg snapshot "$snapshot" \
  --arg dump "${dump%% *}" --argjson objects "$objects" --argjson bytes "$bytes" '{format: 1, $asset, $point, $capture, $ended,
    $bucket, $repository, $snapshot, $complete, dump: (if $dump == "" then null else $dump end), $objects, $bytes}' >"$work/manifest.json"
# The last object of a run: only now the copy exists.
put "$work/manifest.json" "$PREFIX/points/$capture.json" >"$work/put"
log "copied $objects objects, $bytes bytes as they were at $moment: snapshot ${snapshot:0:8} of $current"

push full <<METRICS
holdfast_capture_timestamp_seconds{asset="$ASSET",role="full"} $(epoch_of "$capture")
holdfast_run_seconds{asset="$ASSET",role="full"} $(($(date +%s) - started))
holdfast_backup_bytes{asset="$ASSET",role="full"} $bytes
holdfast_backup_objects{asset="$ASSET",role="full"} $objects
METRICS

# prune: hides repositories that took no snapshot for longer than any is kept. Ages are told by the clock of S3 alone:
# from the newest snapshot there to the manifest just written. Neither this repository nor that of the newest point is
# ever one, so a wrong clock here costs nothing. Those of a site that served for a while are of nobody else's care.
prune() {
  local now repository last site
  now=$(s3 list-object-versions --bucket "$BUCKET" --prefix "$PREFIX/points/$capture.json" | jq -re '[.Versions[].LastModified] | max') || return 1
  now=$(date -u -d "$now" +%s) || return 1
  while IFS= read -r repository; do
    if [[ $repository == "$current" ]]; then continue; fi
    # Of one that died before its first snapshot: all of it.
    last=$(written "$repository" | jq -re '([.[] | select(.Key | contains("/snapshots/"))] | if . == [] then null else . end) // .
      | [.[].LastModified] | max') || return 1
    last=$(date -u -d "$last" +%s) || return 1
    if ((now - last <= (KEPT_DAYS + 1) * 86400)); then continue; fi
    log "hiding $repository: its newest snapshot is $(((now - last) / 86400)) days old"
    RCLONE_S3_REGION=$BUCKET_REGION rclone delete ":s3:$BUCKET/$repository" || return 1
  done < <(for site in $SITES; do s3 list-objects-v2 --bucket "$BUCKET" --prefix "${PREFIX%/*}/$site/" --delimiter /; done |
    jq -r '.CommonPrefixes[]?.Prefix | rtrimstr("/") | select(test("/[0-9]{4}-[0-9]{2}(-[0-9TZ.]+)?$"))')
}
prune || die "the copy is made, but what is too old could not be hidden"
[[ -z $alone ]] || die "the copy is made, but not all of what dump $alone refers to could be brought: see above; it may lack files that were deleted since"
[[ -z $broken ]] || die "the copy is made, but repository $broken is broken: see what its snapshots are still good for"
