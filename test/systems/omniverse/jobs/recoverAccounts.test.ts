import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { ACCOUNTS, jobNames, PROGRESS_MAP, SERVER_CLAIMS } from "../../../../systems/omniverse/names";
import { stepJob } from "../../../../systems/omniverse/recoverySteps";
import { unasked } from "../../../support/access/asked";
import { metadataOf, objectsOf, type RunWith } from "../../../support/cronJob";
import { declaredGraph } from "../../../support/declaredGraph";
import type { JobRun } from "../../../support/runToDeadline";
import { COPIES, type Estate, makeEstate } from "./fixture";

let graph: ResourceGraph;
let estate: Estate;
let url = "";
let healthy = true;
const server = http.createServer((_, response) => response.writeHead(healthy ? 200 : 503).end());
beforeAll(async () => {
  graph = await declaredGraph("prod");
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return () => void server.close();
});
beforeEach(async () => {
  healthy = true;
  estate = await makeEstate(graph);
});
afterEach(() => estate.close());

const at = (file: string) => path.join(estate.folder, file);

/** The Deployments of a site as the program declares them, with pods where it declares any. */
function stand(cluster: "primary" | "secondary"): void {
  const objects: Record<string, unknown> = { [`configmap/${PROGRESS_MAP}`]: { metadata: { name: PROGRESS_MAP } } };
  for (const { type, props } of objectsOf(graph, cluster)) {
    if (type !== "kubernetes:apps/v1:Deployment") continue;
    const { metadata, spec } = props as never as {
      metadata: { name: string; labels: Record<string, string> };
      spec: { replicas: number };
    };
    if (metadata.labels.app !== "nucleus") continue;
    const { name, labels } = metadata;
    objects[`deployment/${name}`] = { metadata, spec: { replicas: spec.replicas }, status: {} };
    for (let i = 0; i < spec.replicas; i++) {
      objects[`pod/${name}-${i}`] = { metadata: { name: `${name}-${i}`, labels } };
    }
  }
  for (const name of Object.values(SERVER_CLAIMS)) {
    objects[`persistentvolumeclaim/${name}`] = { metadata: { name }, status: { phase: "Bound" } };
  }
  fs.writeFileSync(at("kube/state.json"), JSON.stringify({ objects }));
}
const cluster = () => JSON.parse(fs.readFileSync(at("kube/state.json"), "utf8"));
const scaled = () =>
  fs
    .readFileSync(at("kube/calls.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line.includes('"scale"'))
    .map((line) => JSON.parse(line) as string[])
    .map((words) => `${words.find((one) => one.startsWith("deployment/"))?.slice(11)} ${words.at(-1)?.slice(11)}`);

type Way = "accounts-in-place" | "accounts-in-secondary" | "accounts-in-clean-room";
const site = {
  "accounts-in-place": "primary",
  "accounts-in-secondary": "secondary",
  "accounts-in-clean-room": "secondary",
};
const incident = () => ({ INCIDENT: "INC-7", INCIDENT_WRITTEN: new Date().toISOString() });
const step = (way: Way, name: string, before?: string, more: RunWith = {}): Promise<JobRun> =>
  estate.job(stepJob(way, name), {
    ...more,
    replace: { SITE_URL: url, ...more.replace },
    doubles: { POLL_SECONDS: "0.05", STOP_TIMEOUT: "2s", START_TIMEOUT: "2s", ...more.doubles },
    configMaps: {
      "omniverse-incident": before === undefined ? {} : { ...incident(), RESTORE_BEFORE: before },
      ...more.configMaps,
    },
  });
const refused = async (run: Promise<JobRun>): Promise<string> => {
  const { code, stderr } = await run;
  expect(code, stderr).not.toBe(0);
  return stderr.trim().split("\n").at(-1) ?? "";
};
const data = (way: Way, file = "") => at(`${site[way]}/opt/ove/nucleus/data/${file}`);
const accountsOn = (way: Way) => JSON.parse(fs.readFileSync(data(way, "local-accounts-db/accounts.json"), "utf8"));
/** What a server has on its volume, which no copy holds. */
const live = (way: Way) => {
  for (const [file, text] of [
    ["local-accounts-db/accounts.json", '["eve"]'],
    ["tags-db/tags.json", "[]"],
  ] as const) {
    fs.mkdirSync(path.dirname(data(way, file)), { recursive: true });
    fs.writeFileSync(data(way, file), text);
  }
};
const ORDER = ["nucleus-authentication 3", "nucleus-discovery 3", "nucleus-server 3", "nucleus-navigator 3", "nginx 3"];
/** A moment that comes after everything so far, to the second. */
const moment = async () => {
  await new Promise((done) => setTimeout(done, 1_100));
  return `${new Date().toISOString().slice(0, 19)}Z`;
};

describe("accounts in place", () => {
  const way: Way = "accounts-in-place";
  beforeEach(async () => {
    stand("primary");
    live(way);
    expect((await estate.job(jobNames.accounts)).code).toBe(0);
  });

  it("come back as they were before the damage, what was there stays, and services start in their order", async () => {
    const before = await moment();
    estate.nucleus({ accounts: ["mallory"] });
    expect((await estate.job(jobNames.accounts)).code).toBe(0);
    for (const name of ["stop", "restore", "verify"]) {
      const run = await step(way, name, before);
      expect([name, run.code, run.stderr]).toEqual([name, 0, run.stderr]);
    }
    expect(accountsOn(way)).toEqual(["ann", "ben"]);
    const aside = fs.readdirSync(data(way)).filter((name) => name.startsWith("replaced-"));
    expect(aside).toHaveLength(1);
    expect(fs.readFileSync(data(way, `${aside[0]}/local-accounts-db/accounts.json`), "utf8")).toBe('["eve"]');
    expect(Object.keys(cluster().objects).filter((id) => id.startsWith("pod/"))).toEqual([]);
    fs.writeFileSync(at("kube/calls.jsonl"), "");
    const resumed = await step(way, "resume", before);
    expect([resumed.code, resumed.stderr]).toEqual([0, resumed.stderr]);
    expect(scaled()).toEqual(ORDER);
  });

  it("are not restored while a pod of Nucleus runs", async () => {
    const before = await moment();
    expect((await step(way, "stop", before)).code).toBe(0);
    const state = cluster();
    state.objects["pod/nucleus-server-9"] = { metadata: { name: "nucleus-server-9", labels: { app: "nucleus" } } };
    fs.writeFileSync(at("kube/state.json"), JSON.stringify(state));
    expect(await refused(step(way, "restore", before))).toContain("pods of Nucleus run");
    expect(accountsOn(way)).toEqual(["eve"]);
  });

  it("come from a copy that had ended before the damage, though a later one began before it", async () => {
    const [manifest] = estate.points("accounts");
    await moment();
    estate.nucleus({ accounts: ["mallory"] });
    const slow = { commands: [estate.commands("slow", { tar: 'sleep 0; exec /bin/tar "$@"' })] };
    expect((await estate.job(jobNames.accounts, slow)).code).toBe(0);
    const second = estate.points("accounts").at(-1);
    // As if it had ended an hour later.
    const file = estate.stored(`backups/accounts/primary/points/${second.point}.json`)[0] ?? "";
    const ended = new Date(Date.now() + 3_600_000).toISOString();
    fs.writeFileSync(file, JSON.stringify({ ...second, ended }));
    const before = await moment();
    await step(way, "stop", before);
    const run = await step(way, "restore", before);
    expect([run.code, run.stderr]).toEqual([0, run.stderr]);
    expect(JSON.parse(run.stdout)).toMatchObject({ point: manifest.point });
  });

  it.each<[string, string | undefined, () => RunWith | undefined, string]>([
    ["nobody says before which moment", undefined, () => undefined, "RESTORE_BEFORE must be set"],
    ["no copy is that old", "2026-01-01T00:00:00Z", () => undefined, "no copy of accounts and tags that had ended by"],
    [
      "the copy is of another version",
      "now",
      () => ({ replace: { SERVER_VERSION: "2023.3.0" } }),
      "was written by Nucleus 2023.2.9, here is 2023.3.0: deploy 2023.2.9, restore, then upgrade",
    ],
    ["it does not come back whole", "now", () => void estate.nucleus({ fault: "loses" }), "is not what was copied"],
  ])("stay as they are when %s", async (_, when, spoil, says) => {
    const before = when === "now" ? await moment() : when;
    expect((await step(way, "stop", before)).code).toBe(0);
    expect(await refused(step(way, "restore", before, spoil() ?? {}))).toContain(says);
    expect(accountsOn(way)).toEqual(["eve"]);
    expect(await refused(step(way, "verify", before))).toContain("verify must come after restore");
  });

  it("are not verified where somebody wrote to them since", async () => {
    const before = await moment();
    for (const name of ["stop", "restore"]) expect((await step(way, name, before)).code).toBe(0);
    fs.writeFileSync(data(way, "local-accounts-db/accounts.json"), '["ann","ben","eve"]');
    expect(await refused(step(way, "verify", before))).toContain("restored is not what was copied");
  });

  it("are restored again after a run that was ended half way", async () => {
    const before = await moment();
    expect((await step(way, "stop", before)).code).toBe(0);
    const half = estate.commands("half", { mv: 'case "$*" in *tags-db*) kill -9 $PPID ;; esac; exec /bin/mv "$@"' });
    expect((await step(way, "restore", before, { commands: [half] })).code).not.toBe(0);
    expect((await step(way, "restore", before)).code).toBe(0);
    expect((await step(way, "verify", before)).code).toBe(0);
    expect(accountsOn(way)).toEqual(["ann", "ben"]);
  });

  it("are back when as many pods are ready as can run with a zone lost, and not with fewer", async () => {
    const before = await moment();
    for (const name of ["stop", "restore", "verify"]) expect((await step(way, name, before)).code).toBe(0);
    // Of three, in three zones, each with one at most: the third waits for its zone.
    const canRun = (most: number) => fs.writeFileSync(at("kube/state.json"), JSON.stringify({ ...cluster(), most }));
    canRun(1);
    expect(await refused(step(way, "resume", before))).toContain("nucleus-authentication; what comes after it was not");
    canRun(2);
    fs.writeFileSync(at("kube/calls.jsonl"), "");
    const resumed = await step(way, "resume", before);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining("fewer pods than wanted") as string]);
    expect(scaled()).toEqual(ORDER);
  });

  it("are said not to be back when the service does not answer, or one before it is not ready", async () => {
    const before = await moment();
    for (const name of ["stop", "restore", "verify"]) expect((await step(way, name, before)).code).toBe(0);
    healthy = false;
    expect(await refused(step(way, "resume", before))).toContain("/health does not answer");
    fs.writeFileSync(at("kube/state.json"), JSON.stringify({ ...cluster(), silent: true }));
    fs.writeFileSync(at("kube/calls.jsonl"), "");
    expect(await refused(step(way, "resume", before))).toContain("nucleus-authentication; what comes after it was not");
    expect(scaled()).toEqual([ORDER[0]]);
  });
});

