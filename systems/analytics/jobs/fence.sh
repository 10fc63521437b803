# shellcheck shell=bash
# Nobody writes in the lost region, and nobody there writes into what serves now; nothing here acts until it is called.

# closed ACCOUNT [SUBNET...]: the account takes calls from these networks, and from the catalog that works in them, and no
# other. Services that Azure trusts are not let in: the catalogs of all regions are among them.
closed() {
  local id=$1 seen
  shift
  printf '%s\n' "$@" | jq -Rn --arg tenant "${AZURE_TENANT_ID:-}" --arg catalog "${OWN_CATALOG:-}" '[inputs | select(. != "") | {id: ., action: "Allow"}]
    | {properties: {publicNetworkAccess: (if . == [] then "Disabled" else "Enabled" end), networkAcls: {defaultAction: "Deny", bypass: "None", ipRules: [],
        virtualNetworkRules: ., resourceAccessRules: (if . == [] then [] else [{tenantId: $tenant, resourceId: $catalog}] end)}}}' >"$work/closed"
  arm PATCH "$id?api-version=2024-01-01" "$work/closed" >/dev/null || return
  seen=$(arm GET "$id?api-version=2024-01-01") || return
  jq -e --slurpfile wanted "$work/closed" 'def plain: .properties | [.publicNetworkAccess, .networkAcls.defaultAction, .networkAcls.bypass,
      ([.networkAcls.virtualNetworkRules[]?.id | ascii_downcase] | sort), [.networkAcls.resourceAccessRules[]?.resourceId | ascii_downcase]];
    plain == ($wanted[0] | plain)' <<<"$seen" >/dev/null
}

# opened ACCOUNT SUBNET...: the account takes calls from these networks, and from the services that Azure trusts, among them the
# catalogs of all regions, as it is declared.
opened() {
  local id=$1 seen
  shift
  seen=$(arm GET "$id?api-version=2024-01-01") || die "$id does not answer: its region does not stand again"
  jq -e '.properties | [.networkAcls.virtualNetworkRules[]?.id | ascii_downcase] as $open | .publicNetworkAccess != "Disabled"
    and .networkAcls.bypass == "AzureServices" and ([$ARGS.positional[] | ascii_downcase] - $open == [])' --args "$@" <<<"$seen" >/dev/null
}

# lake_fence: the account of the lost region is closed to all, the clones that serve now to all but this region. A workspace
# there that still lives, or comes back, can neither write nor clone over what people go on with. The account under the lock
# stays as it is: Capture and the clean room go on, and nobody can take away or replace what lies there.
lake_fence() {
  local lost
  need OWN_CATALOG AZURE_TENANT_ID
  lost=$(lost_at) || exit 1
  # shellcheck disable=SC2086 # a list
  closed "$COPY_ID" $OWN_SUBNETS || die "$COPY_ID cannot be closed to the lost region: a workspace there could clone over what is to serve"
  if ! closed "$WRITTEN_ID"; then
    [[ ${FENCED:-no} == yes ]] ||
      die "$WRITTEN_ID cannot be closed: what still writes there is lost; see that nothing does, write FENCED=yes into analytics-incident and start this step again"
    log "$WRITTEN_ID cannot be closed; going on, because FENCED=yes"
  fi
  lake_rests
  jq -n --arg lost "$(iso "$lost")" '{$lost}'
}
