import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Estate, makeEstate, objects } from "./fixture";

const claims = {
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
};

let estate: Estate;
beforeEach(async () => {
  estate = await makeEstate();
  estate.write("claims.json", claims);
});
afterEach(() => estate.close());

const check = () =>
  estate.job("state", "site-check.sh", [], { SITE: "primary", CLAIMS: join(estate.dir, "claims.json") });
const matches = async () =>
  Object.entries(await estate.gateway.series()).find(([name]) => name.startsWith("holdfast_site_matches{"))?.[1];

describe("the check of a site", () => {
  it("succeeds where the site is what the register says, and says what it could not see", async () => {
    const { code, stderr } = await check();
    expect([code, await matches()]).toEqual([0, 1]);
    expect(stderr).toContain("still assumed: node grace 50s");
    expect(stderr).toContain("still assumed: schedules without a time zone are read in Etc/UTC");
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
    estate.write("kube/state.json", { objects: { ...objects, "pod/kcm": manager } });
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