/** A point of the other site that ended so many seconds from now, made from the newest of the first. */
function copiedThere(inSeconds: number): void {
  const manifest = estate.points("accounts").at(-1);
  const at = new Date(Date.now() + inSeconds * 1_000).toISOString();
  const point = at.replace(/[-:]/g, "");
  const there = { ...manifest, point, capture: at, ended: `${at.slice(0, 19)}Z` };
  estate.object(COPIES, `backups/accounts/secondary/points/${point}.json`, JSON.stringify(there));
}

describe("accounts that another site has copied since", () => {
  beforeEach(async () => {
    stand("primary");
    live("accounts-in-place");
    expect((await estate.job(jobNames.accounts)).code).toBe(0);
  });
  const serve = (SERVED: string): RunWith => ({
    configMaps: { "omniverse-incident": { ...incident(), RESTORE_BEFORE: now(), SERVED } },
  });
  const now = () => `${new Date().toISOString().slice(0, 19)}Z`;
  const said = "set SERVED in the ConfigMap omniverse-incident to the site that served at that moment";

  it("are not silently those of before a failover, until somebody has said who served", async () => {
    const [home] = estate.points("accounts");
    await moment();
    copiedThere(0);
    const before = await moment();
    expect((await step("accounts-in-place", "stop", before)).code).toBe(0);
    const refusal = await refused(step("accounts-in-place", "restore", before));
    expect(refusal).toMatch(/the last copy of secondary had ended at 20.*, later than any of primary: /);
    expect(refusal).toContain(said);
    expect(accountsOn("accounts-in-place")).toEqual(["eve"]);
    const asked = await step("accounts-in-place", "restore", undefined, serve("primary"));
    expect([asked.code, asked.stderr]).toEqual([0, asked.stderr]);
    expect(JSON.parse(asked.stdout)).toMatchObject({ point: home.point });
    const other = await step("accounts-in-place", "restore", undefined, serve("secondary"));
    expect(JSON.parse(other.stdout).point).toBe(estate.points("accounts", "secondary")[0].point);
  });

  it("are asked for where a region is lost again, and where this site has no copy at all", async () => {
    await moment();
    copiedThere(0);
    await moment();
    stand("secondary");
    expect(await refused(step("accounts-in-secondary", "restore"))).toContain(said);
    for (const { point } of estate.points("accounts")) {
      const key = encodeURIComponent(`backups/accounts/primary/points/${point}.json`);
      fs.rmSync(at(`aws/${COPIES}/objects/${key}`), { recursive: true });
    }
    expect(await refused(step("accounts-in-secondary", "restore"))).toContain(said);
  });

  it.each<[string, () => void]>([
    ["older than the newest here", () => copiedThere(-86_400)],
    ["of after the moment that is trusted", () => copiedThere(3_600)],
  ])("are of this site where the other's are %s", async (_, copied) => {
    const before = await moment();
    copied();
    expect((await step("accounts-in-place", "stop", before)).code).toBe(0);
    const run = await step("accounts-in-place", "restore", before);
    expect([run.code, run.stderr]).toEqual([0, run.stderr]);
    expect(JSON.parse(run.stdout)).toMatchObject({ point: estate.points("accounts")[0].point });
  });

  it("are asked for where nobody can say how new the other's are", async () => {
    const before = await moment();
    copiedThere(-86_400);
    const [other] = estate.points("accounts", "secondary");
    for (const file of estate.stored(`backups/accounts/secondary/points/${other.point}.json`))
      fs.writeFileSync(file, "{}");
    expect((await step("accounts-in-place", "stop", before)).code).toBe(0);
    expect(await refused(step("accounts-in-place", "restore", before))).toContain(
      "what secondary copied cannot be read",
    );
  });
});

