#!/usr/bin/env bash
# recoverAccounts.sh STEP: one step of a way back of accounts and tags; each is a suspended CronJob of its own. FROM says
# which way it belongs to. Any step can be run again, after a kill as well.
set -euo pipefail
# A step runs in $(...), where a failure would otherwise not end it.
shopt -s inherit_errexit
: "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/omniverse/jobs/lib.sh
source "$JOBS_DIR/lib.sh"
# shellcheck source=systems/jobs/incident.sh
source "$JOBS_DIR/incident.sh"
# shellcheck source=systems/omniverse/jobs/sites.sh
source "$JOBS_DIR/sites.sh"

# shellcheck disable=SC2034 # progress.sh reads them
asset=accounts step=${1:-}
said=$(words_said RESTORE_BEFORE SERVED INCIDENT INCIDENT_WRITTEN)
[[ -z $said ]] || of_this_incident omniverse-incident "$said"
need NAMESPACE FROM BUCKET BUCKET_REGION PREFIX SERVER_VERSION
# shellcheck disable=SC2153 # declared with the path
case $FROM in
  copies-in-place) order="stop restore verify resume" ;;
  copies-in-secondary) order="restore verify" ;;
  copies-in-clean-room) order="room find restore verify" ;;
  *) die "FROM must be copies-in-place, copies-in-secondary or copies-in-clean-room, got '$FROM'" ;;
esac
[[ " $order " == *" $step "* && $step != *" "* ]] || die "accounts from $FROM has the steps $order, got '$step'"
: "${DATA_DIR:=/opt/ove/nucleus/data}"
# What the vendor keeps there: https://docs.omniverse.nvidia.com/nucleus/latest/enterprise/admin.html
kept=(local-accounts-db tags-db)

# shellcheck source=systems/omniverse/jobs/progress.sh
source "$JOBS_DIR/progress.sh"
# shellcheck source=systems/omniverse/jobs/moments.sh
source "$JOBS_DIR/moments.sh"
# shellcheck source=systems/omniverse/jobs/service.sh
source "$JOBS_DIR/service.sh"
# shellcheck source=systems/omniverse/jobs/room.sh
source "$JOBS_DIR/room.sh"
# shellcheck source=systems/omniverse/jobs/accountCopies.sh
source "$JOBS_DIR/accountCopies.sh"

# failing_back: the point that the second site copied last, where a fail-back waits for it; else nothing.
failing_back() {
  local last
  if [[ $FROM == copies-in-place ]] && last=$(result last procedure.fail-back) && ! result dns procedure.fail-back >/dev/null; then
    jq -r '.accounts // empty' <<<"$last"
  fi
}

