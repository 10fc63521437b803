# shellcheck shell=bash
# shellcheck disable=SC2154 # recover.sh and recoverAccounts.sh source what belongs together
# The clean room: people make it, and its first step waits until it is made, so that their work counts as recovery. Where
# the service of this cluster finds database and files is said once, in a ConfigMap that outlives the incident.

: "${PLACE_MAP:=omniverse-place}"

# place_of KEY: what the ConfigMap says; nothing where nobody has made it.
place_of() { cat "${PLACE_DIR:?}/$1" 2>/dev/null || true; }

# pointing: the command that points the service here, where it does not yet.
pointing() {
  if [[ $(place_of DATABASE_HOST) != "$TARGET_HOST" || $(place_of FILES_BUCKET) != "$TARGET_BUCKET" ]]; then
    printf 'where Nucleus finds its data: kubectl -n %s create configmap %s --from-literal=DATABASE_HOST=%s --from-literal=FILES_BUCKET=%s --dry-run=client -o yaml | kubectl apply -f -\n' \
      "$NAMESPACE" "$PLACE_MAP" "$TARGET_HOST" "$TARGET_BUCKET"
  fi
}

# lacking: a line for each thing that this room has not got; what each attempt said is in $RUN_DIR/room-said.
lacking() {
  (points=$(list_points) && [[ -n $points ]]) || printf 'copies of %s that this account can read in %s\n' "$asset" "$BUCKET"
  case $asset in
    assets)
      (open_repositories "$RUN_DIR") || printf 'the secret %s with the password of the repositories\n' "$RESTIC_SECRET"
      (list_versions "$TARGET_BUCKET" "$AWS_REGION" "$RUN_DIR/all") || printf 'the bucket %s in %s\n' "$TARGET_BUCKET" "$AWS_REGION"
      ;;
    database)
      (connect_to "$TARGET_HOST" && SQL_DATABASE=postgres sql <<<"select count(*) from pg_database where datname = '$DB_NAME'") >/dev/null ||
        printf 'PostgreSQL 15 with TLS at %s that the secret %s opens\n' "$TARGET_HOST" "$DB_SECRET"
      pointing
      ;&
    *) (deployments) >/dev/null || printf 'the Deployments of the recovery kit\n' ;;
  esac
}

# made: nothing is lacking; what is, is told whenever it changes.
made() {
  local now
  now=$(lacking 2>"$RUN_DIR/room-said")
  if [[ $now != "${lacks:-}" && -n $now ]]; then log "still to be made: ${now//$'\n'/; }"; fi
  lacks=$now
  [[ -z $now ]]
}

# room: waits for whoever makes it, as long as the step has.
room() {
  local lacks=''
  case $asset in
    assets) need TARGET_BUCKET ;;
    database) need TARGET_HOST TARGET_BUCKET ;;
  esac
  wait_until "$STEP_SECONDS" made || die "still to be made: ${lacks//$'\n'/; }; the last attempt said: $(tail -n 1 "$RUN_DIR/room-said")"
  jq -n --arg host "${TARGET_HOST:-}" --arg bucket "${TARGET_BUCKET:-}" '{made: true, host: $host, bucket: $bucket}'
}

# points_here: a service that started on anything else than what was restored would seem to be recovered.
points_here() {
  local lacks
  need TARGET_HOST TARGET_BUCKET
  lacks=$(pointing)
  [[ -z $lacks ]] || die "$PLACE_MAP does not say $lacks"
}