describe("accounts elsewhere", () => {
  it("come back in the other region from the newest copy, onto an empty volume", async () => {
    stand("primary");
    await estate.job(jobNames.accounts);
    estate.nucleus({ accounts: ["ann", "ben", "cleo"] });
    await estate.job(jobNames.accounts);
    await moment();
    stand("secondary");
    for (const name of ["restore", "verify"]) {
      const run = await step("accounts-in-secondary", name);
      expect([name, run.code, run.stderr]).toEqual([name, 0, run.stderr]);
    }
    expect(accountsOn("accounts-in-secondary")).toEqual(["ann", "ben", "cleo"]);
  });

  it("come back in a clean room from the copy that was found", async () => {
    await estate.job(jobNames.accounts);
    const before = await moment();
    estate.nucleus({ accounts: ["mallory"] });
    await estate.job(jobNames.accounts);
    // Whoever holds the backups' credentials says of a copy what they like: here, that it is of before.
    const [honest, mallory] = estate.points("accounts");
    const key = (point: string) => `backups/accounts/primary/points/${point}.json`;
    const point = `${honest.point.slice(0, -4)}999Z`;
    estate.object(COPIES, key(point), JSON.stringify({ ...mallory, point, ended: honest.ended }));
    stand("secondary");
    for (const name of ["room", "find", "restore", "verify"]) {
      const run = await step("accounts-in-clean-room", name, before);
      expect([name, run.code, run.stderr]).toEqual([name, 0, run.stderr]);
    }
    expect(accountsOn("accounts-in-clean-room")).toEqual(["ann", "ben"]);
  });
});

it("every Deployment of the service says with how many pods, and in which turn, a recovery starts it", () => {
  for (const cluster of ["primary", "secondary"]) {
    const turns = objectsOf(graph, cluster)
      .filter(({ type }) => type === "kubernetes:apps/v1:Deployment")
      .map(metadataOf)
      .filter(({ annotations }) => "holdfast.dev/turn" in annotations)
      .sort((a, b) => Number(a.annotations["holdfast.dev/turn"]) - Number(b.annotations["holdfast.dev/turn"]))
      .map(({ name, annotations }) => `${name} ${annotations["holdfast.dev/replicas"]}`);
    expect(turns).toEqual(ORDER);
  }
});

it("copies are read by the recovery's account, and by no other way back in this program's account", () => {
  const left = unasked(graph, { cluster: "primary", account: ACCOUNTS.recovery });
  expect(left.filter((grant) => grant.includes("Copies"))).toEqual([]);
});
