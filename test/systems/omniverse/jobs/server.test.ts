import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { ACCOUNTS } from "../../../../systems/omniverse/names";
import { procedures } from "../../../../systems/omniverse/procedures";
import { unasked } from "../../../support/access/asked";
import { declaredGraph } from "../../../support/declaredGraph";
import { metadataOf } from "../../declared";
import { COPIES, type Estate, logsOf, makeSite, PASSWORD } from "./procedureFixture";

let graph: ResourceGraph;
let at: Estate;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
/** What the program says of the servers at the site that serves. */
let readyAtSite: unknown;
beforeEach(async () => {
  const server = graph.resources.find(({ name }) => name === "omniverse-primary-server-deployment");
  readyAtSite = server && metadataOf(server).annotations?.["holdfast.dev/ready"];

  // The runbook waits half a minute and a minute.
  at = await makeSite(graph, () => ({
    env: { READY_SECONDS: "1" },
    shorter: { RESTART_SECONDS: "0", HEALTH_SECONDS: "0" },
  }));
});
afterEach(() => at.close());

const RECOVERY = "server-recovery";
const steps = Object.keys(procedures[RECOVERY].steps);
const until = (step: string) => steps.slice(0, steps.indexOf(step));
/** A disk that is as full as its files say: ten per cent each, on top of so much else. */
const disk = (percent: number) => ({
  commands: [
    at.commands("disk", {
      df: `case "$*" in *pcent*) printf 'Use%%\\n %d%%\\n' $((${percent} + 10 * $(find "$LOGS_DIR" -type f | wc -l))) ;; *) exec /bin/df "$@" ;; esac`,
    }),
  ],
});
/** A file of the logs, so many hours old. */
function logged(file: string, hours: number): void {
  const whole = logsOf(at, file);
  fs.mkdirSync(path.dirname(whole), { recursive: true });
  fs.writeFileSync(whole, `what ${file} says\n`);
  const then = Date.now() / 1_000 - hours * 3_600;
  fs.utimesSync(whole, then, then);
}
const left = () =>
  fs.readdirSync(logsOf(at, ""), { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
const stored = () => fs.readdirSync(path.join(at.folder, `aws/${COPIES}/objects`)).map(decodeURIComponent);

describe("the recovery of a server", () => {
  it("restarts it, looks at database and disk, and says that it is recovered when /health answers", async () => {
    const status = await at.steps(RECOVERY, ["status"]);
    expect(status.workloads["nucleus-server"]).toEqual({ wanted: 2, ready: 2 });
    expect(await at.steps(RECOVERY, ["restart"])).toMatchObject({ restarted: "nucleus-server", ready: true });
    expect(await at.steps(RECOVERY, ["database"])).toMatchObject({ answers: true });
    expect(await at.steps(RECOVERY, ["disk"], disk(50))).toMatchObject({ usedBefore: 50, archived: 0 });
    expect(await at.steps(RECOVERY, ["health"])).toMatchObject({ healthy: `${at.web.address}/site` });
    expect(at.kubectl().filter((line) => line.includes("rollout"))).toEqual([
      "rollout restart deployment/nucleus-server",
    ]);
    expect(at.web.asked).toEqual(Array(3).fill("GET /site/health"));
    expect(at.said()).not.toContain("canary");
  });

  it("has its steps in the runbook's order and no other", async () => {
    for (const step of steps.slice(1)) {
      expect(await at.refused(RECOVERY, step)).toContain(`error: ${step} must come after ${until(step).at(-1)}`);
    }
  });

  it("fails where the runbook prints that it is completed: when /health does not answer, or only now and then", async () => {
    await at.steps(RECOVERY, until("health"), disk(10));
    at.web.healthy = false;
    expect(await at.refused(RECOVERY, "health")).toContain("/site/health does not answer: the server is NOT recovered");
    let asked = 0;
    at.web.healthy = true;
    at.web.answer = () => {
      asked += 1;
      at.web.healthy = asked % 2 === 1;
      return undefined;
    };
    expect(await at.refused(RECOVERY, "health")).toContain("NOT recovered");
  });

  it("goes on to what a server stands on when it is not ready after its restart, and names it at the end", async () => {
    at.json("kube/state.json", (state) => {
      state.silent = true;
    });
    expect(await at.steps(RECOVERY, ["status", "restart"])).toMatchObject({ ready: false });
    await at.steps(RECOVERY, ["database", "disk"], disk(10));
    const said = await at.refused(RECOVERY, "health");
    expect(said).toContain('"nucleus-server":{"wanted":2,"ready":0}');
  });

  it("counts as restarted with as many pods as can run with a zone lost, if none is of before", async () => {
    const lost = (status: object) =>
      at.json("kube/state.json", (state) => {
        Object.assign(state, { most: 2 });
        for (const one of Object.values<{ spec: { replicas?: number }; metadata: object; status: object }>(
          state.objects,
        ))
          if (one.spec?.replicas !== undefined) {
            one.spec.replicas = 3;
            Object.assign(one.metadata, { annotations: { "holdfast.dev/ready": readyAtSite } });
            one.status = { readyReplicas: 2, updatedReplicas: 3, ...status };
          }
      });
    lost({});
    expect(await at.steps(RECOVERY, ["status", "restart"])).toMatchObject({ ready: true });
    expect(await at.steps(RECOVERY, ["database", "disk", "health"], disk(10))).toMatchObject({
      healthy: expect.any(String),
    });
  });

  it("restarts nothing that a recovery or a deployment has stopped", async () => {
    at.json("kube/state.json", ({ objects }) => {
      objects["deployment/nucleus-server"].spec.replicas = 0;
    });
    await at.steps(RECOVERY, ["status"]);
    expect(await at.refused(RECOVERY, "restart")).toContain("nucleus-server is to have no pod");
  });

  it.each<[string, Record<string, boolean>, string]>([
    ["does not answer", { down: true }, "RDS says that it is available, and psql: error"],
    ["is a replica that takes no writes", { follows: true }, "takes no writes"],
  ])("hands over to the recovery of the database when that %s, and restarts nothing of RDS", async (_, spoil, says) => {
    at.json("psql/databases.json", ({ localhost }) => Object.assign(localhost, spoil));
    await at.steps(RECOVERY, until("database"));
    const said = await at.refused(RECOVERY, "database");
    expect(said).toContain(says);
    expect(said).toContain("omniverse-database-repair-reach");
    const calls = fs.readFileSync(path.join(at.folder, "aws/calls.jsonl"), "utf8");
    expect(calls).not.toMatch(/reboot|start-db/);
  });
});

describe("a disk that is full", () => {
  beforeEach(async () => {
    logged("nucleus-server.log", 100);
    logged("nucleus-server.log.1", 20);
    logged("nucleus-server.log.2", 30);
    logged("nginx/access log.log.3", 300);
    await at.steps(RECOVERY, until("disk"));
  });

  it("at 90 % keeps everything, and above it gives up rotated logs older than a day, archived first", async () => {
    expect(await at.steps(RECOVERY, ["disk"], disk(50))).toMatchObject({ usedBefore: 90, archived: 0 });
    expect(left()).toHaveLength(4);
    expect(await at.steps(RECOVERY, ["disk"], disk(51))).toMatchObject({
      usedBefore: 91,
      usedNow: 71,
      archived: 2,
      removedWithoutCopy: 0,
    });
    expect(
      left()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["nucleus-server.log", "nucleus-server.log.1"]);
    expect(
      stored()
        .map((key) => key.replace(/\d{8}T[\d.]+Z/, "<run>"))
        .sort(),
    ).toEqual([
      "backups/database/logs/<run>/nginx/access log.log.3.gz",
      "backups/database/logs/<run>/nucleus-server.log.2.gz",
    ]);
  });

  it("is told by what lies there against what its claim asks for, where its volume has room for exbibytes", async () => {
    // As EFS says it: https://github.com/kubernetes-sigs/aws-efs-csi-driver/issues/1242
    const endless = { commands: [at.commands("efs", { df: "printf 'Use%%\\n  1%%\\n'" })] };
    for (const { parentPath, name } of left()) {
      const file = path.join(parentPath, name);
      const { atime, mtime } = fs.statSync(file);
      fs.appendFileSync(file, "x".repeat(256 * 1024));
      fs.utimesSync(file, atime, mtime);
    }
    const claim = (mib: number) => ({ ...endless, replace: { LOGS_BYTES: String(mib * 1024 * 1024) } });
    expect(await at.steps(RECOVERY, ["disk"], claim(10))).toMatchObject({ usedBefore: 10, archived: 0 });
    const { usedBefore, usedNow, archived } = await at.steps(RECOVERY, ["disk"], claim(1));
    expect(usedBefore).toBeGreaterThan(100);
    expect(usedNow).toBeLessThan(60);
    expect(archived).toBe(2);
  });

  it("is recovered all the same where nobody can add up in time what lies there", async () => {
    const slow = [...(disk(51).commands ?? []), at.commands("slow", { du: "sleep 60" })];
    const run = await at.step(RECOVERY, "disk", { commands: slow, doubles: { COUNT_SECONDS: "1" } });
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining("could not be added up within 1 s") as string]);
    expect(JSON.parse(run.stdout)).toMatchObject({ usedBefore: 91, archived: 2 });
  });

  it("removes what cannot be archived only as far as it must, and says so", async () => {
    fs.rmSync(path.join(at.folder, `aws/${COPIES}`), { recursive: true });
    const run = await at.step(RECOVERY, "disk", disk(51));
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining("is removed without a copy") as string]);
    expect(JSON.parse(run.stdout)).toMatchObject({ archived: 0, removedWithoutCopy: 1, notArchived: 1, usedNow: 81 });
    expect(left()).toHaveLength(3);
  });

  it("fails when something else fills it", async () => {
    expect(await at.refused(RECOVERY, "disk", disk(95))).toContain(
      "still 115 % full after 2 rotated logs were archived",
    );
  });
});

it("shows the password to nobody", () => {
  expect(at.said()).not.toContain(PASSWORD);
});

it("asks for all that its account may do, but for what others ask by it", () => {
  const others = {
    "ReadNotes s3:GetObjectVersion": "database-repair, step verify",
    "ListAssets s3:ListBucketVersions": "database-repair",
    "StartDatabase rds:RebootDBInstance": "database-repair",
    "StartDatabase rds:StartDBInstance": "database-repair",
    "patch deployments nucleus-authentication": "the look at certificates",
    "patch deployments nucleus-discovery": "the look at certificates",
    "patch deployments nucleus-navigator": "the look at certificates",
    "patch deployments/scale": "database-repair, steps stop and start",
  };
  expect(unasked(graph, { cluster: "primary", account: ACCOUNTS.remedy })).toEqual(Object.keys(others).sort());
});
