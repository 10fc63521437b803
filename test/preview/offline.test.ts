import { Config } from "@pulumi/pulumi/config";
import { afterAll, describe, expect, test } from "vitest";
import { type Resource, UNKNOWN } from "../../policies/graph";
import { loadGraph } from "../../preview/offline";
import { programOf, removePrograms } from "./programs";

afterAll(removePrograms);

const imports = `
import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
`;

async function resources(main: string, files?: Record<string, string>): Promise<(name: string) => Resource> {
  const { graph } = await loadGraph({ program: programOf(imports + main, files), stack: "prod" });
  return (name) => {
    const found = graph.resources.filter((one) => one.name === name);
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} resources named ${name}`);
    return found[0];
  };
}

const component = `
class Shop extends pulumi.ComponentResource {
  readonly database: aws.s3.Bucket;
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("shop:index:Shop", name, { given: "not an output" }, opts);
    this.database = new aws.s3.Bucket(name + "-db", { bucket: "orders" }, { parent: this });
    this.registerOutputs({ asset: { id: "shop/orders" }, arn: this.database.arn, database: this.database, self: this });
  }
}
`;

describe("the graph of a program", () => {
  test("names resources as the engine does: types of all parents but the stack, own type, name", async () => {
    const named = await resources(`${component}
      class Mall extends pulumi.ComponentResource {
        constructor(name: string) { super("shop:index:Mall", name); new Shop("inner", { parent: this }); }
      }
      new Mall("outer");`);
    const stack = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod";
    const mall = "urn:pulumi:prod::shop::shop:index:Mall::outer";
    const shop = "urn:pulumi:prod::shop::shop:index:Mall$shop:index:Shop::inner";
    const bucket = "urn:pulumi:prod::shop::shop:index:Mall$shop:index:Shop$aws:s3/bucket:Bucket::inner-db";
    expect(named("shop-prod")).toMatchObject({ urn: stack, type: "pulumi:pulumi:Stack" });
    expect(named("shop-prod").parent).toBeUndefined();
    expect(named("outer")).toMatchObject({ urn: mall, parent: stack });
    expect(named("inner")).toMatchObject({ urn: shop, parent: mall });
    expect(named("inner-db")).toMatchObject({ urn: bucket, parent: shop, type: "aws:s3/bucket:Bucket" });
  });

  test("shows of a component what it registers as outputs, and nothing of its arguments", async () => {
    const named = await resources(`${component} new Shop("corner");`);
    expect(named("corner").props).toEqual({
      asset: { id: "shop/orders" },
      arn: UNKNOWN,
      database: UNKNOWN, // a resource is shown as its id
      self: named("corner").urn, // a component as its URN
    });
  });

  test("shows a component without outputs as empty", async () => {
    const named = await resources(
      `new (class extends pulumi.ComponentResource {})("shop:index:Bare", "bare", { a: 1 });`,
    );
    expect(named("bare").props).toEqual({});
  });

  test("shows of a resource what the program sets: the rest is absent, so that it cannot be taken for unknown", async () => {
    const named = await resources(`new aws.s3.Bucket("b", { bucket: "orders", forceDestroy: true, tags: undefined });`);
    expect(named("b").props).toEqual({ bucket: "orders", forceDestroy: true });
  });

  test("shows a Kubernetes object as its inputs", async () => {
    const named = await resources(`new kubernetes.core.v1.Namespace("n", { metadata: { name: "shop" } });`);
    expect(named("n").props).toEqual({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  });

  test("keeps known values known and unknown ones unknown on their way from resource to resource", async () => {
    const named = await resources(`
      const b = new aws.s3.Bucket("b", { bucket: "orders" });
      new kubernetes.core.v1.ConfigMap("c", {
        data: { name: b.bucket, arn: b.arn, url: pulumi.interpolate\`s3://\${b.id}/x\`, plain: "x" },
      });`);
    expect(named("c").props.data).toEqual({ name: "orders", arn: UNKNOWN, url: UNKNOWN, plain: "x" });
  });

  test("shows files as unknown", async () => {
    const named = await resources(`
      new aws.s3.BucketObjectv2("o", { bucket: "b", source: new pulumi.asset.StringAsset("text") });`);
    expect(named("o").props).toEqual({ bucket: "b", source: UNKNOWN });
  });

  test("does not run an apply on an unknown value", async () => {
    const named = await resources(`
      const b = new aws.s3.Bucket("b", {});
      new aws.s3.BucketPolicy("p", { bucket: "x", policy: b.arn.apply((arn) => arn.toUpperCase()) });`);
    expect(named("p").props.policy).toBe(UNKNOWN);
  });

  test("waits for everything that is registered later, whatever nobody awaits", async () => {
    const named = await resources(`
      setTimeout(() => new aws.s3.Bucket("before", {}), 0);
      const first = new aws.s3.Bucket("first", { bucket: "b" });
      first.bucket.apply((name) => new aws.s3.Bucket("inner", { bucket: name + "-copy" }));
      export = async () => { await new Promise((done) => setTimeout(done, 20)); new aws.s3.Bucket("late", {}); };`);
    expect(named("inner").props.bucket).toBe("b-copy");
    expect(named("late").type).toBe("aws:s3/bucket:Bucket");
  });
});