# whose: sets whose copies come back. In a fail-back the other site's; of a clean room only a person knows; else as declared.
whose() {
  local site
  if [[ -n $(failing_back) ]]; then
    for site in $SITES; do [[ $site == "${PREFIX##*/}" ]] || break; done
  elif [[ $FROM == copies-in-clean-room ]]; then
    site=$(site_that_served) || exit 1
  else
    site=${SERVED:-${PREFIX##*/}}
    [[ " $SITES " == *" $site "* ]] || die "SERVED must be one of: $SITES, got '$site'"
  fi
  [[ -z $site ]] || of_site "$site"
}

# choose: the line of the point that comes back. Where a region is lost the newest is the best, unless a person knows better.
choose() {
  local before=now point line
  point=$(failing_back)
  if [[ -n $point ]]; then
    list_points | grep "^$point " || die "the copy $point, which the second site made last, is not in the bucket"
    return
  fi
  if [[ $FROM != copies-in-secondary || -n ${RESTORE_BEFORE:-} ]]; then
    asked >/dev/null
    before=$RESTORE_BEFORE
  fi
  # What a manifest says of itself is no proof after an intrusion.
  if [[ $FROM == copies-in-clean-room ]]; then local WRITTEN_BEFORE=$before; fi
  line=$(newest_before "$before") || exit 1
  [[ -n $line ]] || die "the bucket has no copy of accounts and tags that had ended by $before"
  printf '%s' "$line"
}

# newest_before MOMENT: the newest point that had ended by then, or nothing. Refused where nobody has said whose and another
# site has one that ended later: while that served, nothing was copied here, and what is here is of the time before.
newest_before() {
  local own=${PREFIX##*/} sites site line='' ended=0 theirs other
  sites=$(newest_by_site) || exit 1
  sites=$(cut -d ' ' -f 2 <<<"$sites")
  if grep -qxF "$own" <<<"$sites"; then
    line=$(ended_before "$1") || exit 1
    ended=$(ended_at "$line") || exit 1
  fi
  for site in $sites; do
    if [[ $site == "$own" || -n ${SERVED:-} ]]; then continue; fi
    theirs=$(PREFIX=${PREFIX%/*}/$site && other=$(ended_before "$1") && ended_at "$other") ||
      die "what $site copied cannot be read, and may be newer: see above, or set SERVED in the ConfigMap omniverse-incident to the site that served at that moment"
    ((theirs <= ended)) ||
      die "by $1 the last copy of $site had ended at $(iso "$theirs"), later than any of $own: set SERVED in the ConfigMap omniverse-incident to the site that served at that moment"
  done
  printf '%s' "$line"
}

# ended_at LINE: when the run of a point had ended, in seconds; of none, before all others.
ended_at() {
  [[ -n $1 ]] || { printf 0 && return; }
  fetch_manifest "$1" "$RUN_DIR/ended.json"
  date -u -d "$(jq -r .ended "$RUN_DIR/ended.json")" +%s
}

find_copy() {
  local line
  line=$(choose)
  fetch_manifest "$line" "$RUN_DIR/manifest.json"
  same_version "$RUN_DIR/manifest.json"
  jq --arg version "${line##* }" '{point, version: $version, holds}' "$RUN_DIR/manifest.json"
}

restore_copy() {
  local chosen line point work into aside name
  # Two that write to one folder ruin both, and a running server would not see what it is given.
  no_pods || die "pods of Nucleus run, or nobody knows: $(kube get pods -l "$SERVICE_LABEL" -o name | tr '\n' ' ')"
  if chosen=$(result find); then line="$(jq -r '"\(.point) \(.version)"' <<<"$chosen")"; else line=$(choose); fi
  point=${line%% *}
  mkdir -p "$DATA_DIR" || die "$DATA_DIR cannot be written to"
  work=$(mktemp -d "$SCRATCH_DIR/recover.XXXXXX")
  fetch_accounts "$line" "$work"
  into=$DATA_DIR/restored-$point aside=$DATA_DIR/replaced-$(stamp now)
  rm -rf "$into"
  mkdir "$into"
  tools_restore "$work/copy" "$into" || die "copy $point cannot be restored: the step can be repeated"
  confirm_accounts "$work/manifest.json" "$into"
  # Only what was read whole takes a place; what was there stays beside it.
  mkdir "$aside"
  for name in "${kept[@]}"; do
    if [[ -e $DATA_DIR/$name ]]; then mv "$DATA_DIR/$name" "$aside/$name"; fi
    if [[ -e $into/$name ]]; then mv "$into/$name" "$DATA_DIR/$name"; fi
  done
  # What the tools keep beside them: their own note of the version, for one.
  find "$into" -mindepth 1 -maxdepth 1 -exec mv -f -t "$DATA_DIR" {} +
  rmdir "$into"
  sync -f "$DATA_DIR"
  jq --arg version "${line##* }" --arg aside "$aside" '{point, version: $version, holds, ended, replaced: $aside}' "$work/manifest.json"
  rm -rf "$work"
}

verify_copy() {
  local restored
  restored=$(result restore)
  printf '%s' "$restored" >"$RUN_DIR/restored.json"
  confirm_accounts "$RUN_DIR/restored.json" "$DATA_DIR"
  jq -c '{point, holds, ended}' <<<"$restored"
}

in_turn
if [[ $step == room || $step == find || $step == restore ]]; then whose; fi
case $step in
  stop) result=$(stop_service) ;;
  room) result=$(room) ;;
  find) result=$(find_copy) ;;
  restore) result=$(restore_copy) ;;
  verify) result=$(verify_copy) ;;
  resume)
    start_service
    result=$(jq -n --arg url "$SITE_URL" '{healthy: $url}')
    ;;
esac
done_with "$result"
