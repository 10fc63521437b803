# shellcheck shell=bash
# Which account a site is in, as its cloud tells the job; nothing here acts until it is called.

# account_in CLOUD: prints the account, or fails.
account_in() {
  case $1 in
    aws) aws sts get-caller-identity --output json | jq -r .Account ;;
    azure) subscriptions ;;
    *) log "account must be asked of aws or azure, got cloud '$1'" && return 1 ;;
  esac
}

# subscriptions: those in which the job's identity may see anything, each with its directory where that is another one.
# Nothing in the question names the subscription that the register claims.
subscriptions() {
  local seen
  # shellcheck source=systems/analytics/jobs/azure.sh
  source "$JOBS_DIR/azure.sh"
  need ARM_URL AZURE_TENANT_ID
  seen=$(arm_all "/subscriptions?api-version=2022-12-01") || return 1
  [[ $(jq length <<<"$seen") != 0 ]] || { log "Azure shows no subscription: the identity has no role in any" && return 1; }
  jq -r --arg tenant "$AZURE_TENANT_ID" '
    [.[] | .subscriptionId + (if .tenantId == $tenant then "" else " of directory \(.tenantId)" end)] | sort | join(", ")' <<<"$seen"
}
