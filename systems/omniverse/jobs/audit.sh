#!/usr/bin/env bash
# audit.sh: the monthly look at who came in and what is open: failed logins, users who stay away, the certificate, ports,
# security updates. Fails for what must be mended, and for what could not be looked at; the rest is for people to read.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/nucleus.sh
source "$JOBS_DIR/nucleus.sh"
# shellcheck source=systems/omniverse/jobs/packages.sh
source "$JOBS_DIR/packages.sh"

need ASSET BUCKET BUCKET_REGION PUSHGATEWAY_URL NUCLEUS_URL OPERATIONS_PREFIX SITE_NAME LOGS_DIR OPEN_PORTS
: "${SITE_PORT:=443}"
whole INACTIVE_DAYS REQUIRED_LOCK_DAYS CERTIFICATE_DAYS SITE_PORT
[[ $OPEN_PORTS =~ ^[0-9]+(,[0-9]+)*$ ]] || die "OPEN_PORTS must be like 80,443, got '$OPEN_PORTS'"
work=$(mktemp -d "$RUN_DIR/audit.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Logs stay for 30 days before they are archived; some are packed earlier.
failed=null
# shellcheck disable=SC2153 # not JOBS_DIR
# As they come: a month of logs may be more than there is scratch.
if found=$(find "$LOGS_DIR" -xdev -type f -name '*.log*' -mmin -44640 -print0 | xargs -0 --no-run-if-empty zcat --force |
  { grep -ci 'authentication failed' || true; }); then
  failed=$found
else
  problem "logs cannot be read: failed logins are not counted"
fi

inactive=null
if nucleus-admin users list --inactive-days "$INACTIVE_DAYS" >"$work/users"; then
  inactive=$(jq -Rcn '[inputs | select(. != "")]' <"$work/users")
else
  problem "users cannot be listed"
fi

ends=null
if timeout 20 openssl s_client -servername "$SITE_NAME" -connect "$SITE_NAME:$SITE_PORT" </dev/null >"$work/served" 2>"$work/said" &&
  until=$(openssl x509 -noout -enddate <"$work/served") && until=$(date -u -d "${until#notAfter=}" +%s); then
  ends=$(jq -n --argjson at "$until" '$at | todate')
  ((until >= EPOCHSECONDS + CERTIFICATE_DAYS * 86400)) || problem "the certificate of $SITE_NAME ends $ends, within $CERTIFICATE_DAYS days"
else
  problem "$SITE_NAME shows no certificate: $(tail -n 1 "$work/said")"
fi

# A full connection to each port: raw packets and the guess at the system (-sS -O) would take root.
ports=null
if nmap -sT -Pn -p- --open --max-retries 2 --min-rate 500 --host-timeout 60m -oG - "$SITE_NAME" >"$work/scan" &&
  grep -q '^# Nmap done' "$work/scan" && ! grep -q 'Status: Timeout' "$work/scan"; then
  ports=$(sed -n 's/.*Ports: //p' "$work/scan" | tr ',' '\n' | sed -n 's,^ *\([0-9]*\)/open/.*,\1,p' | jq -cn '[inputs] | unique')
  while IFS= read -r port; do
    problem "port $port of $SITE_NAME is open and nobody declared it"
  done < <(jq -r --argjson known "[$OPEN_PORTS]" '. - $known | .[]' <<<"$ports")
  if [[ $ports == '[]' ]]; then problem "no port of $SITE_NAME was found open: was it reached at all?"; fi
else
  problem "the ports of $SITE_NAME could not be looked at"
fi

security=null
if upgradable >"$work/packages"; then
  security=$(jq -Rcn '[inputs | split(" ") | select(.[1] == "security") | .[0]]' <"$work/packages")
else
  problem "packages cannot be looked up"
fi

jq -n --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --argjson failed "$failed" --argjson inactive "$inactive" --argjson ends "$ends" \
  --argjson ports "$ports" --argjson security "$security" --argjson problems "$(problems_json)" '{timestamp: $at,
    failedLogins: $failed, inactiveUsers: $inactive, certificateEnds: $ends, openPorts: $ports, securityUpdates: $security,
    problems: $problems}' >"$work/report.json"
jq -c . "$work/report.json"
leave "$work/report.json" "reports/omniverse-audit-$(date -u +%Y%m).json" || problem "the audit was not stored"
{
  printf 'holdfast_audit_problems{asset="%s",role="audit"} %d\n' "$ASSET" "${#problems[@]}"
  if [[ $failed != null ]]; then printf 'holdfast_failed_logins{asset="%s",role="audit"} %d\n' "$ASSET" "$failed"; fi
} | push audit
end_with_problems
