#!/usr/bin/env bash
# recover.sh STEP: one step of a recovery; each is a suspended CronJob of its own. Order, and what is handed on:
#   restore      stop > find > restore > start > verify > resume
#   data centre  activate > deploy > find > restore > start > verify > dns > resume
#   corruption   stop-writes > scope > find-clean > restore > start > replay > validate > resume
# A step writes <step>.json when it is done, and refuses while the step before it has not. The first step begins anew.
set -euo pipefail
# shellcheck source=systems/omendb/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/jobs/incident.sh
source "$JOBS_DIR/incident.sh"

step=${1:-}
said=$(words_said DAMAGE_TIME RESTORE_BEFORE LOST_UNTIL MAX_CANDIDATES OLD_SITE_KUBECONFIG REQUIRED_OBJECTS INCIDENT INCIDENT_WRITTEN)
[[ -z $said ]] || of_this_incident omendb-incident "$said"
state=${RECOVERY_DIR:-$SCRATCH_DIR/recovery}
mkdir -p "$state"
exec {lock}>"$state/lock"
flock -n "$lock" || die "another recovery step is running"

begin() { # a former recovery's steps must not count for this one
  rm -f "$state"/*.json
  jq -n --arg kind "$1" --arg id "$(stamp now)" '{id: $id, kind: $kind}' >"$state/recovery.json"
}
kind() { jq -r .kind "$state/recovery.json" 2>/dev/null || true; }
after() { # after STEP...: one of them is done
  local name any=''
  for name in "$@"; do
    [[ ! -e $state/$name.json ]] || return 0
    any+="${any:+ or }$name"
  done
  die "$step must come after $any, which is not done"
}
# done_with JSON: records this step. Later steps start from nothing again when an earlier one is repeated.
done_with() {
  local later='' name
  for name in activate stop stop-writes deploy scope find find-clean restore start verify replay validate dns resume; do
    if [[ -n $later ]]; then rm -f "$state/$name.json"; fi
    if [[ $name == "$step" ]]; then later=yes; fi
  done
  jq -c --arg step "$step" --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --argjson seconds "$SECONDS" \
    '{step: $step, at: $at, seconds: $seconds} + .' <<<"$1" >"$state/$step.new"
  mv "$state/$step.new" "$state/$step.json"
  cat "$state/$step.json"
}
use_cluster() { # shellcheck source=systems/omendb/jobs/cluster.sh
  source "$JOBS_DIR/cluster.sh"
}
use_bucket() {
  need BUCKET PREFIX BUCKET_REGION
  # shellcheck source=systems/omendb/jobs/points.sh
  source "$JOBS_DIR/points.sh"
}
# damage_stamp: the first sign of damage, sortable as the points are; after now there are no points, so the newest would pass.
damage_stamp() {
  local damage
  damage=$(date -u -d "$DAMAGE_TIME" +%s) || die "cannot read DAMAGE_TIME '$DAMAGE_TIME'"
  ((damage <= EPOCHSECONDS)) || die "DAMAGE_TIME must be in the past, got '$DAMAGE_TIME'"
  stamp "$DAMAGE_TIME"
}
# The number of records against the point that was restored; clients may have added some since the start.
check_records() {
  local now least
  now=$(records_at "$OMENDB_URL")
  least=$(jq '.records | if . == null then null else ([.before, .after] | min) end' "$state/restore.json")
  [[ $now != null ]] || die "the database does not say how many records it holds"
  [[ $least != null ]] || die "the restored point does not say how many records it holds"
  ((now >= least)) || die "the database holds $now records, the restored point at least $least"
  printf '%s' "$now"
}

case $step in
  stop)
    begin restore
    use_cluster
    stop_database
    done_with '{}'
    ;;
  activate)
    use_cluster
    use_bucket
    need IMAGE CLAIMS
    begin data-centre
    ready=$(kubectl --request-timeout=20s get nodes -o json |
      jq '[.items[] | select(any(.status.conditions[]?; .type == "Ready" and .status == "True"))] | length')
    ((ready >= ${MIN_NODES:-1})) || die "this site must have ${MIN_NODES:-1} ready nodes, got $ready"
    for claim in $CLAIMS; do
      [[ $(kube get pvc "$claim" -o json | jq -r .status.phase) == Bound ]] || die "claim $claim is not bound"
    done
    point=$(newest_point now) || die "the bucket $BUCKET has no restore point that can be read from here"
    # The old site must not write again when it comes back; one that cannot be reached is recorded, not assumed dead.
    old=none
    if [[ -n ${OLD_SITE_KUBECONFIG:-} ]]; then
      [[ -r $OLD_SITE_KUBECONFIG ]] || die "OLD_SITE_KUBECONFIG must be readable, got '$OLD_SITE_KUBECONFIG'"
      if kubectl --kubeconfig "$OLD_SITE_KUBECONFIG" --request-timeout=10s get --raw /readyz >/dev/null 2>&1; then
        kube() { kubectl --kubeconfig "$OLD_SITE_KUBECONFIG" --namespace "$NAMESPACE" --request-timeout=20s "$@"; }
        stop_database
        old=fenced
      else
        old=unreachable
        log "the old site does not answer: it is not fenced, and must be before it is connected again"
      fi
    fi
    done_with "$(jq -n --arg old "$old" --arg point "${point%% *}" --argjson nodes "$ready" '{oldSite: $old, newestPoint: $point, readyNodes: $nodes}')"
    ;;
  deploy)
    after activate
    need IMAGE
    use_cluster
    for object in ${REQUIRED_OBJECTS:-service/$DEPLOYMENT endpointslice/$SLICE lease/$LEASE configmap/omendb-config}; do
      kube get "$object" -o name >/dev/null || die "$object does not exist at this site"
    done
    running=$(kube get "deployment/$DEPLOYMENT" -o json |
      jq -r --arg name "$CONTAINER" '.spec.template.spec.containers[] | select(.name == $name) | .image')
    [[ $running == "$IMAGE" ]] || die "$DEPLOYMENT at this site must run $IMAGE, got '$running'"
    no_pods || stop_database
    done_with "$(jq -n --arg image "$running" '{image: $image}')"
    ;;
  stop-writes)
    begin corruption
    use_cluster
    # The guide names no read-only mode: no writes means no database.
    stop_database
    done_with '{}'
    ;;
  scope)
    after stop-writes
    use_bucket
    need DAMAGE_TIME
    damage=$(damage_stamp)
    changed=$(find "$DATA_ROOT/data" "$DATA_ROOT/wal" -type f -not -path '*/.holdfast/*' -newermt "$DAMAGE_TIME" -printf '%s\n' |
      jq -s '{files: length, bytes: (add // 0)}')
    suspect=$(list_points | LC_ALL=C awk -v damage="$damage" '$1 "" >= damage ""' | wc -l)
    before=$(newest_point "$DAMAGE_TIME") || before=''
    done_with "$(jq --arg damage "$DAMAGE_TIME" --argjson suspect "$suspect" --arg before "${before%% *}" \
      '{damageTime: $damage, changedSince: ., suspectPoints: $suspect, newestPointBefore: $before}' <<<"$changed")"
    ;;
  find)
    after stop deploy
    use_bucket
    if [[ ${CLEAN_ROOM:-no} == yes ]]; then
      # Since then whoever holds the credentials may have written points, under any name.
      need RESTORE_BEFORE
      WRITTEN_BEFORE=$RESTORE_BEFORE
    fi
    line=$(newest_point "${RESTORE_BEFORE:-now}") || die "the bucket has no point not later than${WRITTEN_BEFORE:+, and written by,} ${RESTORE_BEFORE:-now}"
    manifest=$(fetch_manifest "${line%% *}" "${line##* }")
    done_with "$(jq '{point, capture, chain, backup, bytes: ([.files[].size] | add)}' "$manifest")"
    ;;
  find-clean)
    after scope
    use_bucket
    need DAMAGE_TIME
    damage=$(epoch_of "$(damage_stamp)")
    found='' tried=0
    while read -r point version; do
      if ((tried >= ${MAX_CANDIDATES:-5})); then break; fi
      manifest=$(fetch_manifest "$point" "$version")
      # A backup copies files while they change: it is clean only if the copying had ended before the damage.
      (($(date -u -d "$(jq -r .copied "$manifest")" +%s) < damage)) || continue
      tried=$((tried + 1))
      if dir=$(fetch_point "$manifest") && verify_chain "$manifest" "$dir"; then
        found=$manifest
        break
      fi
      log "point $point does not verify: trying the one before"
    done < <(list_points | LC_ALL=C awk -v limit="$(damage_stamp)" '$1 "" < limit ""' | tac)
    [[ -n $found ]] || die "none of $tried points before $DAMAGE_TIME verifies"
    done_with "$(jq --arg damage "$DAMAGE_TIME" '{point, capture, chain, backup, damageTime: $damage, bytes: ([.files[].size] | add)}' "$found")"
    ;;
  restore)
    after find find-clean
    use_cluster
    no_pods || die "pods of $DEPLOYMENT are running: a restore under them would be written over"
    if [[ -e $state/find-clean.json ]]; then chosen="find-clean"; else chosen="find"; fi
    chosen=$(jq -r .point "$state/$chosen.json")
    POINT=$chosen TARGET_DIR=$DATA_ROOT DATABASE_STOPPED=yes RESULT_FILE=$state/restored "$JOBS_DIR/restore.sh" >/dev/null ||
      die "the restore of point $chosen failed"
    done_with "$(cat "$state/restored")"
    ;;
  start)
    after restore
    use_cluster
    start_database
    done_with '{}'
    ;;
  verify)
    after start
    use_cluster
    healthy "$OMENDB_URL" "$METRICS_URL" || die "the database is not healthy"
    serving || die "not exactly one pod serves"
    records=$(check_records)
    done_with "$(jq -n --argjson records "$records" '{healthy: true, records: $records}')"
    ;;
  replay)
    after restore
    # There is no log archive: what was written between the point and the stop is gone, and this says how much that is.
    done_with "$(jq -s --arg until "${LOST_UNTIL:-$(jq -r .at "$state/stop-writes.json" 2>/dev/null || date -u +%FT%TZ)}" \
      '{replayed: false, lostFrom: .[0].capture, lostUntil: $until}' "$state/restore.json")"
    log "nothing is replayed, there is no log archive: writes between $(jq -r .lostFrom "$state/replay.json") and $(jq -r .lostUntil "$state/replay.json") are lost; enter them again from their sources"
    ;;
  validate)
    after replay
    after start
    use_cluster
    healthy "$OMENDB_URL" "$METRICS_URL" || die "the database is not healthy"
    records=$(check_records)
    statistics=$(omendb_curl "$OMENDB_URL/admin/index-stats" | jq -c .) || die "the index statistics do not answer"
    done_with "$(jq -n --argjson records "$records" --argjson statistics "$statistics" '{healthy: true, records: $records, index: $statistics}')"
    ;;
  dns)
    # Clients follow the record: not before the new site has proved that it serves the right data.
    after verify
    need HOSTED_ZONE_ID RECORD_NAME RECORD_VALUE
    : "${RECORD_TYPE:=CNAME}" "${RECORD_TTL:=60}" "${DNS_TIMEOUT:=300s}"
    whole RECORD_TTL
    limit=$(seconds_of "$DNS_TIMEOUT") || die "DNS_TIMEOUT must be like 300s, got '$DNS_TIMEOUT'"
    batch=$(jq -cn --arg name "$RECORD_NAME" --arg type "$RECORD_TYPE" --argjson ttl "$RECORD_TTL" --arg value "$RECORD_VALUE" \
      '{Comment: "holdfast recovery", Changes: [{Action: "UPSERT", ResourceRecordSet: {Name: $name, Type: $type, TTL: $ttl, ResourceRecords: [{Value: $value}]}}]}')
    change=$(aws route53 change-resource-record-sets --output json --hosted-zone-id "$HOSTED_ZONE_ID" --change-batch "$batch" | jq -r .ChangeInfo.Id)
    until [[ $(aws route53 get-change --output json --id "$change" | jq -r .ChangeInfo.Status) == INSYNC ]]; do
      ((SECONDS < limit)) || die "the record $RECORD_NAME is not in sync after $DNS_TIMEOUT"
      sleep "${POLL_SECONDS:-5}"
    done
    done_with "$(jq -n --arg name "$RECORD_NAME" --arg value "$RECORD_VALUE" --argjson ttl "$RECORD_TTL" '{record: $name, value: $value, ttl: $ttl}')"
    ;;
  resume)
    case $(kind) in
      data-centre) after dns ;;
      corruption) after validate ;;
      *) after verify ;;
    esac
    need FULL_CRONJOB INCREMENTAL_CRONJOB
    use_cluster
    # A standby site's backups are suspended; from now on it is the one that must be protected.
    for cronjob in "$FULL_CRONJOB" "$INCREMENTAL_CRONJOB"; do
      kube patch "cronjob/$cronjob" --type=merge --patch '{"spec":{"suspend":false}}' >&2
    done
    # The restored data continues no chain in the bucket: a new one begins now, not at the next schedule.
    kube create job "$FULL_CRONJOB-recovery-$(date -u +%Y%m%d%H%M%S)" "--from=cronjob/$FULL_CRONJOB" >&2
    done_with "$(jq -s '{recovered: .[0].kind, point: .[1].point}' "$state/recovery.json" "$state/restore.json")"
    ;;
  *) die "unknown step '$step'" ;;
esac
