# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# From the locked bucket alone, into a server and a bucket that whoever runs it has made: TARGET_HOST, TARGET_BUCKET.

# shellcheck source=systems/omniverse/jobs/dumps.sh
source "$JOBS_DIR/dumps.sh"
# shellcheck source=systems/omniverse/jobs/snapshots.sh
source "$JOBS_DIR/snapshots.sh"

# found POINT_LINE MANIFEST: what a find prints; of files also which dump they go with.
found() {
  jq --arg version "${1##* }" '{point, version: $version, moment: (.capture | sub("\\.[0-9]+"; "") | rtrimstr("Z") + "Z")}
    + (if .dump | type == "string" then {dump} else {} end)' "$2"
}

# find_snapshot: the newest copy of the assets that is not later than the last moment that is trusted, and was written by then.
find_snapshot() {
  local line
  asked >/dev/null
  line=$(WRITTEN_BEFORE=$RESTORE_BEFORE newest_point "$RESTORE_BEFORE") || die "the bucket has no copy of the assets not later than, and written by, $RESTORE_BEFORE"
  EXPECTED=$EXPECTED_OF_SNAPSHOT fetch_manifest "$line" "$RUN_DIR/manifest.json"
  found "$line" "$RUN_DIR/manifest.json"
}

# find_dump: the one that the copy of the assets was completed for.
find_dump() {
  local assets line moment
  asked >/dev/null
  assets=$(result find assets.copies) || die "find of the assets must come first: the database must not be newer than they are"
  moment=$(jq -r .moment <<<"$assets")
  line=$(WRITTEN_BEFORE=$RESTORE_BEFORE dump_line "$(jq -r '.dump // empty' <<<"$assets")" "$moment") ||
    die "the bucket has no dump that the copy of the assets of $moment goes with, written by $RESTORE_BEFORE"
  EXPECTED=$EXPECTED_OF_DUMP fetch_manifest "$line" "$RUN_DIR/manifest.json"
  found "$line" "$RUN_DIR/manifest.json"
}

# restore_dump_there: into a database of another name first, so that one under its own name is whole.
restore_dump_there() {
  local chosen point work unfinished=${DB_NAME}_unfinished there
  need TARGET_HOST
  chosen=$(result find)
  point=$(jq -r .point <<<"$chosen")
  connect_to "$TARGET_HOST"
  # Of a run that was ended after it had given it its name.
  there=$(said_of_database) || die "$TARGET_HOST does not answer"
  work=$(mktemp -d "$SCRATCH_DIR/recover.XXXXXX")
  fetch_dump "$point $(jq -r .version <<<"$chosen")" "$work"
  if [[ $there != "holdfast $point" ]]; then
    there=$(SQL_DATABASE=postgres sql <<<"select count(*) from pg_database where datname = '$DB_NAME'")
    [[ $there == 0 ]] || die "$TARGET_HOST has a database $DB_NAME that is not of dump $point: nothing is overwritten, rename it first"
    SQL_DATABASE=postgres sql <<<"drop database if exists \"$unfinished\"" || die "what a run before had begun cannot be removed"
    DB_NAME=$unfinished restore_dump "$work" || die "dump $point could not be restored: the step can be repeated"
    SQL_DATABASE=postgres sql <<<"comment on database \"$unfinished\" is 'holdfast $point'; alter database \"$unfinished\" rename to \"$DB_NAME\"" ||
      die "dump $point is restored but has not got its name: the step can be repeated"
  fi
  confirm_dump "$work"
  rm -rf "$work"
  jq --arg host "$TARGET_HOST" '. + {host: $host}' <<<"$chosen"
}

# restore_snapshot: out of the repository and into the new bucket; what a run before has uploaded is not sent again.
restore_snapshot() {
  local chosen work manifest
  need TARGET_BUCKET RESTIC_SECRET
  chosen=$(result find)
  work=$SCRATCH_DIR/snapshot-$(jq -r .point <<<"$chosen") manifest=$RUN_DIR/manifest.json
  EXPECTED=$EXPECTED_OF_SNAPSHOT fetch_manifest "$(jq -r '"\(.point) \(.version)"' <<<"$chosen")" "$manifest"
  open_repositories "$RUN_DIR"
  mkdir -p "$work"
  export RESTIC_CACHE_DIR=$SCRATCH_DIR/cache TMPDIR=$SCRATCH_DIR
  restic_of "$manifest" restore "$(jq -r .snapshot "$manifest")" --target "$work" >&2 || die "snapshot of $(jq -r .point "$manifest") could not be restored"
  aws s3 sync "$work" "s3://$TARGET_BUCKET" --region "$AWS_REGION" --only-show-errors >&2 || die "not every file reached $TARGET_BUCKET: the step can be repeated"
  rm -rf "$work"
  jq -s '.[0] + {files: .[1].objects, bytes: .[1].bytes}' <(printf '%s' "$chosen") "$manifest"
}
