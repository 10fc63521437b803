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

# waiting: what pods of the service cannot start without: they would wait for it until resume gives up.
waiting() {
  local one
  for one in $ROOM_SECRETS; do
    if [[ ! -s $ROOM_DIR/$one ]]; then
      printf 'the Secret %s with the key %s, which %s\n' "${one%/*}" "${one##*/}" \
        "$(if [[ ${one##*/} == token ]]; then printf 'somebody makes here'; else printf 'cert-manager makes: see its Certificate and issuer'; fi)"
    fi
  done
  aws secretsmanager describe-secret --region "$AWS_REGION" --output json --secret-id "$DIRECTORY_SECRET" |
    jq -e 'any(.VersionIdsToStages[]?[]; . == "AWSCURRENT")' >/dev/null ||
    printf 'the secret %s in %s with the password of the directory\n' "$DIRECTORY_SECRET" "$AWS_REGION"
}

# claims PHASES: those of the kit's claims that are in one of these phases, each with it.
claims() {
  local name phase
  for name in ${CLAIMS:-}; do
    phase=$(kube get persistentvolumeclaim "$name" -o json | jq -r '.status.phase // "Pending"') || phase=missing
    if [[ " $1 " == *" $phase "* ]]; then printf 'the claim %s, which is %s\n' "$name" "$phase"; fi
  done
}

# leading: what the last step needs of Route 53 to lead people here: it reaches zones and checks of this account alone.
leading() {
  aws route53 list-resource-record-sets --output json --hosted-zone-id "$(zone)" --max-items 1 >/dev/null ||
    printf 'a zone of this account for %s, with its id as TARGET_ZONE in omniverse-incident; %s is none\n' "$RECORD_NAME" "$(zone)"
  (check_of "$RECORD_VALUE") >/dev/null || printf 'a health check of this account that asks https://%s/health\n' "$RECORD_VALUE"
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
      waiting
      leading
      ;&
    *)
      (deployments) >/dev/null || printf 'the Deployments of the recovery kit\n'
      claims 'missing Lost'
      ;;
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
    database) need TARGET_HOST TARGET_BUCKET ROOM_DIR ROOM_SECRETS DIRECTORY_SECRET CLAIMS RECORD_NAME RECORD_VALUE HOSTED_ZONE_ID ;;
    *) need CLAIMS ;;
  esac
  wait_until "$STEP_SECONDS" made || die "still to be made: ${lacks//$'\n'/; }; the last attempt said: $(tail -n 1 "$RUN_DIR/room-said")"
  # It may wait for its first pod, as some classes do.
  lacks=$(claims Pending)
  if [[ -n $lacks ]]; then log "see that its StorageClass is here: ${lacks//$'\n'/; }"; fi
  jq -n --arg host "${TARGET_HOST:-}" --arg bucket "${TARGET_BUCKET:-}" '{made: true, host: $host, bucket: $bucket}'
}

# points_here: a service that started on anything else than what was restored would seem to be recovered.
points_here() {
  local lacks
  need TARGET_HOST TARGET_BUCKET
  lacks=$(pointing)
  [[ -z $lacks ]] || die "$PLACE_MAP does not say $lacks"
}
