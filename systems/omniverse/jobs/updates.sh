#!/usr/bin/env bash
# updates.sh: tells which packages of the image, drivers of the nodes and versions of Nucleus have newer ones. Changes
# nothing: an update is a new image, a new node or a deployment.
set -euo pipefail
# shellcheck source=systems/omniverse/jobs/lib.sh
source "${JOBS_DIR:-/opt/holdfast/jobs}/lib.sh"
# shellcheck source=systems/omniverse/jobs/nucleus.sh
source "$JOBS_DIR/nucleus.sh"
# shellcheck source=systems/omniverse/jobs/packages.sh
source "$JOBS_DIR/packages.sh"

need ASSET PUSHGATEWAY_URL NUCLEUS_URL UPDATES_URL
packages='' drivers='' version='' latest=''
packages=$(upgradable | jq -Rcn '[inputs | split(" ") | {package: .[0], security: (.[1] == "security")}]') || {
  problem "packages cannot be looked up"
  packages=null
}
# What the operator of the drivers writes on its nodes; a cluster without them has none.
drivers=$(kubectl --request-timeout=20s get nodes -o json | jq -ce '[.items[]
  | {node: .metadata.name, kernel: .status.nodeInfo.kernelVersion, driver: .metadata.labels["nvidia.com/cuda.driver-version.full"]}]') || {
  problem "nodes cannot be listed"
  drivers=null
}
version=$(nucleus-admin version check | jq -Rsc .) || {
  problem "nucleus-admin cannot check its version"
  version=null
}
latest=$(curl --silent --show-error --fail --max-time 20 "$UPDATES_URL" | jq -ce .) || {
  problem "$UPDATES_URL does not answer"
  latest=null
}
jq -cn --argjson packages "$packages" --argjson nodes "$drivers" --argjson nucleus "$version" --argjson latest "$latest" \
  --argjson problems "$(problems_json)" '{packages: $packages, nodes: $nodes, nucleus: $nucleus, latest: $latest, problems: $problems}'
if [[ $packages != null ]]; then
  push updates <<METRICS
holdfast_packages_upgradable{asset="$ASSET",role="updates"} $(jq length <<<"$packages")
holdfast_packages_security{asset="$ASSET",role="updates"} $(jq '[.[] | select(.security)] | length' <<<"$packages")
METRICS
fi
end_with_problems
