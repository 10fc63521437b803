#!/usr/bin/env bash
# restore.sh: puts the newest point not later than RESTORE_BEFORE (or exactly POINT) into TARGET_DIR, from the bucket alone.
# Can be run again at any moment: whole downloads are kept, and a switch that was interrupted goes on where it stopped.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omendb/jobs/points.sh
source "$JOBS_DIR/points.sh"

need BUCKET PREFIX BUCKET_REGION
whole TRANSFER_JOBS
: "${TARGET_DIR:=$DATA_ROOT}" "${RESTORE_BEFORE:=now}" "${POINT:=}" "${RESULT_FILE:=}"
if [[ $TARGET_DIR == "$DATA_ROOT" && ${DATABASE_STOPPED:-} != yes ]]; then
  die "DATABASE_STOPPED must be yes to restore into $DATA_ROOT: a running server would write over the restored files"
fi
started=$(date +%s)
mkdir -p "$TARGET_DIR/data" "$TARGET_DIR/wal"
# Beside the data, because a rename within the volume neither copies nor needs scratch space for the database itself.
side=$TARGET_DIR/data/.holdfast wal_side=$TARGET_DIR/wal/.holdfast
mkdir -p "$side" "$wal_side" "$RESTORE_DIR"
exec {lock}>"$side/lock"
flock -n "$lock" || die "another restore into $TARGET_DIR is running"

if [[ -n $POINT ]]; then
  line=$(list_points | grep -E "^${POINT//./\\.} ") || die "the bucket has no point $POINT"
else
  line=$(newest_point "$RESTORE_BEFORE") || die "the bucket has no point not later than $RESTORE_BEFORE"
fi
point=${line%% *}
manifest=$(fetch_manifest "$point" "${line##* }")
backup=$(jq -r .backup "$manifest")
log "restoring point $point (backup $backup) into $TARGET_DIR"
backups=$(fetch_point "$manifest")
verify_chain "$manifest" "$backups" || die "nothing was restored and nothing was removed"
fetched=$(jq '[.files[].size] | add' "$manifest")

# entries DIR: what is in it, without our own folder.
entries() { find "$1" -mindepth 1 -maxdepth 1 -not -name .holdfast "${@:2}"; }
discard() { entries "$1" -exec rm -rf {} +; }
move() { entries "$1" -exec mv -t "$2" {} +; }

# The stage belongs to one point; another point's is of no use, and what it had begun to move in is not the old data.
if [[ -e $side/staged && $(cat "$side/staged") != "$point" ]]; then
  if [[ -e $side/switching ]]; then
    discard "$TARGET_DIR/data"
    discard "$TARGET_DIR/wal"
  fi
  rm -f "$side/staged"
fi

if [[ ! -e $side/staged ]]; then
  rm -rf "$side/stage"
  mkdir "$side/stage"
  mapfile -t links < <(jq -r --arg dir "$backups" '$dir + "/" + .backups[] + "/metadata.json"' "$manifest")
  size=$(jq -s '[.[].total_size_bytes] | add' "${links[@]}")
  if (($(bytes_free "$side") < size + size / 10)); then
    # Everything above has verified, so this is the last resort and not the first step, as it is in the tool.
    log "no room for the old data beside the restored data: the old data in $TARGET_DIR and what was kept of it is removed now"
    rm -rf "$side/aside" "$wal_side/aside"
    discard "$TARGET_DIR/data"
    discard "$TARGET_DIR/wal"
  fi
  # Not straight into the target: the tool removes its data dir first, which fails half way on a mount point.
  backup_tool --data-dir "$side/stage" --backup-dir "$backups" restore --backup-id "$backup" --force >&2 ||
    die "backup_tool could not restore; the data in $TARGET_DIR is as it was"
  printf '%s' "$point" >"$side/staged.new"
  mv "$side/staged.new" "$side/staged"
fi

if [[ ! -e $side/switching ]]; then
  # From an earlier, finished restore; an interrupted one has not come here yet, or has emptied the target already.
  if [[ ! -e $side/moving ]]; then rm -rf "$side/aside" "$wal_side/aside"; fi
  : >"$side/moving"
  mkdir -p "$side/aside" "$wal_side/aside"
  move "$TARGET_DIR/data" "$side/aside"
  move "$TARGET_DIR/wal" "$wal_side/aside"
  mv "$side/moving" "$side/switching"
fi

# Upstream restores *.parquet at the top and the log in wal/; a tool that keeps data/ as a folder is understood too.
mkdir -p "$side/stage/wal"
entries "$side/stage/wal" -exec cp -a -f -t "$TARGET_DIR/wal" {} + # another volume: copied, so that a rerun can copy again
if [[ -d $side/stage/data ]]; then move "$side/stage/data" "$TARGET_DIR/data"; fi
find "$side/stage" -mindepth 1 -maxdepth 1 -not -name wal -not -name data -exec mv -f -t "$TARGET_DIR/data" {} +
sync -f "$TARGET_DIR/data" "$TARGET_DIR/wal"
# A chain begun before this moment does not continue this data: backup.sh compares it and begins a new one.
printf '%s restored %s' "$(stamp now)" "$point" >"$side/generation"
rm -rf "$side/stage" "$side/staged" "$side/switching"
# Downloads are kept only for a rerun; the users file for whoever has to fill the Secret again.
mv -f "$backups/users.htpasswd" "$RESTORE_DIR/users.htpasswd"
rm -rf "$RESTORE_DIR/chains"

result=$(jq -c --argjson seconds "$(($(date +%s) - started))" --argjson bytes "$fetched" --arg users "$RESTORE_DIR/users.htpasswd" \
  '{point, capture, copied, chain, backup, records, seconds: $seconds, bytes: $bytes, users: $users}' "$manifest")
if [[ -n $RESULT_FILE ]]; then printf '%s\n' "$result" >"$RESULT_FILE"; fi
log "restored; the old data is in $side/aside and $wal_side/aside until the next restore"
printf '%s\n' "$result"
