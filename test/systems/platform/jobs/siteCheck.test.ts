import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { site as siteSchema } from "../../../../systems/config/sites";
import { type Estate, makeEstate, objects } from "./fixture";

const claims = {
  cloud: "aws",
  account: "111111111111",
  region: "eu-central-1",
  zones: ["eu-central-1a", "eu-central-1b"],
  storageClasses: {
    "zone-redundant": { survives: "zone", shared: true, provisioner: "efs.csi.aws.com" },
    zonal: { survives: "node", shared: false, provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } },
  },
  nodeGrace: "50s",
  controllerTimeZone: "Etc/UTC",
  kubernetes: "1.30",
  issuer: "internal-ca",
  oidcIssuer: "oidc.eks.eu-central-1.amazonaws.com/id/ONE",
  endpoint: "omendb.example.com",
  ingressNamespace: "ingress",
  monitoring: { namespace: "monitoring", selectors: { release: "prometheus" } },
  rolesBoundaries: { omendb: "holdfast-prod-omendb-boundary" },
  unreached: [
    {
      name: "clean-room",
      cloud: "aws",
      account: "222222222222",
      region: "eu-north-1",
      zones: ["eu-north-1a"],
      endpoint: "omendb.clean-room.example.com",
      owner: "security team",
      drill: "clean-room-check",
      expires: "2027-03-01",
    },
  ],
};

const issuer = (status: string) => ({
  kind: "ClusterIssuer",
  metadata: { name: "internal-ca" },
  status: { conditions: [{ type: "Ready", status }] },
});
const balancer = (address: object) => ({
  kind: "Service",
  metadata: { name: "ingress", namespace: "ingress" },
  status: { loadBalancer: { ingress: [address] } },
});
const site = {
  ...objects,
  "clusterissuer/internal-ca": issuer("True"),
  "service/ingress": balancer({ hostname: "nlb" }),
};
const hosts = { "omendb.example.com": ["192.0.2.1", "192.0.2.2"], nlb: ["192.0.2.2", "192.0.2.3"] };

let estate: Estate;
beforeEach(async () => {
  estate = await makeEstate();
  estate.write("claims.json", claims);
  estate.write("kube/state.json", { objects: site });
});
afterEach(() => estate.close());

const check = (answers: object = hosts) =>
  estate.job("state", "site-check.sh", [], {
    SITE: "primary",
    CLAIMS: join(estate.dir, "claims.json"),
    HOSTS: JSON.stringify(answers),
  });
/** What a check says is still assumed. */
const assumed = (log: string) => [...log.matchAll(/still assumed: (.*)$/gm)].map(([, words]) => words);
const matches = async () =>
  Object.entries(await estate.gateway.series()).find(([name]) => name.startsWith("holdfast_site_matches{"))?.[1];

