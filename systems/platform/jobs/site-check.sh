#!/usr/bin/env bash
# site-check.sh: whether this site is what the register says of it. Reads, and changes nothing. Every difference is
# named; what cannot be seen from here is said to be still assumed.
set -euo pipefail
: "${JOBS_DIR:=/opt/holdfast/jobs}"
# shellcheck source=systems/jobs/common.sh
source "$JOBS_DIR/common.sh"
# shellcheck source=systems/platform/jobs/account.sh
source "$JOBS_DIR/account.sh"

need SITE CLAIMS PUSHGATEWAY_URL
ASSET=site/$SITE
[[ -r $CLAIMS ]] || die "CLAIMS must be a file that can be read, got '$CLAIMS'"
differences=()
differs() { differences+=("$1 must be $2, got $3"); }
assumed() { log "still assumed: $*"; }
claimed() { jq -r "$1" "$CLAIMS"; }

nodes=$(kubectl get nodes -o json) || die "the nodes cannot be read"
label() { jq -c --arg key "$1" '[.items[].metadata.labels[$key] // "none"] | unique' <<<"$nodes"; }
regions=$(label topology.kubernetes.io/region) zones=$(label topology.kubernetes.io/zone)
[[ $regions == "$(claimed '[.region] | tojson')" ]] || differs "regions of the nodes" "$(claimed '[.region] | tojson')" "$regions"
[[ $zones == "$(claimed '.zones | unique | tojson')" ]] || differs "zones of the nodes" "$(claimed '.zones | unique | tojson')" "$zones"

classes=$(kubectl get storageclasses -o json) || die "the storage classes cannot be read"
while IFS= read -r claim; do
  name=$(jq -r .key <<<"$claim")
  there=$(jq -c --arg name "$name" '[.items[] | select(.metadata.name == $name)] | first' <<<"$classes")
  if [[ $there == null ]]; then
    differs "storage class $name" "there" "none"
    continue
  fi
  provisioner=$(jq -r '.value.provisioner // ""' <<<"$claim")
  if [[ -z $provisioner ]]; then
    assumed "the register names no provisioner of storage class $name, so what makes its volumes is not checked"
  elif [[ $(jq -r .provisioner <<<"$there") != "$provisioner" ]]; then
    differs "provisioner of storage class $name" "$provisioner" "$(jq -r .provisioner <<<"$there")"
  fi
  while IFS= read -r parameter; do
    key=$(jq -r .key <<<"$parameter") value=$(jq -r .value <<<"$parameter")
    got=$(jq -r --arg key "$key" '.parameters[$key] // "none"' <<<"$there")
    [[ $got == "$value" ]] || differs "parameter $key of storage class $name" "$value" "$got"
  done < <(jq -c '.value.parameters // {} | to_entries[]' <<<"$claim")
done < <(jq -c '.storageClasses | to_entries[]' "$CLAIMS")

account=$(account_in "$(claimed .cloud)") || die "the account cannot be read"
[[ $account == "$(claimed .account)" ]] || differs "account" "$(claimed .account)" "$account"

# Azure answers for the job's identity; nodes say for themselves in which subscription they run.
if [[ $(claimed .cloud) == azure ]]; then
  owners=$(jq -c '[.items[].spec.providerID // "" | capture("^azure:///subscriptions/(?<id>[^/]+)/").id | ascii_downcase] | unique' <<<"$nodes")
  case $owners in
    '[]') assumed "the nodes run in subscription $(claimed .account): none says where it runs" ;;
    "$(claimed '[.account] | tojson')") ;;
    *) differs "subscription of the nodes" "$(claimed '[.account] | tojson')" "$owners" ;;
  esac
fi

version=$(kubectl get --raw /version | jq -r '"\(.major).\(.minor | rtrimstr("+"))"') || die "the version of the API server cannot be read"
least=$(claimed .kubernetes)
[[ $(printf '%s\n%s\n' "$least" "$version" | sort -V | head -n 1) == "$least" ]] || differs "version of the API server" "$least or newer" "$version"

# The flags of a managed control plane are nobody's to see.
flags=$(kubectl get pods --namespace kube-system -l component=kube-controller-manager -o json | jq -c '[.items[].spec.containers[].command[]?]') || flags='[]'
grace=$(jq -r '[.[] | select(startswith("--node-monitor-grace-period=")) | split("=")[1]] | first // ""' <<<"$flags")
if [[ -z $grace ]]; then
  assumed "node grace $(claimed .nodeGrace), the flags of the controller manager are not visible"
