# shellcheck shell=bash
# The assets' restic repositories in the bucket, and buckets as they were at a moment.

: "${S3_ENDPOINT:=}"
# shellcheck disable=SC2034 # read by fetch_manifest
EXPECTED_OF_SNAPSHOT='(.repository | test("^[a-z0-9/-]+/[0-9]{4}-[0-9]{2}(-[0-9TZ.]+)?$")) and (.snapshot | test("^[0-9a-f]{64}$")) and .objects > 0'
export TZ=UTC # restic reads --time as local
export RCLONE_CONFIG=$RUN_DIR/no-rclone.conf RCLONE_LOG_LEVEL=ERROR RCLONE_S3_PROVIDER=AWS RCLONE_S3_ENV_AUTH=true
# Of what a key of KMS encrypts the ETag is no MD5; rclone would take each download for damaged.
export RCLONE_S3_NO_CHECK_BUCKET=true RCLONE_S3_SERVER_SIDE_ENCRYPTION=aws:kms
# One that is not Amazon's has no name of its own for each bucket.
[[ -z $S3_ENDPOINT ]] || export RCLONE_S3_ENDPOINT=$S3_ENDPOINT RCLONE_S3_PROVIDER=Other

# open_repositories DIR: puts the password of the repositories into a file of DIR.
open_repositories() {
  secret_of "$RESTIC_SECRET" | jq -je '.password | strings | select(. != "")' >"$1/restic-password" ||
    die "the secret $RESTIC_SECRET has no password"
  export RESTIC_PASSWORD_FILE=$1/restic-password
}

# restic_in REPOSITORY ARG...: writes. The region is said, since whoever has to ask for it needs one right more.
restic_in() {
  local repository=$1
  shift
  AWS_DEFAULT_REGION=$BUCKET_REGION restic --repo "s3:${S3_ENDPOINT:-https://s3.$BUCKET_REGION.amazonaws.com}/$BUCKET/$repository" "$@"
}

# restic_of MANIFEST ARG...: reads a point's repository as it was when that point was complete: what somebody overwrote,
# hid or broke since does not show. By way of `combine`, because rclone 1.60 finds no single file of a moment where the
# remote begins below its bucket (getMetaDataListing compares the whole key with the name below).
restic_of() {
  local manifest=$1
  shift
  RCLONE_S3_VERSION_AT=$(jq -r .complete "$manifest") RCLONE_S3_REGION=$BUCKET_REGION \
    restic --no-lock --repo "rclone::combine,upstreams=\"all=:s3:$BUCKET\":all/$(jq -r .repository "$manifest")" "$@"
}

# bucket_at MOMENT ARG...: rclone, to which the buckets of this region are as they were at MOMENT.
bucket_at() { RCLONE_S3_VERSION_AT=$1 RCLONE_S3_REGION=$AWS_REGION rclone --use-server-modtime "${@:2}"; }

# files_of RESTIC...: "<size>\t<path>" of each file of a snapshot, sorted by path; RESTIC is restic_in or restic_of and
# its first argument.
files_of() {
  local snapshot=${*: -1}
  "${@:1:$#-1}" ls --json "$snapshot" | jq -r 'select(.struct_type == "node" and .type == "file") | "\(.size // 0)\t\(.path[1:])"' |
    LC_ALL=C sort -t $'\t' -k 2
}

# totals_of FILES: "<files> <bytes>".
totals_of() { awk -F '\t' '{ bytes += $1 } END { printf "%d %d", NR, bytes }' "$1"; }

# missing_of REFERENCES FILES: keys that the database refers to and the snapshot lacks.
missing_of() {
  LC_ALL=C comm -23 <(cut -f 1 "$1" | LC_ALL=C sort -u) <(cut -f 2- "$2" | LC_ALL=C sort -u)
}

# must_fit REFERENCES FILES POINT: every object that the dump POINT refers to is in the snapshot.
must_fit() {
  local missing
  missing=$(missing_of "$1" "$2")
  [[ -z $missing ]] || die "dump $3 refers to $(wc -l <<<"$missing") objects that the copy of the assets lacks, such as ${missing%%$'\n'*}"
}

# dump_line POINT MOMENT: the line of the dump POINT; where that is empty, of the newest not later than MOMENT.
dump_line() {
  if [[ -z $1 ]]; then
    PREFIX=$DATABASE_PREFIX newest_point "$2"
  else
    PREFIX=$DATABASE_PREFIX list_points | awk -v point="$1" '$1 == point { print; found = 1 } END { exit !found }'
  fi
}

# dump_of MANIFEST: the line of the dump that a copy of the assets was completed for. One that was made without any may fit
# to the newest before it.
dump_of() { dump_line "$(jq -r '.dump // empty' "$1")" "$(jq -r .capture "$1")"; }
