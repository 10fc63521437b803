# shellcheck shell=bash
# shellcheck disable=SC2034 # who sources this reads the prefixes
# Each site keeps its copies in a folder of its own, PREFIX being .../<site>: after a failover a first site that lives on may
# go on copying what nobody works on any more. So a job copies only where its site serves, and whoever restores says whose.

# of_site SITE: from here on its copies are meant.
of_site() {
  PREFIX=${PREFIX%/*}/$1
  DATABASE_PREFIX=${DATABASE_PREFIX%/*}/$1
  ASSETS_PREFIX=${ASSETS_PREFIX%/*}/$1
}

# newest_by_site: lines "<capture> <site>" of each site that has a point below PREFIX, oldest first.
newest_by_site() {
  local site found
  for site in $SITES; do
    found=$(s3 list-object-versions --bucket "$BUCKET" --prefix "${PREFIX%/*}/$site/points/") || die "the bucket $BUCKET cannot be listed"
    jq -r --arg site "$site" '[.Versions[]?.Key | split("/") | last | rtrimstr(".json")] | max // empty | "\(.) \($site)"' <<<"$found"
  done | LC_ALL=C sort
}

# newest_site: the one that copied last.
newest_site() {
  local newest
  newest=$(newest_by_site) || exit 1
  newest=$(tail -n 1 <<<"$newest")
  [[ -n $newest ]] || die "the bucket has no copy of $ASSET"
  printf '%s' "${newest#* }"
}

# site_that_served: SERVED, which only a person knows once two sites have made copies; else the one that has any.
site_that_served() {
  local newest
  if [[ -n ${SERVED:-} ]]; then
    [[ " $SITES " == *" $SERVED "* ]] || die "SERVED must be one of: $SITES, got '$SERVED'"
    printf '%s' "$SERVED"
    return
  fi
  newest=$(newest_by_site) || exit 1
  if [[ $newest == *$'\n'* ]]; then
    die "more than one site has copies of $ASSET (newest: ${newest//$'\n'/, }): SERVED must be set in the ConfigMap omniverse-incident, to the one that served at that moment"
  fi
  printf '%s' "${newest:+${newest#* }}"
}

# serves: does this site serve? Where nobody can say, it does: a copy too many costs room.
serves() {
  local records first
  [[ -n ${SERVES_AS:-} ]] || return 0
  if ! records=$(AWS_MAX_ATTEMPTS=2 aws route53 list-resource-record-sets --region "$AWS_REGION" --output json --hosted-zone-id "$HOSTED_ZONE_ID" \
    --start-record-name "$RECORD_NAME" --start-record-type CNAME --max-items 10 --cli-connect-timeout 5 --cli-read-timeout 30) ||
    ! first=$(jq -re --arg name "$RECORD_NAME" 'first(.ResourceRecordSets[] | select((.Name | rtrimstr(".")) == $name and .Failover == "PRIMARY")
      | .ResourceRecords[0].Value | strings | rtrimstr("."))' <<<"$records"); then
    log "Route 53 does not say who serves: copied in case it is this site"
    return 0
  fi
  [[ $first == "$SERVES_AS" ]]
}

# only_where_it_serves: ends the job well where another site serves.
only_where_it_serves() {
  if ! serves; then
    log "$RECORD_NAME does not lead to $SERVES_AS first: another site serves, and nothing is copied here"
    exit 0
  fi
}
