import { afterAll, describe, expect, it } from "vitest";
import { ago, closeAll, hosts, makeRecovery, type Recovery, restored, zoneOf } from "./recoverFixture";

afterAll(closeAll);

const asked = (of: Recovery, operation: string) => of.asked().filter((one) => one.operation === operation);
const CHANGE = "change-resource-record-sets";

describe.concurrent("people", () => {
  it("are told; where that fails the failover goes on, and says so", async () => {
    const at = await makeRecovery();
    at.answers.told = false;
    const { code, stdout, stderr } = await at.step("promote-replica", "notify");
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ told: false })]);
    expect(stderr).toContain("nobody was told");
    expect(await at.steps("promote-replica", ["notify"], { NOTIFY_URL: "http://127.0.0.1:1/" })).toMatchObject({
      told: false,
    });
    at.answers.told = true;
    expect(await at.steps("promote-replica", ["notify"])).toMatchObject({ told: true });
    expect(at.notifications).toEqual([
      { message: "Omniverse failover initiated", severity: "critical", asset: "database", from: "replica" },
    ]);
  });
});

describe.concurrent("the name", () => {
  const resumed = { "database.replicated-backups.resume": { healthy: "here" } };
  const files = { ...resumed, "assets.object-replica.verify": { read: 3 } };
  const both = { ...files, "accounts.copies-in-secondary.verify": {} };

  it.each<[string, Record<string, Record<string, unknown>>, string]>([
    [
      "before the database is verified and serves",
      { "assets.object-replica.verify": {} },
      "dns must come after resume",
    ],
    ["before the files are verified", resumed, "dns must come after verify of the assets"],
    [
      "after files that were verified in another incident",
      { ...resumed, "assets.object-replica.verify": { at: ago(25 * 60) } },
      "dns must come after verify of the assets",
    ],
    ["before the accounts are verified", files, "dns must come after verify of the accounts"],
    [
      "after accounts that were verified where another site is",
      { ...files, "accounts.copies-in-place.verify": {} },
      "dns must come after verify of the accounts",
    ],
  ])("is not moved %s", async (_, done, says) => {
    const at = await makeRecovery();
    at.ended(done);
    expect(await at.refused("database-in-secondary", "dns")).toContain(says);
    expect(asked(at, CHANGE)).toEqual([]);
  });

  it("is not moved to a service that does not answer", async () => {
    const at = await makeRecovery();
    at.ended(both);
    at.answers.here = false;
    expect(await at.refused("database-in-secondary", "dns")).toMatch(
      /here\/health does not answer: clients are not sent there$/,
    );
    expect(asked(at, CHANGE)).toEqual([]);
  });

  it.each<[string, (checks: { Id: string; HealthCheckConfig: { Disabled: boolean } }[]) => void]>([
    ["that nobody asks", (checks) => checks.splice(1, 1)],
    [
      "whose check is off, which Route 53 takes for healthy",
      ([, other]) => {
        if (other) other.HealthCheckConfig.Disabled = true;
      },
    ],
  ])("is not moved to a site %s", async (_, change) => {
    const at = await makeRecovery();
    at.ended(both);
    at.json("aws/route53.json", ({ checks }) => change(checks));
    expect(await at.refused("database-in-secondary", "dns")).toMatch(
      /no health check of Route 53 asks omniverse-secondary.example.com: make one/,
    );
    expect(asked(at, CHANGE)).toEqual([]);
    expect(at.json("aws/route53.json").records).toEqual(zoneOf("primary", "secondary"));
  });

  it("leads to the first site again with the other behind it, where a step says so", async () => {
    const at = await makeRecovery();
    at.json("aws/route53.json", (zone) => {
      zone.records = zoneOf("secondary", "secondary");
    });
    at.ended(both);
    await at.steps("database-in-secondary", ["dns"], { RECORD_VALUE: hosts.primary, STANDBY_VALUE: hosts.secondary });
    expect(at.json("aws/route53.json").records).toEqual(zoneOf("primary", "secondary"));
  });

  it("leads to a clean room alone: the sites that were taken over are not behind it", async () => {
    const at = await makeRecovery();
    at.ended({
      "database.copies.resume": {},
      "assets.copies.verify": {},
      "accounts.copies-in-clean-room.verify": {},
    });
    await at.steps("database-in-clean-room", ["dns"]);
    expect(at.json("aws/route53.json").records).toEqual(zoneOf("cleanRoom", "cleanRoom"));
  });

  it("can be moved again", async () => {
    const at = await makeRecovery();
    at.ended(both);
    for (const _ of [1, 2]) await at.steps("database-in-secondary", ["dns"]);
    expect(asked(at, "get-change").length).toBeGreaterThan(2);
  });
});

