#!/usr/bin/env bash
# orphans.sh: hides objects that nothing can need any more: nothing has referred to them, in this version, for ORPHAN_DAYS,
# and no dump that is still there names them. The runbook's own command deletes what an older database still refers to.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/sites.sh
source "$JOBS_DIR/sites.sh"
# shellcheck source=systems/omniverse/jobs/nucleus.sh
source "$JOBS_DIR/nucleus.sh"
# shellcheck source=systems/omniverse/jobs/dumps.sh
source "$JOBS_DIR/dumps.sh"
# shellcheck source=systems/omniverse/jobs/objects.sh
source "$JOBS_DIR/objects.sh"

need ASSET BUCKET BUCKET_REGION DATABASE_PREFIX OPERATIONS_PREFIX PUSHGATEWAY_URL AWS_REGION DB_INSTANCE DB_SECRET
need REFERENCES_SQL ASSET_BUCKET REPLICA_BUCKET REPLICA_REGION
whole ORPHAN_DAYS REQUIRED_LOCK_DAYS MOST_PERCENT RUN_SECONDS
work=$(mktemp -d "$SCRATCH_DIR/orphans.XXXXXX")
trap 'rm -rf "$work"' EXIT
ledger=$OPERATIONS_PREFIX/orphans.tsv
today=$(date -u +%Y-%m-%dT%H:%M:%SZ)
reach_database "$work"

# keys: of "<key>\t..." lines, sorted. What a database refers to in any version is needed.
keys() { cut -f 1 | LC_ALL=C sort -u; }

# Objects first, references after: what is written and referred to meanwhile is then never taken for an orphan.
list_versions "$ASSET_BUCKET" "$AWS_REGION" "$work/all" || die "the bucket $ASSET_BUCKET cannot be listed"
# What recoveries note in the bucket nothing refers to, and they need it for good.
LC_ALL=C awk -F'\t' -v OFS='\t' -v own="$CANARY_FOLDER" '$1 == "v" && $6 == "True" && index($2, own) != 1 { print $2, $3, $4 }' "$work/all" | LC_ALL=C sort >"$work/objects"
[[ -s $work/objects ]] || die "$ASSET_BUCKET holds no object: is that right?"
list_references '' >"$work/references" || die "what the database refers to cannot be listed"
[[ -s $work/references ]] || die "the database refers to nothing: nothing is hidden"
keys <"$work/references" >"$work/named"

# Since when: what the last runs noted of the same version. A list that is there and cannot be read must not begin anew.
seen=$(s3 list-object-versions --bucket "$BUCKET" --prefix "$ledger") || die "the bucket $BUCKET cannot be listed"
: >"$work/before"
if version=$(jq -re '[.Versions[]?] | sort_by(.LastModified) | last | .VersionId // empty' <<<"$seen"); then
  # The newest of one second is the one that S3 calls so.
  version=$(jq -r --arg newest "$version" '[.Versions[] | select(.IsLatest)][0].VersionId // $newest' <<<"$seen")
  s3 get-object --bucket "$BUCKET" --key "$ledger" --version-id "$version" "$work/before" >/dev/null ||
    die "since when nothing refers to which object cannot be read"
fi
LC_ALL=C awk -F'\t' -v OFS='\t' -v today="$today" -v named="$work/named" -v before="$work/before" '
  BEGIN {
    while ((getline line < named) > 0) wanted[line]
    while ((getline line < before) > 0) { split(line, part, "\t"); since[part[1] "\t" part[2]] = part[3] }
  }
  !($1 in wanted) { id = $1 "\t" $2; print $1, $2, (id in since) ? since[id] : today }' "$work/objects" >"$work/orphans"

limit=$(date -u -d "@$(($(date +%s) - ORPHAN_DAYS * 86400))" +%Y-%m-%dT%H:%M:%SZ)
LC_ALL=C awk -F'\t' -v limit="$limit" '$3 "" <= limit ""' "$work/orphans" >"$work/old"
objects=$(wc -l <"$work/objects") orphans=$(wc -l <"$work/orphans") old=$(wc -l <"$work/old")
hidden=0 kept=0

# Noted before anything else: a run that its deadline ends has looked all the same.
(put "$work/orphans" "$ledger") >/dev/null || problem "since when nothing refers to which object could not be noted"

# in_time: two minutes of the run are left for what is under way, and for what it says at its end.
in_time() { ((SECONDS < RUN_SECONDS - 120)); }

