# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # recover.sh sources what belongs together
# The first site, before the second serves: what of it may still write, and what its silence means.

# said_by URL: what a site says of itself at /health: serves; refuses, an answer that is another; nothing, where no answer
# came, which may be the site or the way to it; unclear, where something is there that cannot be understood.
said_by() {
  local code ended=0
  code=$(curl --silent --max-time "${ANSWER_SECONDS:-10}" --output /dev/null --write-out '%{http_code}' "$1/health") || ended=$?
  case $ended/$code in
    0/2??) printf serves ;;
    0/*) printf refuses ;;
    # https://curl.se/libcurl/c/libcurl-errors.html: no such name, no connection, too late.
    6/* | 7/* | 28/*) printf nothing ;;
    *) printf unclear ;;
  esac
}

# falls_silent URL: three times in a row it does not serve; one 503 is a hiccup. Sets `word`: refuses where it answered any
# of them, which shows that the way there is open. Fails where it goes on serving.
falls_silent() {
  local end=$((EPOCHSECONDS + ${FENCE_SECONDS:-60})) times=0 now
  word=nothing
  while ((times < 3)); do
    now=$(said_by "$1")
    case $now in
      refuses | nothing)
        times=$((times + 1))
        if [[ $now == refuses ]]; then word=refuses; fi
        ;;
      *)
        times=0 word=$now
        ((EPOCHSECONDS < end)) || return 1
        word=nothing
        ;;
    esac
    ((times == 3)) || sleep "$POLL_SECONDS"
  done
}

# doubt: why silence may be that of the way from here, or nothing: where one gets out from here now, and a probe from here
# has reached the first site within the last day, it is that of the site.
doubt() {
  local code=0
  case $(said_by "$SITE_URL") in
    serves | refuses) ;;
    *) printf '%s' "$SITE_URL, the address of this site itself, does not answer from here either" && return 0 ;;
  esac
  seen_by_probe "$PRIMARY_PROBE" 1d || code=$?
  case $code in
    1) printf '%s' "the probe $PRIMARY_PROBE has not seen the first site within the last day" ;;
    2) printf '%s' "$PROMETHEUS_URL does not say whether the probe $PRIMARY_PROBE has seen the first site" ;;
  esac
}

# unless_said WHY: ends the step, unless whoever looked has said that nothing there can write.
unless_said() {
  [[ ${FENCED:-no} == yes ]] ||
    die "$1; stop what writes there, or see that it is stopped, then write FENCED=yes into the ConfigMap omniverse-incident and start this step again"
  log "$1; going on, because FENCED=yes"
}

# fenced: of the first region's database, whose name is taken away: that restarts it, ends its connections, and takes away
# the address that Nucleus there knows, while it loses nothing and can be renamed back. Sets `first`, and
# `served`, the instance that had it.
fenced() {
  local end=$((EPOCHSECONDS + ${FENCE_SECONDS:-60})) within=$RENAME_SECONDS to=$DB_INSTANCE-fenced
  local AWS_REGION=$PRIMARY_REGION QUICKLY=yes
  if [[ ${FENCED:-no} == yes ]]; then within=${FENCE_SECONDS:-60}; fi
  # An error may be of a moment: too many questions, for instance.
  while look "$DB_INSTANCE"; [[ $status == unknown && $heard == yes ]] && ((EPOCHSECONDS < end)); do sleep "$POLL_SECONDS"; done
  if [[ $status != unknown && $status != absent ]]; then
    served=$(jq -c '{resource: .DbiResourceId, replicas: (.ReadReplicaDBInstanceIdentifiers // [])}' <<<"$seen")
    to=$(unused "$to")
    if renamed "$DB_INSTANCE" "$to" "$within"; then
      first=fenced
      return
    fi
  fi
  case $status/$heard in
    absent/*)
      look "$to"
      if [[ -n $seen ]]; then first=fenced; else first=absent; fi
      ;;
    unknown/no) first=unreachable ;;
    unknown/*)
      first=unknown
      unless_said "RDS of $PRIMARY_REGION answers and does not say what $DB_INSTANCE is: $(rds_said)"
      ;;
    *)
      first='not fenced'
      unless_said "$refused"
      ;;
  esac
}

# fence: two sites that write are worse than none. The table of what goes on and what stops is on the page of this step
# (systems/omniverse/fence.ts).
fence() {
  local first='' health refused='' word why='' served=''
  need PRIMARY_URL PRIMARY_REGION SITE_URL PROMETHEUS_URL PRIMARY_PROBE
  whole RENAME_SECONDS
  # Here first: what this region gives is kept and used for the other as well, where it might be lost with the rest; and what
  # is silent here too says nothing of there.
  QUICKLY=yes look "$DB_REPLICA"
  if [[ $heard == no ]]; then unless_said "RDS of this region, $AWS_REGION, does not answer either: what $PRIMARY_REGION does cannot be told from here"; fi
  fenced
  # Both ways of the database ask it, and a run after this one sees no more who had the name.
  if [[ -n $served ]]; then note database.fenced "$(jq -c --arg at "$(date -u +%FT%TZ)" '{at: $at} + .' <<<"$served")"; fi
  if ! falls_silent "$PRIMARY_URL"; then
    if [[ $word == serves ]]; then health=answers; else health=unclear; fi
    unless_said "$PRIMARY_URL/health still answers: two sites would serve"
  elif [[ $word == refuses ]]; then
    health=silent
  else
    health=unanswered
    if [[ $first == unreachable ]]; then why=$(doubt); fi
    if [[ -n $why ]]; then unless_said "neither RDS of $PRIMARY_REGION nor $PRIMARY_URL answers, and that may be the way from here: $why"; fi
  fi
  case $first in
    fenced | absent) ;;
    *) log "$DB_INSTANCE is not fenced, and must be before $PRIMARY_REGION is connected again" ;;
  esac
  jq -n --arg first "$first" --arg health "$health" --arg said "${FENCED:-no}" '{firstSite: $first, health: $health, said: $said}'
}
