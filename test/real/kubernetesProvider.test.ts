import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { kubernetesVersion } from "../../tools/kubernetes";
import type { KubeObject } from "../support/kube/client";
import { clusterForAll } from "../support/kube/forAll";
import type { ExistingOrder, Live } from "../support/provider/backend";
import { clustersOf } from "../support/provider/kubernetes";
import { subjectOf } from "../support/provider/subject";
import { secret, unknown, type Value, type Values } from "../support/provider/values";

const shared = clusterForAll();
const { warnings } = shared;
let namespace: string;
let made = 0;

/** Every test has a namespace of its own. */
beforeEach(async () => {
  made += 1;
  namespace = `test-${made}`;
  await shared.client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
});

const types: Record<string, string> = { ConfigMap: "v1", Secret: "v1", PersistentVolumeClaim: "v1", Probe: "x.io/v1" };

/** A request for an object of this name, here or in another namespace. */
function order(kind: string, rest: Values, metadata: Values = {}, provider: Values = {}) {
  const apiVersion = types[kind] ?? "apps/v1";
  const type = `kubernetes:${apiVersion === "v1" ? "core/v1" : apiVersion}:${kind}`;
  const inputs: Values = { apiVersion, kind, metadata: { name: "one", namespace, ...metadata }, ...rest };
  return { subject: subjectOf(`urn:pulumi:test::holdfast::${type}::one`), provider, inputs };
}

function existing({ id, inputs, outputs }: Live, news: Values = inputs, provider: Values = {}): ExistingOrder {
  const kind = String(inputs.kind);
  return { ...order(kind, {}), provider, inputs: news, id, old: { inputs, outputs } };
}

const claim = (storage: string): Values => ({
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
});

const live = async (kind: string, name = "one"): Promise<KubeObject | undefined> => {
  const answer = await shared.client.get({ apiVersion: types[kind] ?? "", kind, metadata: { name, namespace } });
  return answer.ok ? answer.object : undefined;
};

