import { afterAll, describe, expect, it } from "vitest";
import { ago, closeAll, makeRecovery, type Recovery, restored } from "./recoverFixture";

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

describe.concurrent("the first site", () => {
  const told = { "database.replica.notify": { told: true } };

  it("that still answers stops the failover, unless whoever stopped its writes says so", async () => {
    const at = await makeRecovery();
    at.ended(told);
    expect(await at.refused("promote-replica", "fence")).toMatch(
      /first\/health still answers: two sites would serve;.*FENCED=yes/,
    );
    expect(await at.refused("promote-replica", "lag")).toContain("lag must come after fence");
    expect(await at.steps("promote-replica", ["fence"], { FENCED: "yes" })).toMatchObject({
      firstSite: "fenced",
      health: "answers",
    });
    expect(Object.keys(at.json("aws/rds.json")["eu-central-1"].instances)).toEqual(["omniverse-prod-fenced"]);
  });

  it("is fenced once, after a run that was ended as well", async () => {
    const at = await makeRecovery();
    at.answers.first = false;
    at.ended(told);
    const running = at.begin("promote-replica", "fence");
    while (!running.log().includes("becomes omniverse-prod-fenced")) await new Promise((done) => setTimeout(done, 20));
    running.kill();
    await running.ended;
    for (const _ of [1, 2]) expect(await at.steps("promote-replica", ["fence"])).toMatchObject({ firstSite: "fenced" });
    expect(asked(at, "modify-db-instance")).toHaveLength(1);
  });

  it("that cannot be reached is not called fenced", async () => {
    const at = await makeRecovery();
    at.answers.first = false;
    at.ended(told);
    at.json("aws/rds.json", (state) => {
      state["eu-central-1"].down = true;
    });
    const { stdout, stderr } = await at.step("promote-replica", "fence");
    expect(JSON.parse(stdout)).toMatchObject({ firstSite: "unreachable", health: "silent" });
    expect(stderr).toContain("omniverse-prod is not fenced, and must be before that region is connected again");
  });
});

describe.concurrent("the name", () => {
  const resumed = { "database.replicated-backups.resume": { healthy: "here" } };
  const both = { ...resumed, "assets.object-replica.verify": { read: 3 } };

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

  it("can be moved again", async () => {
    const at = await makeRecovery();
    at.ended(both);
    for (const _ of [1, 2]) await at.steps("database-in-secondary", ["dns"]);
    expect(asked(at, "get-change").length).toBeGreaterThan(2);
  });
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
    at.ended({ "database.replica.verify": { identifier: null } });
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