describe.concurrent("the other site", () => {
  it.each(["promote-replica", "database-in-secondary"] as const)(
    "does not serve by %s before the files are verified: Route 53 would lead clients there",
    async (path) => {
      const at = await makeRecovery();
      const from = path === "promote-replica" ? "replica" : "replicated-backups";
      at.ended({ [`database.${from}.verify`]: { identifier: null }, "accounts.copies-in-secondary.verify": {} });
      expect(await at.refused(path, "resume")).toContain("resume must come after verify of the assets");
      expect(at.kubectl().filter((call) => call.startsWith("scale"))).toEqual([]);
    },
  );
});

describe.concurrent("Nucleus", () => {
  it("is not called stopped while a pod is left", async () => {
    const at = await makeRecovery();
    at.json("kube/state.json", (state) => {
      state.stuck = true;
    });
    expect(await at.refused("database-in-place", "stop")).toMatch(
      /pods are still there after 1s: pod\/nucleus-server-0 /,
    );
    expect(await at.refused("database-in-place", "restore")).toContain("restore must come after stop");
  });

  it("is stopped beside a pod that was evicted, which nothing takes away", async () => {
    const at = await makeRecovery();
    at.json("kube/state.json", ({ objects }) => {
      const metadata = { name: "nucleus-server-evicted", labels: { app: "nucleus" } };
      objects["pod/evicted"] = { kind: "Pod", metadata, status: { phase: "Failed" } };
    });
    await at.steps("database-in-place", ["stop"]);
  });

  it("keeps the numbers that it ran with, however often it is stopped", async () => {
    const at = await makeRecovery();
    await at.steps("assets-in-place", ["stop"]);
    expect(await at.steps("database-in-place", ["stop"])).toMatchObject({
      stopped: { "nucleus-server": 2, "nucleus-navigator": 1 },
    });
  });

  it("that stood ready at 0 starts with as many as the site is declared with", async () => {
    const at = await makeRecovery();
    await at.steps("database-in-place", ["stop"]);
    at.json("kube/state.json", ({ objects }) => {
      objects["configmap/omniverse-recovery"].data = {};
    });
    at.ended({
      "database.replica.verify": { identifier: null },
      "assets.object-replica.verify": {},
      "accounts.copies-in-secondary.verify": {},
    });
    await at.steps("promote-replica", ["resume"], { REPLICAS: "3" });
    expect(at.json("kube/state.json").objects["deployment/nucleus-server"].spec.replicas).toBe(3);
  });

  it("cannot be stopped where nothing is labelled so, or where the cluster does not answer", async () => {
    const at = await makeRecovery();
    expect(await at.refused("database-in-place", "stop", { SERVICE_LABEL: "app=no" })).toContain(
      "no Deployment of omniverse-prod is labelled app=no",
    );
    at.json("kube/state.json", (state) => {
      state.down = true;
    });
    expect(await at.refused("database-in-place", "stop")).toContain("the ConfigMap omniverse-recovery cannot be read");
  });

  it("begins a recovery anew with its first step: what was done before does not count", async () => {
    const at = await makeRecovery();
    at.ended({
      "database.point-in-time.verify": { identifier: restored(ago(999)) },
      "assets.object-versions.verify": {},
    });
    await at.steps("database-in-place", ["stop"]);
    expect(Object.keys(at.noted()).sort()).toEqual([
      "assets.object-versions.verify",
      "database.point-in-time.stop",
      "replicas",
    ]);
    expect(await at.refused("database-in-place", "resume")).toContain("resume must come after verify");
  });
});