describe("the check of a site", () => {
  it("succeeds where the site is what the register says, and says what it could not see", async () => {
    const { code, stderr } = await check();
    expect([code, await matches()]).toEqual([0, 1]);
    expect(assumed(stderr)).toEqual([
      "node grace 50s, the flags of the controller manager are not visible",
      "cloud aws: no node says who runs it",
      "schedules without a time zone are read in Etc/UTC, the clock of the controller manager is not visible",
      'Prometheus and Alertmanager of namespace monitoring select what they obey by {"release":"prometheus"}',
      "policy holdfast-prod-omendb-boundary bounds the roles of the jobs of omendb, and is what bootstrap made",
      "a volume of storage class zone-redundant survives the loss of a zone, and several nodes may mount it",
      "a volume of storage class zonal survives the loss of a node",
      "site clean-room: aws account 222222222222, region eu-north-1, zones eu-north-1a, endpoint omendb.clean-room.example.com; security team checks it by clean-room-check, said until 2027-03-01",
    ]);
  });

  it("names everything that is said of a site, as checked or as still assumed", async () => {
    // Of these only whoever starts the check can know: it runs where the context, or the resource group's cluster, leads.
    // The class of scratch is one of the storage classes, each of which is looked at.
    const unseen = ["context", "resourceGroup", "owner", "drill", "expires", "cluster", "scratchClass"];
    const said = [...Object.keys(siteSchema.shape), ...Object.keys(siteSchema.shape.cluster.unwrap().shape)];
    expect(said.filter((one) => !unseen.includes(one) && !(one in claims))).toEqual([]);
  });

  it.each<[string, Record<string, object | undefined>, object, string]>([
    [
      "an issuer that is not there",
      { "clusterissuer/internal-ca": undefined },
      hosts,
      "issuer internal-ca must be ready, got none",
    ],
    [
      "an issuer that cannot sign",
      { "clusterissuer/internal-ca": issuer("False") },
      hosts,
      "issuer internal-ca must be ready, got not ready",
    ],
    [
      "an endpoint without an address",
      {},
      { nlb: hosts.nlb },
      "endpoint omendb.example.com must be a name that resolves, got no address",
    ],
    [
      "an endpoint that leads elsewhere",
      { "service/ingress": balancer({ ip: "192.0.2.9" }) },
      { ...hosts, "192.0.2.9": ["192.0.2.9"] },
      "endpoint omendb.example.com must be an address of namespace ingress's load balancers, got 192.0.2.1 192.0.2.2",
    ],
    [
      "nodes of another cloud",
      { "node/a": { ...objects["node/a"], spec: { providerID: "azure:///one" } } },
      hosts,
      'cloud of the nodes must be ["aws"], got ["azure"]',
    ],
  ])("fails for %s", async (_, changes, answers, says) => {
    const there = Object.fromEntries(Object.entries({ ...site, ...changes }).filter(([, one]) => one !== undefined));
    estate.write("kube/state.json", { objects: there });
    const { code, stderr } = await check(answers);
    expect([code, stderr]).toEqual([1, expect.stringContaining(says) as string]);
  });

  it("says that an endpoint is still assumed where no load balancer can be seen", async () => {
    const { "service/ingress": _, ...without } = site;
    estate.write("kube/state.json", { objects: without });
    const { code, stderr } = await check();
    expect([code, assumed(stderr)]).toEqual([
      0,
      expect.arrayContaining([
        "endpoint omendb.example.com leads here: namespace ingress has no load balancer to compare it with",
      ]) as string[],
    ]);
  });

  it.each<[string, object, string]>([
    [
      "another zone",
      { zones: ["eu-central-1a"] },
      'zones of the nodes must be ["eu-central-1a"], got ["eu-central-1a","eu-central-1b"]',
    ],
    ["a zone without nodes", { zones: [...claims.zones, "eu-central-1c"] }, "zones of the nodes must be"],
    ["another region", { region: "eu-west-1" }, 'regions of the nodes must be ["eu-west-1"], got ["eu-central-1"]'],
    [
      "a class that is not there",
      { storageClasses: { fast: { provisioner: "x" } } },
      "storage class fast must be there, got none",
    ],
    [
      "a class of another provisioner",
      { storageClasses: { zonal: { provisioner: "efs.csi.aws.com" } } },
      "provisioner of storage class zonal must be efs.csi.aws.com, got ebs.csi.aws.com",
    ],
    [
      "a class with another parameter",
      { storageClasses: { zonal: { provisioner: "ebs.csi.aws.com", parameters: { type: "io2" } } } },
      "parameter type of storage class zonal must be io2, got gp3",
    ],
    ["another account", { account: "222222222222" }, "account must be 222222222222, got 111111111111"],
    [
      "another OIDC issuer",
      { oidcIssuer: "oidc.eks.eu-west-1.amazonaws.com/id/TWO" },
      "OIDC issuer must be https://oidc.eks.eu-west-1.amazonaws.com/id/TWO, got https://oidc.eks.eu-central-1.amazonaws.com/id/ONE",
    ],
    ["an older API server", { kubernetes: "1.99" }, "version of the API server must be 1.99 or newer, got 1.33"],
  ])("fails for %s, names the difference and pushes that it does not match", async (_, other, says) => {
    estate.write("claims.json", { ...claims, ...other });
    const { code, stderr } = await check();
    expect([code, await matches()]).toEqual([1, 0]);
    expect(stderr).toContain(`primary: ${says}`);
    expect(stderr).toContain("1 differences, named above");
  });

  it("names every difference at once", async () => {
    estate.write("claims.json", { ...claims, account: "222222222222", region: "eu-west-1" });
    expect((await check()).stderr).toContain("2 differences, named above");
  });

  it("says that a class whose maker nobody named is still assumed", async () => {
    estate.write("claims.json", { ...claims, storageClasses: { zonal: { survives: "node", shared: false } } });
    const { code, stderr } = await check();
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("still assumed: the register names no provisioner of storage class zonal") as string,
    ]);
  });

  it("compares the node grace where the controller manager shows its flags", async () => {
    const command = ["kube-controller-manager", "--node-monitor-grace-period=40s"];
    const manager = { kind: "Pod", metadata: { name: "kcm" }, spec: { containers: [{ command }] } };
    estate.write("kube/state.json", { objects: { ...site, "pod/kcm": manager } });
    expect((await check()).stderr).toContain("node grace must be 50s, got 40s");
  });

  it("fails where it cannot look, and changes nothing where it can", async () => {
    const before = estate.json("kube/state.json");
    await check();
    expect(estate.json("kube/state.json")).toEqual(before);
    estate.write("kube/state.json", { down: true });
    const { code, stderr } = await check();
    expect([code, stderr]).toEqual([1, expect.stringContaining("the nodes cannot be read") as string]);
  });
});
