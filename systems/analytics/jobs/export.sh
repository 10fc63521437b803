#!/usr/bin/env bash
# export.sh: takes an export of one asset and puts it, read back and under a lock, into the account of the other region.
set -euo pipefail
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"
# shellcheck source=systems/analytics/jobs/azure.sh
source "$JOBS_DIR/azure.sh"
# shellcheck source=systems/analytics/jobs/blobs.sh
source "$JOBS_DIR/blobs.sh"
# shellcheck source=systems/analytics/jobs/points.sh
source "$JOBS_DIR/points.sh"

need ASSET STORE PREFIX SCRATCH_DIR PUSHGATEWAY_URL
whole REQUIRED_LOCK_DAYS
case ${ASSET#*/} in
  databricks | powerbi | configuration | keys | logs) ;;
  *) die "ASSET must be one that is exported, got '$ASSET'" ;;
esac

# counted DIR NAME...: how many things each <name>.json holds.
counted() {
  local dir=$1 name
  shift
  for name in "$@"; do jq --arg name "$name" '{($name): length}' "$dir/$name.json" || return 1; done | jq -s add
}

# changes_since KEY DIR NAME...: what the arrays in DIR name by KEY, in any case, that the newest export has otherwise or not.
changes_since() {
  local key=$1 dir=$2 last
  shift 2
  if ! last=$(point_before now); then
    jq -n '{first: true, added: [], removed: [], changed: []}'
    return
  fi
  point_fetch "$last" "$work/last"
  jq -s 'add' "${@/#/$work/last/}" >"$work/was.json" || return 1
  jq -s 'add' "${@/#/$dir/}" >"$work/now.json" || return 1
  jq -n --arg key "$key" --slurpfile was "$work/was.json" --slurpfile now "$work/now.json" '
    def by_key: map({key: (.[$key] | ascii_downcase), value: .}) | from_entries;
    ($was[0] | by_key) as $was | ($now[0] | by_key) as $now
    | {added: [$now | keys[] | select($was[.] == null)], removed: [$was | keys[] | select($now[.] == null)],
       changed: [$now | keys[] | select($was[.] != null and $was[.] != $now[.])]}'
}

# tell_changes DIR: how much, as metrics, and what, in the log.
tell_changes() {
  local what one
  for what in added removed changed; do
    printf 'holdfast_configuration_changes{asset="%s",what="%s"} %d\n' "$ASSET" "$what" "$(jq --arg what "$what" '.[$what] | length' "$1/changes.json")"
  done
  jq -r 'del(.first) | to_entries[] | .key as $what | .value[] | "\($what): \(.)"' "$1/changes.json" |
    while IFS= read -r one; do log "$one"; done
}

# Each defines collect DIR, which fills a folder, check DIR, which prints counts or fails, and told DIR, metrics of what it
# found.
what=${ASSET#*/}
# shellcheck source=systems/analytics/jobs/exportDatabricks.sh
source "$JOBS_DIR/export${what^}.sh"

work=$(mktemp -d "$SCRATCH_DIR/export.XXXXXX")
trap 'rm -rf "$work"' EXIT
started=$EPOCHSECONDS
mkdir "$work/content"
collect "$work/content" || die "$ASSET cannot be read whole: nothing is exported"
# Before it is sent: an export that is empty or cut short must not become the newest.
counts=$(check "$work/content") || die "what was collected of $ASSET is not whole: nothing is exported"
# Before the point is there: the next run compares with that, and what nobody was told it would not find again.
told "$work/content" >"$work/told"
if [[ -s $work/told ]]; then push changes <"$work/told"; fi
point=$(point_put "$work/content" "$counts")
log "exported $point: $(jq -c . <<<"$counts")"

{
  # What it holds is at least of this moment: things change while they are listed.
  printf 'holdfast_capture_timestamp_seconds{asset="%s",role="full"} %d\n' "$ASSET" "$started"
  printf 'holdfast_run_seconds{asset="%s",role="full"} %d\n' "$ASSET" "$((EPOCHSECONDS - started))"
} | push full
