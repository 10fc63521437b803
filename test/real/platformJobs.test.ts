import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findOnPath, install } from "../../tools/packages";
import { ensurePulumi } from "../../tools/pulumi";
import { doublesPath } from "../support/doubles";
import { connect, type KubeClient, type KubeObject } from "../support/kube/client";
import { type Cluster, startCluster } from "../support/kube/cluster";
import { deployment, type Estate, makeEstate } from "../systems/platform/jobs/fixture";

const ran = promisify(execFile);

/** The commands that are the real ones here; AWS stays a double. */
let real: Record<string, string>;
let estate: Estate;
let bin: string;

beforeAll(async () => {
  if (findOnPath("kubectl") === undefined) install("kubectl", "kubernetes-client");
  real = { pulumi: (await ensurePulumi()).command, kubectl: findOnPath("kubectl") ?? "" };
});
beforeEach(async () => {
  estate = await makeEstate();
  bin = path.join(estate.dir, "bin");
  fs.mkdirSync(bin);
  for (const [name, file] of Object.entries(real)) fs.symlinkSync(file, path.join(bin, name));
  fs.symlinkSync(path.join(doublesPath(), "aws"), path.join(bin, "aws"));
});
afterEach(() => estate.close());

describe("the jobs of the state with Pulumi itself", () => {
  const PASSWORD = "a-password-of-the-test";
  const own = (folder: string) => `file://${path.join(estate.dir, folder)}`;

  /** A backend with one stack that keeps one secret, encrypted by Pulumi. */
  async function backend(folder: string): Promise<void> {
    const project = path.join(estate.dir, "project");
    for (const each of [project, path.join(estate.dir, folder)]) fs.mkdirSync(each);
    fs.writeFileSync(path.join(project, "Pulumi.yaml"), "name: holdfast\nruntime: nodejs\n");
    const pulumi = (...args: string[]) =>
      ran(real.pulumi ?? "", ["--non-interactive", "--cwd", project, ...args], { env: environment(folder) });
    await pulumi("stack", "init", "organization/holdfast/prod", "--secrets-provider", "passphrase");
    // A value in a state is JSON.
    await pulumi("config", "set", "--secret", "password", '"CANARY-IN-THE-STATE"');
    const written = fs.readFileSync(path.join(project, "Pulumi.prod.yaml"), "utf8");
    const ciphertext = /secure: (\S+)/.exec(written)?.[1] ?? "";
    const { stdout } = await pulumi("stack", "export");
    const empty = JSON.parse(stdout) as { deployment: object };
    const text = JSON.stringify(deployment.deployment.resources)
      .replace('"v1:c"', JSON.stringify(ciphertext))
      .replace(/\{"urn":"([^"]+)"/g, (_, urn: string) => {
        const type = urn.split("::")[2] ?? "";
        return `{"urn":"${urn}","type":"${type}","custom":${!type.startsWith("pulumi:")}${type.startsWith("pulumi:") ? "" : ',"id":"one"'}`;
      });
    const resources = JSON.parse(text) as { type: string }[];
    const state = path.join(estate.dir, "state.json");
    fs.writeFileSync(state, JSON.stringify({ ...empty, deployment: { ...empty.deployment, resources } }));
    await pulumi("stack", "import", "--force", "--file", state);
  }

  const environment = (folder: string) => ({
    PATH: `${bin}:${process.env.PATH ?? ""}`,
    HOME: path.join(estate.dir, "run"),
    PULUMI_HOME: path.join(estate.dir, "run/pulumi"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_CONFIG_PASSPHRASE: PASSWORD,
    PULUMI_BACKEND_URL: own(folder),
  });

  const job = (script: string, args: string[], env: Record<string, string>) =>
    estate.job("state", script, args, { STATE_BACKEND: own("backend"), SECRETS_PROVIDER: "passphrase", ...env }, bin);

  it("export without the key, and with it rehearse and give everything to another backend", async () => {
    await backend("backend");
    const exported = await job("export.sh", [], {});
    expect([exported.code, exported.stderr]).toEqual([0, expect.stringContaining('"resources":2') as string]);
    expect(estate.holding("CANARY-IN-THE-STATE").filter((file) => !file.startsWith("calls"))).toEqual([]);

    const locked = await job("drill.sh", [], {});
    expect([locked.code, locked.stderr]).toEqual([1, expect.stringContaining("passphrase") as string]);
    const key = { PULUMI_CONFIG_PASSPHRASE: PASSWORD };
    const drill = await job("drill.sh", [], key);
    expect([drill.code, drill.stderr]).toEqual([0, expect.not.stringContaining("error") as string]);

    fs.mkdirSync(path.join(estate.dir, "replica"));
    const to = { ...key, RECOVER_TO: own("replica") };
    expect((await job("recover.sh", ["verify"], to)).code).toBe(1);
    expect((await job("recover.sh", ["restore"], to)).code).toBe(0);
    expect((await job("recover.sh", ["verify"], to)).code).toBe(0);
    const { stdout } = await ran(
      real.pulumi ?? "",
      ["--non-interactive", "stack", "export", "--show-secrets", "--stack", "organization/holdfast/prod"],
      { env: environment("replica"), cwd: estate.dir },
    );
    expect(stdout).toContain("CANARY-IN-THE-STATE");
  });
});