describe("providers", () => {
  test("an explicit provider is attached to its resources, by way of a component too", async () => {
    const named = await resources(`${component}
      const eu = new aws.Provider("eu", { region: "eu-west-1", allowedAccountIds: ["1"] });
      new Shop("corner", { provider: eu });`);
    expect(named("corner-db").provider).toMatchObject({
      type: "pulumi:providers:aws",
      name: "eu",
      urn: "urn:pulumi:prod::shop::pulumi:providers:aws::eu",
      props: { region: "eu-west-1", allowedAccountIds: '["1"]' },
    });
    expect(named("corner").provider).toBeUndefined();
    expect(named("eu").provider).toBeUndefined();
  });

  test("a resource without one gets the default provider of its package, version and configuration", async () => {
    const named = await resources(`new aws.s3.Bucket("b", {});`, {
      "Pulumi.prod.yaml": "config:\n  aws:region: eu-central-1\n  awsx:region: other\n",
    });
    const version = (require("@pulumi/aws/package.json") as { version: string }).version;
    const name = `default_${version.replaceAll(".", "_")}`;
    expect(named("b").provider).toEqual({
      type: "pulumi:providers:aws",
      name,
      urn: `urn:pulumi:prod::shop::pulumi:providers:aws::${name}`,
      props: { region: "eu-central-1", version },
    });
    expect(named(name).parent).toBeUndefined();
  });
});

