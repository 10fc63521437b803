# shellcheck shell=bash
# Nobody writes in the lost region, and nobody there writes into what serves now; nothing here acts until it is called.

# closed ACCOUNT [SUBNET...]: the account takes calls from these networks and no other.
closed() {
  local id=$1 seen
  shift
  printf '%s\n' "$@" | jq -Rn '[inputs | select(. != "") | {id: ., action: "Allow"}] | {properties: {publicNetworkAccess:
    (if . == [] then "Disabled" else "Enabled" end), networkAcls: {defaultAction: "Deny", bypass: "None", ipRules: [], virtualNetworkRules: .}}}' >"$work/closed"
  arm PATCH "$id?api-version=2024-01-01" "$work/closed" >/dev/null || return
  seen=$(arm GET "$id?api-version=2024-01-01") || return
  jq -e --slurpfile wanted "$work/closed" '.properties.networkAcls.defaultAction == "Deny" and
    ([.properties.networkAcls.virtualNetworkRules[]?.id] | sort) == ([$wanted[0].properties.networkAcls.virtualNetworkRules[].id] | sort)' <<<"$seen" >/dev/null
}

# lake_fence: the account of the lost region is closed to all, those that serve now to all but this region. A workspace
# there that still lives, or comes back, can neither write nor clone over what people go on with.
lake_fence() {
  local lost
  lost=$(lost_at) || exit 1
  # shellcheck disable=SC2086 # a list
  closed "$COPY_ID" $OWN_SUBNETS || die "$COPY_ID cannot be closed to the lost region: a workspace there could clone over what is to serve"
  # shellcheck disable=SC2086 # a list
  closed "$LOCKED_ID" $OWN_SUBNETS || die "$LOCKED_ID cannot be closed to the lost region"
  if ! closed "$WRITTEN_ID"; then
    [[ ${FENCED:-no} == yes ]] ||
      die "$WRITTEN_ID cannot be closed: what still writes there is lost; see that nothing does, write FENCED=yes into analytics-incident and start this step again"
    log "$WRITTEN_ID cannot be closed; going on, because FENCED=yes"
  fi
  jq -n --arg lost "$(iso "$lost")" '{$lost}'
}
