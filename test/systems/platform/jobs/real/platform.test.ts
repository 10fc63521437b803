import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { adminKinds, clusterKinds, kindList, monitoringKinds } from "../../../../../systems/platform/assets";
import { findOnPath, install } from "../../../../../tools/packages";
import { ensurePulumi } from "../../../../../tools/pulumi";
import { doublesPath } from "../../../../support/doubles";
import { connect, type KubeClient, type KubeObject } from "../../../../support/kube/client";
import { type Cluster, startCluster } from "../../../../support/kube/cluster";
import { startTwoRegions, type TwoRegions } from "../../../../support/twoRegions";
import { damage, deployment, type Estate, incident, makeEstate } from "../fixture";

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
  for (const name of ["aws", "getent"]) {
    const call = `#!/bin/sh\nexec '${path.join(doublesPath(), name)}' "$@"\n`;
    fs.writeFileSync(path.join(bin, name), call, { mode: 0o755 });
  }
});
afterEach(() => estate.close());

describe("the jobs of the state with Pulumi itself, buckets and a key of two regions", () => {
  const STACK = "organization/holdfast/prod";
  const [HERE, THERE] = ["eu-central-1", "eu-west-1"] as const;
  const s3 = (bucket: string, region: string) => `s3://${bucket}?region=${region}`;
  const [backend, replica] = [s3("company-state", HERE), s3("company-replica", THERE)];
  let cloud: TwoRegions;
  let key: string;
  const keyIn = (region: string) => `awskms:///arn:aws:kms:${region}:123456789012:key/${key}?region=${region}`;

  beforeAll(async () => {
    cloud = await startTwoRegions();
    for (const [bucket, region] of [
      ["company-state", HERE],
      ["company-replica", THERE],
    ] as const) {
      const body = `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
      await cloud.made("s3", region, { operation: `/${bucket}`, body });
    }
    const kms = async (region: string, operation: string, body: object) =>
      JSON.parse(await cloud.made("kms", region, { operation, body: JSON.stringify(body) })) as {
        KeyMetadata: { KeyId: string };
      };
    key = (await kms(HERE, "CreateKey", { MultiRegion: true })).KeyMetadata.KeyId;
    await kms(HERE, "ReplicateKey", { KeyId: key, ReplicaRegion: THERE });
  });
  afterAll(() => cloud?.stop());

  const environment = (url: string) => ({
    PATH: `${bin}:${process.env.PATH ?? ""}`,
    HOME: path.join(estate.dir, "run"),
    PULUMI_HOME: path.join(estate.dir, "run/pulumi"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_BACKEND_URL: url,
    ...credentials(),
  });
  const credentials = () => ({
    AWS_ENDPOINT_URL: cloud.url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  });

  /** One stack that keeps one secret, encrypted by Pulumi with the key of the first region. */
  async function stack(): Promise<void> {
    const project = path.join(estate.dir, "project");
    fs.mkdirSync(project);
    fs.writeFileSync(path.join(project, "Pulumi.yaml"), "name: holdfast\nruntime: nodejs\n");
    const pulumi = (...args: string[]) =>
      ran(real.pulumi ?? "", ["--non-interactive", "--cwd", project, ...args], { env: environment(backend) });
    await pulumi("stack", "init", STACK, "--secrets-provider", keyIn(HERE));
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

  const job = (script: string, args: string[] = [], env: Record<string, string> = {}) => {
    const places = { STATE_BACKEND: backend, RECOVER_TO: replica, SECRETS_PROVIDER: keyIn(THERE) };
    return estate.job("state", script, args, { ...places, ...credentials(), ...env }, bin);
  };
  const askedOfKms = () =>
    [
      ...new Set(
        cloud.asked
          .filter(({ action }) => action.startsWith("kms:"))
          .map(({ region, action }) => `${action} in ${region}`),
      ),
    ].sort();

  it("export without the key, and with the one that is left rehearse and give everything to the other region", async () => {
    await stack();
    cloud.asked.length = 0;
    const exported = await job("export.sh");
    expect([exported.code, exported.stderr]).toEqual([0, expect.stringContaining('"resources":2') as string]);
    expect(askedOfKms()).toEqual([]);
    expect(estate.holding("CANARY-IN-THE-STATE").filter((file) => !file.startsWith("calls"))).toEqual([]);

    cloud.lost.add(HERE);
    // Where the key has no replica nothing opens.
    const locked = await job("drill.sh", [], { SECRETS_PROVIDER: keyIn("eu-north-1") });
    expect([locked.code, locked.stderr]).toEqual([1, expect.stringContaining("could not be restored") as string]);
    cloud.asked.length = 0;
    const drill = await job("drill.sh");
    expect([drill.code, drill.stderr]).toEqual([0, expect.not.stringContaining("error") as string]);
    // What the role of the drill may, and nothing of the region that is lost.
    expect(askedOfKms()).toEqual([`kms:Decrypt in ${THERE}`, `kms:Encrypt in ${THERE}`]);

    expect((await job("recover.sh", ["verify"])).code).toBe(1);
    expect(await job("recover.sh", ["restore"])).toMatchObject({ code: 0 });
    expect(await job("recover.sh", ["verify"])).toMatchObject({ code: 0 });
    expect(await job("recover.sh", ["verify"], damage())).toMatchObject({ code: 0 });
    expect(cloud.asked.filter(({ region }) => region === HERE)).toEqual([]);
    const { stdout } = await ran(
      real.pulumi ?? "",
      ["--non-interactive", "stack", "export", "--show-secrets", "--stack", STACK],
      { env: environment(replica), cwd: estate.dir },
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
    expect(await client.apply(issuerKind)).toMatchObject({ ok: true });
    while (!(await client.serves("cert-manager.io/v1", "ClusterIssuer"))) await sleep(200);
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
  const metadata = { name: "web", namespace: "omendb-prod" };
  const appLabels = { app: "web" };
  const ours: KubeObject[] = [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 2,
        selector: { matchLabels: appLabels },
        template: { metadata: { labels: appLabels }, spec: { containers: [{ name: "web", image: "good" }] } },
      },
    },
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: appLabels, ports: [{ port: 443 }] } },
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { ...metadata, labels: appLabels },
      spec: { accessModes: ["ReadWriteMany"], storageClassName: "zonal", resources: { requests: { storage: "1Gi" } } },
    },
    { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec: { groups: [] } },
  ];
  const claims = {
    account: "111111111111",
    region: "eu-central-1",
    zones: ["eu-central-1a", "eu-central-1b"],
    storageClasses: { zonal: { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } } },
    nodeGrace: "50s",
    controllerTimeZone: "Etc/UTC",
    kubernetes: "1.30",
    cloud: "aws",
    issuer: "internal-ca",
    oidcIssuer: "holdfast.invalid",
    endpoint: "omendb.example.com",
    ingressNamespace: "ingress",
    monitoring: { namespace: "monitoring", selectors: { release: "prometheus" } },
    unreached: [],
  };

  const withPath = (env: Record<string, string>) => ({ PATH: process.env.PATH ?? "", HOME: estate.dir, ...env });

  /** The kind as cert-manager names it, and no more of it: SIMULATED. */
  const issuerKind: KubeObject = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "clusterissuers.cert-manager.io" },
    spec: {
      group: "cert-manager.io",
      scope: "Cluster",
      names: { plural: "clusterissuers", singular: "clusterissuer", kind: "ClusterIssuer" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
  const issuer: KubeObject = {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name: "internal-ca" },
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
    ["has another issuer of tokens", { oidcIssuer: "oidc.example.com" }, 1, "got https://holdfast.invalid"],
    ["is older", { kubernetes: "2.0" }, 1, "version of the API server must be 2.0 or newer, got 1.36"],
  ])("tell that a site %s", async (_, other, code, says) => {
    estate.write("claims.json", { ...claims, ...other });
    const access = kubeconfig();
    expect(await client.apply(issuer)).toMatchObject({ ok: true });
    const status = JSON.stringify({ status: { conditions: [{ type: "Ready", status: "True" }] } });
    const patch = ["patch", "clusterissuer", "internal-ca", "--type=merge", "--subresource=status", "-p", status];
    await ran("kubectl", patch, { env: withPath(access) });
    const HOSTS = JSON.stringify({ "omendb.example.com": ["192.0.2.1"] });
    const env = { ...access, HOSTS, SITE: "primary", CLAIMS: path.join(estate.dir, "claims.json") };
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
    expect((await job("recover.sh", "verify")).stderr).toContain("missing configmaps omendb-prod/omendb-config");
    expect(await job("recover.sh", "restore")).toMatchObject({ code: 0 });
    expect(await job("recover.sh", "verify")).toMatchObject({ code: 0 });
  });

  it("name what was added and changed, and in place put back what was changed as it was", async () => {
    const access = kubeconfig();
    const used = /^(namespaces|configmaps|services|deployments|persistent|prometheusrules|rolebindings)/;
    const KINDS = kindList({ ...clusterKinds, ...monitoringKinds, ...adminKinds })
      .split(" ")
      .filter((kind) => used.test(kind));
    const env = { ...access, KINDS: KINDS.join(" "), ADMIN_KINDS: kindList(adminKinds) };
    for (const object of ours) expect(await client.apply(object)).toMatchObject({ ok: true });
    const job = (script: string, ...args: string[]) =>
      estate.job(
        "clusters",
        script,
        args,
        { ...env, ...(args.length > 0 ? { IN_PLACE: "yes", ...incident() } : {}) },
        bin,
      );
    expect(await job("export.sh")).toMatchObject({ code: 0 });
    expect(await job("recover.sh", "verify")).toMatchObject({ code: 0 });

    const kubectl = (...args: string[]) =>
      ran("kubectl", [...args, "--namespace", "omendb-prod"], { env: withPath(access) });
    const patch = (kind: string, name: string, change: object) =>
      kubectl("patch", kind, name, "-p", JSON.stringify(change));
    const containers = [
      { name: "web", image: "evil" },
      { name: "miner", image: "evil" },
    ];
    await patch("deployment", "web", { spec: { template: { spec: { containers } } } });
    await patch("configmap", "omendb-config", { data: { evil: "yes" } });
    await patch("service", "web", { spec: { selector: { app: "evil" } } });
    await patch("persistentvolumeclaim", "web", { metadata: { labels: { app: "evil" } } });
    await kubectl(
      "patch",
      "prometheusrule",
      "web",
      "--type=merge",
      "-p",
      '{"spec":{"groups":[{"name":"evil","rules":[]}]}}',
    );
    await kubectl("create", "rolebinding", "evil", "--clusterrole=admin", "--user=evil");
    const spoiled = await job("recover.sh", "verify");
    for (const one of [
      "changed deployments.apps omendb-prod/web: spec.template.spec.containers.0.image",
      "changed configmaps omendb-prod/omendb-config: data.evil",
      "changed services omendb-prod/web: spec.selector.app",
      "added rolebindings.rbac.authorization.k8s.io omendb-prod/evil",
      "changed persistentvolumeclaims omendb-prod/web: metadata.labels.app",
      "changed prometheusrules.monitoring.coreos.com omendb-prod/web",
      "6 differences from the export",
    ])
      expect(spoiled.stderr).toContain(one);
    expect(spoiled.code).toBe(1);

    expect(await job("recover.sh", "restore")).toMatchObject({ code: 0 });
    const left = await job("recover.sh", "verify");
    expect([left.code, left.stderr]).toEqual([1, expect.stringContaining("1 differences from the export") as string]);
    await kubectl("delete", "rolebinding", "evil");
    expect(await job("recover.sh", "verify")).toMatchObject({ code: 0 });
  });
});