describe("links and options", () => {
  test("dependencies name the property that makes them; a component stands for what is in it", async () => {
    const named = await resources(`${component}
      const shop = new Shop("corner");
      const b = new aws.s3.Bucket("b", {});
      new aws.s3.BucketPolicy("p", { bucket: b.id, policy: "{}" }, { dependsOn: [shop] });`);
    expect(named("p").propertyDependencies).toEqual({ bucket: [named("b").urn] });
    expect(named("p").dependencies).toEqual([named("b").urn, named("corner-db").urn]);
  });

  test("protect is inherited and ignoreChanges is not", async () => {
    const named = await resources(`${component}
      new Shop("corner", { protect: true });
      new aws.s3.Bucket("b", {}, { ignoreChanges: ["lifecycleRules", "tags"] });`);
    expect(named("corner-db")).toMatchObject({ protect: true, ignoreChanges: [] });
    expect(named("b")).toMatchObject({ protect: false, ignoreChanges: ["lifecycleRules", "tags"] });
  });

  test("says where in the program a resource is made", async () => {
    const program = programOf(`import * as aws from "@pulumi/aws";\n\nnew aws.s3.Bucket("b", {});\n`);
    const { graph, positions } = await loadGraph({ program, stack: "prod" });
    const bucket = graph.resources.find(({ name }) => name === "b")?.urn ?? "";
    expect(positions.get(bucket)).toBe("index.ts:3");
  });

  test("a resource found again by its URN is no second one, and what it is in the end is unknown", async () => {
    const named = await resources(`
      new aws.s3.Bucket("b", { bucket: "orders" });
      const again = new aws.s3.Bucket("b", undefined, { urn: "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::b" });
      new aws.s3.BucketPolicy("p", { bucket: again.id, policy: again.urn });`);
    expect(named("p").props).toEqual({ bucket: UNKNOWN, policy: named("b").urn });
  });

  test("two resources of one name are refused, as by the engine", async () => {
    const twice = programOf(`${imports} new aws.s3.Bucket("b", {}); new aws.s3.Bucket("b", {});`);
    await expect(loadGraph({ program: twice, stack: "prod" })).rejects.toThrow(/Duplicate resource URN .*Bucket::b'/);
  });
});

describe("what only a cloud knows", () => {
  test("resources read with .get() are not in the graph, and everything of them but the id is unknown", async () => {
    const named = await resources(`
      const theirs = aws.s3.Bucket.get("theirs", "their-id");
      new aws.s3.BucketPolicy("p", { bucket: theirs.id, policy: theirs.arn });`);
    expect(named("p").props).toMatchObject({ bucket: "their-id", policy: UNKNOWN });
    expect(named("p").dependencies).toEqual([]);
    expect(() => named("theirs")).toThrow("0 resources");
  });

  test("outputs of another stack are unknown", async () => {
    const named = await resources(`
      const net = new pulumi.StackReference("org/net/prod");
      new aws.s3.BucketPolicy("p", { bucket: net.getOutput("bucket"), policy: net.requireOutput("policy") });`);
    expect(named("p").props).toMatchObject({ bucket: UNKNOWN, policy: UNKNOWN });
    expect(() => named("org/net/prod")).toThrow("0 resources");
  });

  test("answers of provider functions are unknown, each property of them and what is computed from it", async () => {
    const named = await resources(`
      const zones = aws.getAvailabilityZonesOutput({});
      new kubernetes.core.v1.ConfigMap("c", { data: {
        lifted: zones.names[0], applied: zones.apply((z) => z.names[0]), absent: zones.apply((z) => String(z)),
      } });`);
    expect(named("c").props.data).toEqual({ lifted: UNKNOWN, applied: UNKNOWN, absent: UNKNOWN });
  });

  test("a program that reads a plain answer is told what to call", async () => {
    const plain = programOf(`${imports} export = async () => { (await aws.getAvailabilityZones({})).names[0]; };`);
    await expect(loadGraph({ program: plain, stack: "prod" })).rejects.toThrow(
      /offline nobody answers aws:index\/getAvailabilityZones:getAvailabilityZones: use the Output form/,
    );
  });

  test("a remote component is there, without children and with unknown outputs", async () => {
    const named = await resources(`
      const chart = new kubernetes.helm.v4.Chart("chart", { chart: "postgresql" });
      new kubernetes.core.v1.ConfigMap("c", { data: { resources: chart.resources.apply((all) => String(all.length)) } });`);
    expect(named("chart").type).toBe("kubernetes:helm.sh/v4:Chart");
    expect(named("c").props.data).toEqual({ resources: UNKNOWN });
  });
});

test("a program that needs the engine is told so", async () => {
  const program = programOf(`${imports} new aws.s3.Bucket("b", {}, { transforms: [() => undefined] });`);
  await expect(loadGraph({ program, stack: "prod" })).rejects.toThrow("transforms need the Pulumi engine");
});

describe("configuration", () => {
  const config = `
config:
  shop:replicas: 3
  name: orders
  shop:ratio: 0.5
  shop:on: yes
  shop:nested: { b: [1, two], a: { deep: true } }
  shop:password:
    secure: AAABAM
  shop:mixed: { host: db, key: { secure: AAABAM } }
`;
  const reading = `
    const c = new pulumi.Config();
    new kubernetes.core.v1.ConfigMap("c", { data: {
      replicas: String(c.requireNumber("replicas") + 1), name: c.require("name"), on: c.require("on"),
      ratio: c.require("ratio"), nested: c.require("nested"), password: c.requireSecret("password"),
      url: pulumi.interpolate\`postgres://\${c.requireSecret("password")}@db\`,
      host: c.requireSecretObject<{ host: string }>("mixed").host, secret: pulumi.secret("in clear"),
      encoded: pulumi.jsonStringify({ key: c.requireSecret("password") }),
    } });`;

  test("plain values arrive as Pulumi hands them on, encrypted ones are unknown, secrets are in clear", async () => {
    const named = await resources(reading, { "Pulumi.prod.yaml": config });
    expect(named("c").props.data).toEqual({
      replicas: "4",
      name: "orders",
      on: "yes",
      ratio: "0.5",
      nested: '{"a":{"deep":true},"b":[1,"two"]}',
      password: UNKNOWN,
      url: UNKNOWN,
      host: "db",
      secret: "in clear",
      encoded: UNKNOWN,
    });
  });

  test("what is computed from an encrypted value is unknown, of whatever kind it is, and a known part stays known", async () => {
    const named = await resources(
      `const c = new pulumi.Config();
       new kubernetes.core.v1.ConfigMap("c", { data: {
         applied: c.requireSecret("password").apply(Number), length: c.requireSecret("password").length,
         number: c.requireSecretNumber("password"), more: c.requireSecretNumber("password").apply((n) => n + 1),
         chosen: c.requireSecretBoolean("password").apply((on) => (on ? "on" : "off")),
         optional: c.getSecretNumber("password"), checked: c.requireSecret("password", { minLength: 100 }),
         whole: c.requireSecretObject<object>("password"), absent: c.getSecret("absent"),
         part: c.requireSecretObject<{ key: string }>("mixed").apply(({ key }) => key.length),
         asText: c.requireSecret("mixed").apply((text) => JSON.parse(text).host),
         known: c.requireSecretObject<{ host: string }>("mixed").host.apply((host) => host.toUpperCase()),
         open: c.requireSecretNumber("replicas").apply((n) => String(n + 1)),
       } });`,
      { "Pulumi.prod.yaml": config },
    );
    const { known, open, ...rest } = named("c").props.data as Record<string, unknown>;
    expect({ known, open }).toEqual({ known: "DB", open: "4" });
    expect(Object.entries(rest)).toEqual(
      ["applied", "asText", "checked", "chosen", "length", "more", "number", "optional", "part", "whole"].map(
        (name) => [name, UNKNOWN],
      ),
    );
  });

  test("a plain text that is encrypted is handed on as unknown", async () => {
    const named = await resources(
      `const c = new pulumi.Config();
       new kubernetes.core.v1.ConfigMap("c", { data: {
         text: c.require("password"), inText: "at " + c.get("password"), host: c.requireObject<any>("mixed").host,
         key: c.requireObject<any>("mixed").key,
       } });`,
      { "Pulumi.prod.yaml": config },
    );
    expect(named("c").props.data).toEqual({ text: UNKNOWN, inText: UNKNOWN, host: "db", key: UNKNOWN });
  });

  test.each([
    ['requireNumber("password")', "requireSecretNumber"],
    ['getNumber("password")', "requireSecretNumber"],
    ['requireBoolean("password")', "requireSecretBoolean"],
    ['requireObject("password")', "requireSecretObject"],
    ['require("password", { minLength: 2 })', "requireSecret"],
  ])("an encrypted value is not invented by %s", async (read, instead) => {
    const program = programOf(`${imports} new pulumi.Config().${read}; new aws.s3.Bucket("b", {});`, {
      "Pulumi.prod.yaml": config,
    });
    await expect(loadGraph({ program, stack: "prod" })).rejects.toThrow(
      `configuration shop:password is encrypted, and nobody has its key offline: read it with ${instead}, whose value is unknown then, or run with --engine pulumi`,
    );
  });

  test("the readers are the SDK's own again afterwards", async () => {
    const before = Config.prototype.requireSecret;
    await resources(`new aws.s3.Bucket("b", {});`, { "Pulumi.prod.yaml": config });
    expect(Config.prototype.requireSecret).toBe(before);
    const broken = programOf(`${imports} throw new Error("no");`, { "Pulumi.prod.yaml": config });
    await expect(loadGraph({ program: broken, stack: "prod" })).rejects.toThrow("no");
    expect(Config.prototype.requireSecret).toBe(before);
  });

  test("encrypted keys are marked secret, so that a program can tell", async () => {
    const named = await resources(
      `const marked = pulumi.isSecret(new pulumi.Config().requireSecret("password"));
       import { isConfigSecret } from "@pulumi/pulumi/runtime/config";
       new kubernetes.core.v1.ConfigMap("c", { data: {
         password: String(isConfigSecret("shop:password")), mixed: String(isConfigSecret("shop:mixed")),
         name: String(isConfigSecret("shop:name")) } });`,
      { "Pulumi.prod.yaml": config },
    );
    expect(named("c").props.data).toEqual({ password: "true", mixed: "true", name: "false" });
  });

  test("the project's defaults hold where the stack says nothing", async () => {
    const named = await resources(
      `const c = new pulumi.Config(); new kubernetes.core.v1.ConfigMap("c", { data: { a: c.require("a"), b: c.require("b") } });`,
      {
        "Pulumi.yaml": "name: shop\nruntime: nodejs\nconfig:\n  a: project\n  b: { type: string, default: project }\n",
        "Pulumi.prod.yaml": "config:\n  b: stack\n",
      },
    );
    expect(named("c").props.data).toEqual({ a: "project", b: "stack" });
  });

  test("a date without quotes is refused: the engine would hand on another text", async () => {
    const program = programOf(imports, { "Pulumi.prod.yaml": "config:\n  shop:until: 2027-03-01\n" });
    await expect(loadGraph({ program, stack: "prod" })).rejects.toThrow("shop:until is a date without quotes");
  });
});

describe("one load after another", () => {
  const counting = (bucket: string) => `${imports}
    import { count } from "./counter";
    new aws.s3.Bucket("${bucket}-" + count() + "-" + pulumi.getStack() + "-" + pulumi.getProject(), {});`;
  const counter = { "counter.ts": "let n = 0; export const count = () => ++n;" };

  test("a program starts afresh each time, and sees nothing of the one before", async () => {
    const program = programOf(counting("a"), counter);
    const other = programOf(counting("b"), { ...counter, "Pulumi.yaml": "name: other\nruntime: nodejs\n" });
    const buckets = async (folder: string, stack: string) =>
      (await loadGraph({ program: folder, stack })).graph.resources
        .filter(({ type }) => type === "aws:s3/bucket:Bucket")
        .map(({ name }) => name);
    expect(await buckets(program, "prod")).toEqual(["a-1-prod-shop"]);
    expect(await buckets(program, "prod")).toEqual(["a-1-prod-shop"]);
    expect(await Promise.all([buckets(other, "dev"), buckets(program, "prod")])).toEqual([
      ["b-1-dev-other"],
      ["a-1-prod-shop"],
    ]);
  });

  test("a failed load does not spoil the next", async () => {
    const broken = programOf(`${imports} new aws.s3.Bucket("b", {}); throw new Error("no");`);
    await expect(loadGraph({ program: broken, stack: "prod" })).rejects.toThrow("no");
    const named = await resources(`new aws.s3.Bucket("b", {});`);
    expect(named("b").name).toBe("b");
    expect(process.cwd()).not.toBe(broken);
  });

  test("runs a program in its own folder", async () => {
    const named = await resources(
      `import { readFileSync } from "node:fs"; new aws.s3.Bucket("b", { bucket: readFileSync("name.txt", "utf8") });`,
      { "name.txt": "orders" },
    );
    expect(named("b").props.bucket).toBe("orders");
  });

  test("tells how far it is", async () => {
    const counts: number[] = [];
    await loadGraph({
      program: programOf(`${imports} new aws.s3.Bucket("a", {}); new aws.s3.Bucket("b", {});`),
      stack: "prod",
      onProgress: (count) => counts.push(count),
    });
    expect(counts).toEqual([1, 2, 3]);
  });
});

describe("a changed graph", () => {
  const main = `${imports}
    const eu = new aws.Provider("eu", { region: "eu-west-1" });
    const b = new aws.s3.Bucket("b", {}, { provider: eu });
    new aws.s3.BucketPolicy("p", { bucket: b.id, policy: "{}" }, { provider: eu });`;

  test("a changed provider reaches every resource that uses it", async () => {
    const { graph } = await loadGraph({
      program: programOf(main),
      stack: "prod",
      transform: (one) => (one.name === "eu" ? { ...one, props: { ...one.props, region: "eu-north-1" } } : one),
    });
    const regions = graph.resources.flatMap((one) => (one.provider ? [one.provider.props.region] : []));
    expect(regions).toEqual(["eu-north-1", "eu-north-1"]);
  });

  test("links to a resource that is left out are gone", async () => {
    const { graph } = await loadGraph({
      program: programOf(main),
      stack: "prod",
      transform: (one) => (one.name === "b" ? undefined : one),
    });
    const policy = graph.resources.find(({ name }) => name === "p");
    expect(policy).toMatchObject({ dependencies: [], propertyDependencies: {} });
  });
});
