import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkScripts } from "../../../../systems/platform/site";
import { type SimulatedAzure, startAzure } from "../../../support/azure";
import { identityIn } from "../../../support/azure/shell";
import { type Answer, ok } from "../../../support/azure/wire";
import { type Estate, objects as examples, makeEstate } from "./fixture";

const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
const OTHER = "00000000-0000-0000-0000-000000000009";

const claims = {
  cloud: "azure",
  account: SUBSCRIPTION,
  region: "westeurope",
  zones: ["westeurope-1", "westeurope-2"],
  storageClasses: {
    zonal: {
      survives: "node",
      shared: false,
      provisioner: "disk.csi.azure.com",
      parameters: { skuName: "Premium_LRS" },
    },
  },
  nodeGrace: "50s",
  controllerTimeZone: "Etc/UTC",
  kubernetes: "1.30",
  issuer: "internal-ca",
  // The double's API server has this one.
  oidcIssuer: "oidc.eks.eu-central-1.amazonaws.com/id/ONE",
  endpoint: "analytics.example.com",
  ingressNamespace: "ingress",
  monitoring: { namespace: "monitoring", selectors: { release: "prometheus" } },
  unreached: [],
};

const node = (zone: string, subscription: string) => ({
  kind: "Node",
  metadata: {
    name: zone,
    labels: { "topology.kubernetes.io/region": "westeurope", "topology.kubernetes.io/zone": zone },
  },
  spec: {
    providerID: `azure:///subscriptions/${subscription}/resourceGroups/mc_one/providers/Microsoft.Compute/virtualMachineScaleSets/nodes/virtualMachines/0`,
  },
});

const site = (second = SUBSCRIPTION) => ({
  "namespace/kube-system": examples["namespace/kube-system"],
  "node/a": node("westeurope-1", SUBSCRIPTION),
  "node/b": node("westeurope-2", second),
  "storageclass/zonal": {
    metadata: { name: "zonal" },
    provisioner: "disk.csi.azure.com",
    parameters: { skuName: "Premium_LRS" },
  },
  "clusterissuer/internal-ca": {
    kind: "ClusterIssuer",
    metadata: { name: "internal-ca" },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  },
  "service/ingress": {
    kind: "Service",
    metadata: { name: "ingress", namespace: "ingress" },
    status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } },
  },
});

let estate: Estate;
let azure: SimulatedAzure;
beforeEach(async () => {
  estate = await makeEstate();
  azure = await startAzure();
  estate.write("claims.json", claims);
  estate.write("kube/state.json", { objects: site() });
  for (const [file, text] of Object.entries(checkScripts()))
    writeFileSync(join(estate.dir, file), text, { mode: 0o755 });
});
afterEach(() => {
  estate.close();
  azure.stop();
});

const inAzure = (...subscriptions: [id: string, tenant: string][]) =>
  azure.on(
    /^GET \/arm\/subscriptions$/,
    (): Answer => ok({ value: subscriptions.map(([subscriptionId, tenantId]) => ({ subscriptionId, tenantId })) }),
  );

/** Runs the check with the scripts that the ConfigMap of a site in Azure carries, and no others. */
const check = () =>
  estate.job("state", "site-check.sh", [], {
    JOBS_DIR: estate.dir,
    SITE: "analytics-primary",
    CLAIMS: join(estate.dir, "claims.json"),
    HOSTS: JSON.stringify({ "analytics.example.com": ["192.0.2.1"], "192.0.2.1": ["192.0.2.1"] }),
    AZURE_RETRIES: "0",
    ...identityIn(estate.dir),
    ...azure.addresses("near"),
  });
const matches = async () =>
  Object.entries(await estate.gateway.series()).find(([name]) => name.startsWith("holdfast_site_matches{"))?.[1];

describe("the check of a site in Azure", () => {
  it("succeeds where Azure and the nodes name the subscription that the register says, and only reads", async () => {
    inAzure([SUBSCRIPTION, "tenant"]);
    const { code, stderr } = await check();
    expect([code, await matches()], stderr).toEqual([0, 1]);
    expect(stderr).toContain("still assumed: node grace 50s");
    expect(stderr).not.toContain("none says where it runs");
    const asked = azure.calls.map(({ line }) => line);
    expect(asked).toEqual(["POST /login/tenant/oauth2/v2.0/token", "GET /arm/subscriptions"]);
  });

  it.each<[string, [string, string][], string]>([
    ["another subscription", [[OTHER, "tenant"]], OTHER],
    [
      "another one as well",
      [
        [SUBSCRIPTION, "tenant"],
        [OTHER, "tenant"],
      ],
      `${SUBSCRIPTION}, ${OTHER}`,
    ],
    ["one of another directory", [[SUBSCRIPTION, "guest"]], `${SUBSCRIPTION} of directory guest`],
  ])("fails where Azure names %s", async (_, seen, got) => {
    inAzure(...seen);
    const { code, stderr } = await check();
    expect([code, await matches()]).toEqual([1, 0]);
    expect(stderr).toContain(`analytics-primary: account must be ${SUBSCRIPTION}, got ${got}`);
  });

  it("fails where a node runs in another subscription, whatever Azure says to the identity", async () => {
    inAzure([SUBSCRIPTION, "tenant"]);
    estate.write("kube/state.json", { objects: site(OTHER) });
    const { code, stderr } = await check();
    expect([code, await matches()]).toEqual([1, 0]);
    expect(stderr).toContain(
      `subscription of the nodes must be ["${SUBSCRIPTION}"], got ["${SUBSCRIPTION}","${OTHER}"]`,
    );
  });

  it("says that the nodes' subscription is still assumed where none names it", async () => {
    inAzure([SUBSCRIPTION, "tenant"]);
    const bare = Object.entries(site()).map(([key, one]) => [
      key,
      key.startsWith("node/") ? { ...one, spec: {} } : one,
    ]);
    estate.write("kube/state.json", { objects: Object.fromEntries(bare) });
    const { code, stderr } = await check();
    expect([code, stderr]).toEqual([0, expect.stringContaining(`the nodes run in subscription ${SUBSCRIPTION}: none`)]);
  });

  it.each<[string, () => void, string]>([
    ["ARM refuses", () => azure.fail(/^GET \/arm\/subscriptions$/, 403), "GET answered 403"],
    ["the identity has no role", () => inAzure(), "Azure shows no subscription"],
    ["the directory refuses", () => azure.fail(/^POST \/login/, 401), "the directory refuses client"],
  ])("fails without a verdict where %s", async (_, breaks, says) => {
    breaks();
    const { code, stderr } = await check();
    expect([code, await matches()]).toEqual([1, undefined]);
    expect(stderr).toContain(says);
    expect(stderr).toContain("the account cannot be read");
  });
});