describe("the jobs of the clusters with an API server of Kubernetes itself", () => {
  let cluster: Cluster;
  let client: KubeClient;

  beforeAll(async () => {
    cluster = await startCluster();
    client = connect(cluster);
    for (const object of objects) expect(await client.apply(object)).toMatchObject({ ok: true });
  });
  afterAll(async () => {
    client.close();
    await cluster.stop();
  });

  const labels = (zone: string) => ({
    "topology.kubernetes.io/region": "eu-central-1",
    "topology.kubernetes.io/zone": zone,
  });
  const node = (zone: string): KubeObject => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: zone, labels: labels(zone) },
  });
  const objects: KubeObject[] = [
    node("eu-central-1a"),
    node("eu-central-1b"),
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "zonal" },
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3" },
    },
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "omendb-prod" } },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "omendb-config", namespace: "omendb-prod" },
      data: { "omendb.toml": "[wal]" },
    },
  ];
  const claims = {
    account: "111111111111",
    region: "eu-central-1",
    zones: ["eu-central-1a", "eu-central-1b"],
    storageClasses: { zonal: { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } } },
    nodeGrace: "50s",
    controllerTimeZone: "Etc/UTC",
    kubernetes: "1.30",
  };

  /** What kubectl reaches the server with. */
  function kubeconfig(): Record<string, string> {
    const file = path.join(estate.dir, "kubeconfig");
    const named = <T extends object>(name: string, what: T) => [{ name, ...what }];
    const authority = Buffer.from(cluster.authority).toString("base64");
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: named("one", { cluster: { server: cluster.url, "certificate-authority-data": authority } }),
      users: named("one", { user: { token: cluster.token } }),
      contexts: named("one", { context: { cluster: "one", user: "one" } }),
      "current-context": "one",
    };
    fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return { KUBECONFIG: file };
  }

  it.each<[string, object, number, string]>([
    ["is what the register says", {}, 0, "site primary is what the register says"],
    ["has another zone", { zones: ["eu-central-1a", "eu-central-1c"] }, 1, "zones of the nodes must be"],
    ["lacks a class", { storageClasses: { fast: {} } }, 1, "storage class fast must be there, got none"],
    ["is older", { kubernetes: "2.0" }, 1, "version of the API server must be 2.0 or newer, got 1.36"],
  ])("tell that a site %s", async (_, other, code, says) => {
    estate.write("claims.json", { ...claims, ...other });
    const env = { ...kubeconfig(), SITE: "primary", CLAIMS: path.join(estate.dir, "claims.json") };
    const result = await estate.job("state", "site-check.sh", [], env, bin);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(says) as string]);
  });

  it("export its objects, try them without effect, and give back what is gone", async () => {
    const env = kubeconfig();
    const job = (script: string, ...args: string[]) => estate.job("clusters", script, args, env, bin);
    expect(await job("export.sh")).toMatchObject({ code: 0 });
    const drill = await job("drill.sh");
    expect([drill.code, JSON.parse(drill.stdout)]).toMatchObject([0, { counts: { objects: 2 }, verified: true }]);

    const gone = objects.find(({ kind }) => kind === "ConfigMap");
    if (gone) await client.remove(gone);
    expect((await job("recover.sh", "verify")).stderr).toContain("1 configmaps are missing");
    expect(await job("recover.sh", "restore")).toMatchObject({ code: 0 });
    expect(await job("recover.sh", "verify")).toMatchObject({ code: 0 });
  });
});