# named LINE: "<site> <capture> <version>" of a dump; notes which of the old ones it refers to. Only those are kept in memory
# and on the disk: all that all dumps refer to would fill both.
named() {
  local site line dump
  in_time || die "not all dumps can be read within $RUN_SECONDS s (operations.chores.orphans.deadline): nothing is hidden"
  read -r site line <<<"$1"
  dump=$(mktemp -d "$work/dump.XXXXXX") || return 1
  of_site "$site"
  PREFIX=$DATABASE_PREFIX EXPECTED=$EXPECTED_OF_DUMP fetch_manifest "$line" "$dump/manifest.json" || return 1
  fetch_references "$dump" || return 1
  LC_ALL=C awk -F'\t' 'part == "old" { old[$1]; next } $1 in old { print $1; delete old[$1] }' \
    part=old "$work/old" part=dump "$dump/references" >"$dump/named" || return 1
  if [[ -s $dump/named ]]; then mv "$dump/named" "$dump.named" || return 1; fi
  rm -rf "$dump"
}

# in_dumps: what of the old any dump of any site that is still there refers to; one that cannot be read ends it.
in_dumps() {
  local points sites site line
  sites=$(PREFIX=$DATABASE_PREFIX && newest_by_site | cut -d ' ' -f 2) || die "no dump can be listed"
  [[ -n $sites ]] || die "there is no dump"
  for site in $sites; do
    points=$(of_site "$site" && PREFIX=$DATABASE_PREFIX list_points) || die "the dumps of $site cannot be listed"
    while IFS= read -r line; do printf '%s %s\n' "$site" "$line"; done <<<"$points"
  done >"$work/dumps"
  in_parallel named <"$work/dumps" || die "not every dump could be read: nothing is hidden"
  find "$work" -maxdepth 1 -name '*.named' -exec cat {} + | LC_ALL=C sort -u
}

# hide BUCKET REGION KEY VERSION: a marker in front of that version, which stays. 2 where the newest is another one.
hide() {
  local newest
  newest=$(aws s3api list-object-versions --region "$2" --bucket "$1" --prefix "$3" --output json |
    jq -r --arg key "$3" '[.Versions[]? | select(.Key == $key and .IsLatest)][0].VersionId // empty') || return 1
  if [[ -z $newest ]]; then return 0; fi
  if [[ $newest != "$4" ]]; then return 2; fi
  aws s3api delete-object --region "$2" --bucket "$1" --key "$3" >/dev/null
}

# hide_old LINE: in both regions; an empty file says how that ended, since each runs in a shell of its own.
hide_old() {
  local key version since state=0
  in_time || return 0
  IFS=$'\t' read -r key version since <<<"$1"
  log "hiding $key, to which nothing has referred since $since"
  # Markers are not replicated: https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-marker-replication.html
  { hide "$REPLICA_BUCKET" "$REPLICA_REGION" "$key" "$version" && hide "$ASSET_BUCKET" "$AWS_REGION" "$key" "$version"; } || state=$?
  case $state in
    0) mktemp "$work/hidden.XXXXXXXX" >/dev/null ;;
    2) mktemp "$work/newer.XXXXXXXX" >/dev/null ;;
    *) log "$key could not be hidden" && return 1 ;;
  esac
}
ended_as() { find "$work" -maxdepth 1 -name "$1.*" | wc -l; }

if ((old > 0)); then
  # Something else is wrong where so much is needed by nobody: a wrong query, or a database of another day.
  if ((old * 100 > objects * MOST_PERCENT)); then
    problem "$old of $objects objects would be hidden, more than $MOST_PERCENT %: nothing is, look at them first"
  else
    in_dumps >"$work/needed"
    # Once more: what was referred to again since.
    list_references '' | keys >"$work/now" || die "what the database refers to cannot be listed"
    LC_ALL=C awk -F'\t' 'part == "needed" { needed[$1]; next } !($1 in needed)' \
      part=needed "$work/needed" "$work/now" part=old "$work/old" >"$work/unneeded"
    in_parallel hide_old <"$work/unneeded" || problem "not every object could be hidden: their names stand above"
    hidden=$(ended_as hidden) kept=$((old - $(wc -l <"$work/unneeded") + $(ended_as newer)))
    in_time || log "$((old - kept - hidden)) are left for the next run: this one has $RUN_SECONDS s"
  fi
fi

jq -cn --argjson objects "$objects" --argjson orphans "$orphans" --argjson old "$old" --argjson hidden "$hidden" \
  --argjson kept "$kept" --argjson days "$ORPHAN_DAYS" --argjson problems "$(problems_json)" \
  '{objects: $objects, unreferenced: $orphans, longerThanDays: $days, of: $old, keptAllTheSame: $kept, hidden: $hidden, problems: $problems}'
push orphans <<METRICS
holdfast_orphans{asset="$ASSET",role="orphans"} $orphans
holdfast_orphans_hidden{asset="$ASSET",role="orphans"} $hidden
METRICS
end_with_problems
