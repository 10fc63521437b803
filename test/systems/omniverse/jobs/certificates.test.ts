import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResourceGraph } from "../../../../policies/graph";
import { jobNames, labelsOf, services, TLS_SECRET } from "../../../../systems/omniverse/names";
import { declaredGraph } from "../../../support/declaredGraph";
import type { JobRun } from "../../../support/runToDeadline";
import { type Estate, makeSite } from "./procedureFixture";

type Service = keyof typeof services;
const workloads = Object.values(services).map(({ workload }) => workload);
const today = String(new Date().getUTCDay() || 7);
const anotherDay = String((new Date().getUTCDay() % 7) + 1);
let graph: ResourceGraph;
let at: Estate;
beforeAll(async () => {
  graph = await declaredGraph("prod");
});
beforeEach(async () => {
  at = await makeSite(graph, () => ({ asksSite: false, env: { READY_SECONDS: "1" }, shorter: { RESTART_DAY: today } }));
  at.json("kube/state.json", (state) => {
    for (const [component, { workload }] of Object.entries(services)) {
      const { metadata } = state.objects[`deployment/${workload}`];
      metadata.labels = labelsOf(component as Service);
      for (const i of [0, 1]) {
        state.objects[`pod/${workload}-${i}`] = {
          metadata: { name: `${workload}-${i}`, labels: metadata.labels },
          status: { phase: "Running", podIP: `10.0.0.${i + 1}` },
        };
      }
    }
  });
  certificate("new", 60);
  certificate("old", 20);
  certificate("ending", 3);
  for (const workload of workloads) serve(workload, "new");
});
afterEach(() => at.close());

const file = (name: string) => path.join(at.folder, name);
function certificate(name: string, days: number): void {
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", String(days)];
  const files = ["-keyout", file(`${name}.key`), "-out", file(`${name}.pem`), "-subj", `/CN=${name}`];
  execFileSync("openssl", ["req", ...kind, ...files], { stdio: "ignore" });
}
/** What the pods of a service serve until they are restarted; null: they wait and serve nothing. */
function serve(workload: string, name: string | null): void {
  fs.rmSync(file(`served-${workload}`), { force: true });
  if (name !== null) fs.copyFileSync(file(`${name}.pem`), file(`served-${workload}`));
}
/** The double of what `openssl s_client` is told by a pod, by the name that it is asked for; all else is openssl. */
const look = (more: Record<string, string> = {}): Promise<JobRun> =>
  at.job(jobNames.certificates, {
    secrets: { [TLS_SECRET]: { "tls.crt": fs.readFileSync(file("new.pem"), "utf8") } },
    shorter: more,
    commands: [
      at.commands("pods", {
        openssl: `case $1 in
  s_client) name=$5 name=\${name%%.*}
    if grep -q "\\"restart\\",\\"deployment/$name\\"" '${file("kube/calls.jsonl")}'; then exec cat '${file("new.pem")}'; fi
    exec cat '${at.folder}'/served-$name ;;
  *) exec /usr/bin/openssl "$@" ;;
esac`,
      }),
    ],
  });
const restarts = () => at.kubectl().flatMap((line) => /^rollout restart deployment\/(.+)$/.exec(line)?.[1] ?? []);
const ended = ({ code, stderr }: JobRun) => [code, stderr];
const says = (text: string) => expect.stringContaining(text) as string;

describe("the look at what the services serve", () => {
  it("tells the alerts when each ends, and restarts nothing that serves what there is", async () => {
    serve("nucleus-navigator", null);
    const run = await look();
    expect(ended(run)).toEqual([0, says("no pod of nucleus-navigator serves")]);
    const series = Object.entries(await at.gateway.series());
    const ends = series.filter(([key]) => key.startsWith("holdfast_served_certificate_end_timestamp_seconds"));
    expect(ends).toHaveLength(4);
    for (const [, end] of ends) expect(Math.round((Number(end) - Date.now() / 1_000) / 86_400)).toBe(60);
    expect(series.some(([key]) => key.includes('what="certificates"'))).toBe(true);
    expect(restarts()).toEqual([]);
  });

  it("restarts what serves an older one, one after the other, on the day that is for it", async () => {
    for (const workload of ["nucleus-server", "nucleus-authentication"]) serve(workload, "old");
    const other = await look({ RESTART_DAY: anotherDay });
    expect(ended(other)).toEqual([0, says("2 pods of nucleus-server serve an older certificate")]);
    expect(restarts()).toEqual([]);
    const run = await look();
    expect(ended(run)).toEqual([0, expect.any(String)]);
    expect(restarts()).toEqual(["nucleus-authentication", "nucleus-server"]);
    const { served, restarted } = JSON.parse(run.stdout) as { served: Record<string, string>; restarted: string[] };
    expect(restarted).toEqual(restarts());
    expect(new Set(Object.values(served)).size).toBe(1);
  });

  it("restarts at once what is about to end", async () => {
    serve("nucleus-discovery", "ending");
    expect((await look({ RESTART_DAY: anotherDay })).code).toBe(0);
    expect(restarts()).toEqual(["nucleus-discovery"]);
  });

  it("fails where nginx has not read what it reads by itself, and does not restart it", async () => {
    serve("nginx", "old");
    expect(ended(await look())).toEqual([1, says("nginx reads a renewed certificate by itself, and has not")]);
    expect(restarts()).toEqual([]);
  });

  it("takes nothing away from a service that lacks pods, nor from the next", async () => {
    for (const workload of ["nucleus-authentication", "nucleus-server"]) serve(workload, "old");
    at.json("kube/state.json", ({ objects }) => {
      objects["deployment/nucleus-authentication"].status.readyReplicas = 1;
    });
    expect(ended(await look())).toEqual([1, says("lacks pods: it is not restarted")]);
    expect(restarts()).toEqual([]);
  });

  it("stops where a service does not come back", async () => {
    for (const workload of ["nucleus-authentication", "nucleus-server"]) serve(workload, "old");
    at.json("kube/state.json", (state) => {
      state.silent = true;
    });
    expect(ended(await look())).toEqual([1, says("not ready after its restart: nothing else is restarted")]);
    expect(restarts()).toEqual(["nucleus-authentication"]);
  });

  it("fails, and says nothing of any certificate, where the cluster does not answer", async () => {
    at.json("kube/state.json", (state) => {
      state.down = true;
    });
    expect(ended(await look())).toEqual([1, says("no service serves a certificate")]);
    expect(Object.keys(await at.gateway.series()).filter((key) => key.includes("_end_"))).toEqual([]);
  });
});