elif [[ $grace != "$(claimed .nodeGrace)" ]]; then
  differs "node grace" "$(claimed .nodeGrace)" "$grace"
fi

# cert-manager: an issuer signs only while it is ready.
name=$(claimed .issuer)
issuers=$(kubectl get clusterissuers.cert-manager.io -o json) || die "the issuers of certificates cannot be read"
there=$(jq -r --arg name "$name" '[.items[] | select(.metadata.name == $name)
  | if any(.status.conditions[]?; .type == "Ready" and .status == "True") then "ready" else "not ready" end] | first // "none"' <<<"$issuers")
[[ $there == ready ]] || differs "issuer $name" "ready" "$there"

# Roles of AWS trust tokens of this issuer: https://openid.net/specs/openid-connect-discovery-1_0.html
name=$(kubectl get --raw /.well-known/openid-configuration | jq -r .issuer) || die "the OIDC issuer cannot be read"
[[ $name == "https://$(claimed .oidcIssuer)" ]] || differs "OIDC issuer" "https://$(claimed .oidcIssuer)" "$name"

# Where the load balancers of the ingress answer, clients must arrive.
name=$(claimed .endpoint) namespace=$(claimed .ingressNamespace)
addresses() { getent ahosts "$1" | awk '{print $1}' | sort -u; }
balancers=$(kubectl get services --namespace "$namespace" -o json | jq -r '.items[].status.loadBalancer.ingress[]? | .ip // .hostname') ||
  die "the services of the ingress cannot be read"
answers=$(addresses "$name") || answers=''
if [[ -z $answers ]]; then
  differs "endpoint $name" "a name that resolves" "no address"
elif [[ -z $balancers ]]; then
  assumed "endpoint $name leads here: namespace $namespace has no load balancer to compare it with"
else
  own=$(while IFS= read -r one; do addresses "$one" || true; done <<<"$balancers" | sort -u)
  [[ -n $(comm -12 <(printf '%s\n' "$answers") <(printf '%s\n' "$own")) ]] ||
    differs "endpoint $name" "an address of namespace $namespace's load balancers" "$(paste -sd ' ' <<<"$answers")"
fi

clouds=$(jq -c '[.items[] | {aws: "aws", azure: "azure", gce: "gcp"}[.spec.providerID // "" | split(":")[0] // ""] | strings] | unique' <<<"$nodes")
case $clouds in
  '[]') assumed "cloud $(claimed .cloud): no node says who runs it" ;;
  "$(claimed '[.cloud] | tojson')") ;;
  *) differs "cloud of the nodes" "$(claimed '[.cloud] | tojson')" "$clouds" ;;
esac

assumed "schedules without a time zone are read in $(claimed .controllerTimeZone), the clock of the controller manager is not visible"
assumed "Prometheus and Alertmanager of namespace $(claimed .monitoring.namespace) select what they obey by $(claimed '.monitoring.selectors | tojson')"
# No job may read IAM: what bounds a role is nothing that whoever has the role should see.
while IFS= read -r line; do assumed "$line"; done < <(jq -r '.rolesBoundaries // {} | to_entries[]
  | "policy \(.value) bounds the roles of the jobs of \(.key), and is what bootstrap made"' "$CLAIMS")
while IFS= read -r line; do assumed "$line"; done < <(jq -r '.storageClasses | to_entries[]
  | "a volume of storage class \(.key) survives the loss of a \(.value.survives)\(if .value.shared then ", and several nodes may mount it" else "" end)"' "$CLAIMS")
# Nothing here holds credentials for these sites, and nothing should.
while IFS= read -r line; do assumed "$line"; done < <(jq -r '.unreached[]
  | "site \(.name): \(.cloud) account \(.account), region \(.region), zones \(.zones | join(" ")), endpoint \(.endpoint); \(.owner) checks it by \(.drill), said until \(.expires)"' "$CLAIMS")

matches=$((${#differences[@]} == 0))
push site <<METRICS
holdfast_site_matches{site="$SITE"} $matches
holdfast_site_checked_timestamp_seconds{site="$SITE"} $(date +%s)
METRICS
for one in "${differences[@]}"; do log "$SITE: $one"; done
((matches == 1)) || die "site $SITE is not what the register says: ${#differences[@]} differences, named above"
log "site $SITE is what the register says"