describe(`the provider's part that asks Kubernetes ${kubernetesVersion} itself`, () => {
  it("creates what the inputs describe and answers with the object as the API server keeps it", async () => {
    const asked = order("ConfigMap", { data: { a: "1" } });
    const { id, inputs, outputs } = await shared.kubernetes.create(asked);
    expect(id).toBe(`${namespace}/one`);
    expect(inputs).toEqual(asked.inputs);
    expect(outputs).toMatchObject({
      data: { a: "1" },
      __fieldManager: expect.stringMatching(/^pulumi-kubernetes-\w{8}$/),
    });
    expect((outputs.metadata as Values).uid).toBe((await live("ConfigMap"))?.metadata.uid);
  });

  it("names an object without a name after its resource", async () => {
    const asked = order("ConfigMap", {});
    await shared.kubernetes.create({ ...asked, inputs: { ...asked.inputs, metadata: { namespace } } });
    expect(await live("ConfigMap")).toBeDefined();
  });

  it("refuses what exists already, unless it may take it over", async () => {
    await shared.kubernetes.create(order("ConfigMap", { data: { a: "1" } }));
    await expect(shared.kubernetes.create(order("ConfigMap", { data: { b: "2" } }))).rejects.toThrow(
      'resource one was not accepted by the Kubernetes API server: ConfigMap "one" already exists',
    );
    await shared.kubernetes.create(order("ConfigMap", { data: { b: "2" } }, {}, { upsertExistingObjects: "true" }));
    expect((await live("ConfigMap"))?.data).toEqual({ b: "2" });
  });

  it("waits for a namespace that is on its way, and not for ever", async () => {
    const coming = `${namespace}-coming`;
    const asked = shared.kubernetes.create(order("ConfigMap", {}, { namespace: coming }));
    await sleep(300);
    await shared.client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: coming } });
    expect((await asked).id).toBe(`${coming}/one`);
    const never = shared.kubernetes.create(order("ConfigMap", {}, { namespace: "never" }));
    await expect(never).rejects.toThrow('namespaces "never" not found');
  });

  it.each<[string, string, Values, RegExp]>([
    ["an unknown field", "ConfigMap", { datum: "1" }, /field not declared in schema/],
    ["a value of the wrong type", "ConfigMap", { data: { a: 1 } }, /expected string|cannot unmarshal|got/],
    ["a kind that is not there", "Probe", {}, /no matches for kind "Probe" in version "x.io\/v1"/],
    ["a resource that is no object", "ConfigMap", { kind: 5 }, /kubernetes:core\/v1:ConfigMap is no Kubernetes object/],
  ])("fails by %s, in the API server's own words", async (_title, kind, rest, message) => {
    await expect(shared.kubernetes.create(order(kind, rest))).rejects.toThrow(message);
  });

  describe("at preview", () => {
    it("shows what the API server would make of it, without a status, and makes nothing", async () => {
      const planned = await shared.kubernetes.plan(order("PersistentVolumeClaim", claim("1Gi")));
      expect(planned).toMatchObject({ spec: { volumeMode: "Filesystem" } });
      expect(planned).not.toHaveProperty("status");
      expect(await live("PersistentVolumeClaim")).toBeUndefined();
    });

    it("fails where the creation would", async () => {
      await expect(shared.kubernetes.plan(order("PersistentVolumeClaim", claim("0")))).rejects.toThrow(
        "greater than zero",
      );
    });

    it.each<[string, () => ReturnType<typeof order>]>([
      ["something in it is unknown", () => order("ConfigMap", { data: { a: unknown } })],
      ["something secret in it is unknown", () => order("Secret", { stringData: secret({ a: unknown }) })],
      ["its namespace is not there yet", () => order("ConfigMap", {}, { namespace: "later" })],
      ["its kind is not there yet", () => order("Probe", { spec: {} })],
    ])("answers with the inputs where %s", async (_title, asked) => {
      const { inputs, ...rest } = asked();
      expect(await shared.kubernetes.plan({ ...rest, inputs })).toEqual(inputs);
    });

    it("answers with the inputs where the object is there and will be replaced", async () => {
      await shared.kubernetes.create(order("PersistentVolumeClaim", claim("2Gi")));
      const smaller = order("PersistentVolumeClaim", claim("1Gi"));
      expect(await shared.kubernetes.plan(smaller)).toEqual(smaller.inputs);
    });
  });

  describe("with an object that exists", () => {
    it("updates it, and takes away what the inputs no longer set", async () => {
      const before = await shared.kubernetes.create(order("ConfigMap", { data: { a: "1", b: "2" } }));
      const { inputs } = order("ConfigMap", { data: { a: "3" } });
      expect(await shared.kubernetes.update(existing(before, inputs), true)).toMatchObject({ data: { a: "3" } });
      expect((await live("ConfigMap"))?.data).toEqual({ a: "1", b: "2" });
      expect(await shared.kubernetes.update(existing(before, inputs), false)).toMatchObject({ data: { a: "3" } });
      expect((await live("ConfigMap"))?.data).toEqual({ a: "3" });
    });

    it.each([true, false])("refuses to change what cannot be changed (preview: %s)", async (preview) => {
      const before = await shared.kubernetes.create(order("PersistentVolumeClaim", claim("2Gi")));
      const { inputs } = order("PersistentVolumeClaim", claim("1Gi"));
      await expect(shared.kubernetes.update(existing(before, inputs), preview)).rejects.toThrow(
        "spec is immutable after creation",
      );
    });

    it("does not take a field from who changed it, unless it is told to", async () => {
      const before = await shared.kubernetes.create(order("ConfigMap", { data: { a: "1" } }));
      const { inputs } = order("ConfigMap", { data: { a: "2" } });
      const metadata = { name: "one", namespace };
      const theirs = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "theirs" } };
      await shared.client.apply(theirs, { fieldManager: "somebody", force: true });
      await expect(shared.kubernetes.update(existing(before, inputs), false)).rejects.toThrow(
        'conflict with "somebody": .data.a',
      );
      await shared.kubernetes.update(existing(before, inputs, { enablePatchForce: "true" }), false);
      expect((await live("ConfigMap"))?.data).toEqual({ a: "2" });
    });

    const template = { metadata: { labels: { app: "one" } }, spec: { containers: [{ name: "one", image: "one" }] } };
    const job = { spec: { template: { spec: { restartPolicy: "Never", containers: template.spec.containers } } } };

    it.each<[string, string, string, Values, string, "scale" | undefined]>([
      ["kubectl scale", "apps/v1", "Deployment", { replicas: 0 }, "replicas", "scale"],
      ["kubectl patch", "batch/v1", "CronJob", { suspend: true }, "suspend", undefined],
    ])("leaves what a recovery set by %s as it is: the update fails and says whose it is", async (...row) => {
      const [, apiVersion, kind, own, field, subresource] = row;
      const rest =
        kind === "Deployment" ? { selector: { matchLabels: { app: "one" } }, template } : { jobTemplate: job };
      const spec: Values = { ...rest, ...(kind === "CronJob" ? { schedule: "0 2 * * *" } : {}), ...own };
      const subject = subjectOf(`urn:pulumi:test::holdfast::kubernetes:${apiVersion}:${kind}::one`);
      const inputs: Values = { apiVersion, kind, metadata: { name: "one", namespace }, spec };
      const before = await shared.kubernetes.create({ subject, provider: {}, inputs });
      const set: Value = field === "replicas" ? 3 : false;
      const object = { apiVersion, kind, metadata: { name: "one", namespace }, spec: { [field]: set } };
      expect(await shared.client.merge(object, "kubectl", subresource)).toMatchObject({ ok: true });
      const again = { ...existing(before), subject };
      const now = (await shared.kubernetes.read(again))?.inputs;
      expect(now).toMatchObject({ spec: { [field]: set } });
      await expect(shared.kubernetes.update(again, false)).rejects.toThrow(
        new RegExp(`conflict with "kubectl".*: \\.spec\\.${field}`),
      );
      // Once the program says what is in force, nobody is in the way.
      const agreed = { ...again, inputs: now ?? {} };
      expect(await shared.kubernetes.update(agreed, false)).toMatchObject({ spec: { [field]: set } });
    });

    it("reads what the inputs have become: changed, gone, or only written in another way", async () => {
      const written: Values = {
        ...claim("1024Mi"),
        metadata: { name: "one", namespace, annotations: {}, labels: { a: "1", b: "2" } },
      };
      const before = await shared.kubernetes.create(order("PersistentVolumeClaim", written));
      expect((await shared.kubernetes.read(existing(before)))?.inputs).toEqual(before.inputs);
      const labels: Value = { a: "other", c: "3" };
      const object = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "one", namespace, labels } };
      await shared.client.apply(object, { fieldManager: "somebody", force: true });
      const now = await shared.kubernetes.read(existing(before));
      expect(now?.inputs).toEqual({
        ...before.inputs,
        metadata: { name: "one", namespace, annotations: {}, labels: { a: "other", b: "2" } },
      });
      expect(now?.outputs).toMatchObject({ metadata: { labels: { a: "other", b: "2", c: "3" } } });
    });

    it("reads what the program only knows by its id", async () => {
      const { id } = await shared.kubernetes.create(order("ConfigMap", { data: { a: "1" } }));
      const asked = { ...order("ConfigMap", {}), inputs: {}, id, old: { inputs: {}, outputs: {} } };
      expect((await shared.kubernetes.read(asked))?.inputs).toEqual(order("ConfigMap", { data: { a: "1" } }).inputs);
    });

    it.each(["ConfigMap", "PersistentVolumeClaim"])("removes a %s for good, and finds it gone", async (kind) => {
      const before = await shared.kubernetes.create(order(kind, kind === "ConfigMap" ? {} : claim("1Gi")));
      await shared.kubernetes.remove(existing(before));
      expect(await shared.kubernetes.read(existing(before))).toBeUndefined();
      await shared.kubernetes.remove(existing(before));
    });
  });

  it("marks as secret what a Secret holds and what was secret in the inputs, and nothing else", async () => {
    const user = await shared.kubernetes.create(order("Secret", { stringData: secret({ a: "word" }) }));
    expect(user.outputs).toMatchObject({ type: "Opaque", data: secret({ a: Buffer.from("word").toString("base64") }) });
    const read = await shared.kubernetes.read(existing(user));
    expect(read?.inputs.stringData).toEqual(secret({ a: "word" }));
    const map = await shared.kubernetes.create(order("ConfigMap", { data: { a: secret("word"), b: "plain" } }));
    expect(map.outputs.data).toEqual({ a: secret("word"), b: "plain" });
  });

  it("goes to the cluster of the provider's context, and to none that does not run", async () => {
    const { backendOf, close } = clustersOf({ here: shared.cluster });
    const { subject } = order("ConfigMap", {});
    const asked = order("ConfigMap", { data: { a: "here" } });
    await backendOf(subject, { context: "here" })?.create(asked);
    expect((await live("ConfigMap"))?.data).toEqual({ a: "here" });
    expect(() => backendOf(subject, { context: "elsewhere" })).toThrow("one: no cluster runs for context elsewhere");
    expect(backendOf(subjectOf("urn:pulumi:test::holdfast::aws:s3/bucket:Bucket::b"), {})).toBeUndefined();
    expect(clustersOf({}).backendOf(subject, { context: "here" })).toBeUndefined();
    close();
  });

  it("has warned of nothing", () => {
    expect(warnings).toEqual([]);
  });
});
