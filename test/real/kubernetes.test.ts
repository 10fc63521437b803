import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { kubernetesVersion } from "../../tools/kubernetes";
import type { KubeObject } from "../support/kube/client";
import { type Declared, declaredBy, stacksOf } from "../support/kube/declared";
import { clusterForAll } from "../support/kube/forAll";
import { root } from "../support/parity";
import type { ExistingOrder, Live } from "../support/provider/backend";
import type { Subject } from "../support/provider/subject";
import type { Value, Values } from "../support/provider/values";

const guides = join(root, "examples/as-written");

/** Every stack there is: no example, however dangerous, declares what Kubernetes itself refuses. */
const subjects = [root, ...readdirSync(guides).map((name) => join(guides, name))].flatMap((program) =>
  stacksOf(program).map((stack) => ({
    title: program === root ? stack : `${basename(program)} as it is written, ${stack}`,
    program,
    stack,
  })),
);

const shared = clusterForAll();
const { warnings } = shared;

describe.each(subjects)(`$title, before Kubernetes ${kubernetesVersion} itself`, ({ program, stack }) => {
  let clusters: Map<string, Declared[]>;

  beforeAll(async () => {
    clusters = await declaredBy(program, stack);
  });

  it("declares what there is to ask about", () => {
    const kinds = [...clusters.values()].flat().map(({ inputs }) => inputs.kind);
    // The runbook of Omniverse keeps all it has in folders of its host, and what Azure runs is no object of a cluster.
    const own: Readonly<Record<string, string[]>> = { analytics: [], omniverse: ["Deployment", "PrometheusRule"] };
    const kept = own[basename(program)] ?? ["Deployment", "PrometheusRule", "PersistentVolumeClaim"];
    for (const kind of ["Namespace", ...kept, "CronJob", "ConfigMap"]) {
      expect(kinds).toContain(kind);
    }
  });

  it("is accepted by strict validation without a warning, changes nothing a second time, and can be removed", async () => {
    warnings.length = 0;
    const said: string[] = [];
    for (const objects of clusters.values()) {
      const made: [Declared, Live][] = [];
      for (const object of objects) {
        await shared.kubernetes.create({ ...object, provider: {} }).then(
          (live) => made.push([object, live]),
          (error: Error) => said.push(error.message),
        );
      }
      try {
        expect(await there(objects)).toEqual(made.map(([object]) => idOf(object)));
        for (const [{ subject, inputs }, live] of made) {
          const again = await shared.kubernetes.update(orderOf(subject, live), false);
          expect(unversioned(again), `${subject.name} applied again`).toEqual(unversioned(live.outputs));
          expect((await shared.kubernetes.read(orderOf(subject, live)))?.inputs, `${subject.name} read`).toEqual(
            inputs,
          );
        }
      } finally {
        for (const [{ subject }, live] of made.reverse()) await shared.kubernetes.remove(orderOf(subject, live));
      }
      expect(await there(objects)).toEqual([]);
    }
    expect(said).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

function orderOf(subject: Subject, { id, inputs, outputs }: Live): ExistingOrder {
  return { subject, provider: {}, id, inputs, old: { inputs, outputs } };
}

/** Without the API server's own books: it settles only at the second apply who owns what and that [] is nothing. */
function unversioned(outputs: Values): Values {
  const { generation, managedFields, resourceVersion, ...metadata } = outputs.metadata as Values;
  return { ...outputs, metadata };
}

/** What of these objects the API server lists. */
async function there(objects: readonly Declared[]): Promise<string[]> {
  const lists = new Map<string, string[]>();
  const found: string[] = [];
  for (const { inputs } of objects) {
    const kind = `${inputs.apiVersion} ${inputs.kind}`;
    const list = lists.get(kind) ?? (await shared.client.list(String(inputs.apiVersion), String(inputs.kind)));
    lists.set(kind, list);
    const id = idOf({ inputs });
    if (list.some((name) => id === `${inputs.kind} ${name}`)) found.push(id);
  }
  return found;
}

function idOf({ inputs }: Pick<Declared, "inputs">): string {
  const { namespace, name } = inputs.metadata as Values;
  return `${inputs.kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

describe(`Kubernetes ${kubernetesVersion} itself`, () => {
  let prod: Declared[];

  beforeAll(async () => {
    prod = [...(await declaredBy(root, "prod")).values()].flat();
  });

  /** Without its namespace, which is not there. */
  const ofProd = (kind: string): KubeObject => {
    const object = prod.find(({ inputs }) => inputs.kind === kind)?.inputs;
    if (object === undefined) throw new Error(`prod declares no ${kind}`);
    const { namespace: _, ...metadata } = object.metadata as KubeObject["metadata"];
    return { ...(object as KubeObject), metadata };
  };

  it.each<[string, string, string, Value, RegExp]>([
    ["an unknown field", "CronJob", "spec.timezone", "Etc/UTC", /spec\.timezone: field not declared in schema/],
    ["an unknown field deep below", "CronJob", "spec.jobTemplate.spec.deadline", 60, /deadline: field not declared/],
    [
      "an unknown field of an operator's kind",
      "ServiceMonitor",
      "spec.role",
      "Endpoints",
      /spec\.role: field not decl/,
    ],
    [
      "a value that an operator's kind rules out",
      "ServiceMonitor",
      "spec.serviceDiscoveryRole",
      "Slice",
      /Unsupported value/,
    ],
    ["a schedule of six fields", "CronJob", "spec.schedule", "0 0 2 * * *", /spec\.schedule: Invalid value/],
    [
      "a schedule with a zone of its own",
      "CronJob",
      "spec.schedule",
      "TZ=Etc/UTC 0 2 * * *",
      /spec\.schedule: Invalid value/,
    ],
    ["a time zone that does not exist", "CronJob", "spec.timeZone", "Europe/Atlantis", /spec\.timeZone: Invalid value/],
    ["a deadline below zero", "CronJob", "spec.startingDeadlineSeconds", -1, /must be greater than or equal to 0/],
    ["a policy that does not exist", "CronJob", "spec.concurrencyPolicy", "Never", /Unsupported value/],
    [
      "a volume of no size",
      "PersistentVolumeClaim",
      "spec.resources.requests.storage",
      "0",
      /must be greater than zero/,
    ],
  ])("refuses %s", async (_title, kind, path, value, message) => {
    const object = ofProd(kind);
    expect(await shared.client.apply(object, { dryRun: true })).toMatchObject({ ok: true, warnings: [] });
    expect(await shared.client.apply(put(object, path.split("."), value), { dryRun: true })).toMatchObject({
      ok: false,
      message: expect.stringMatching(message),
    });
  });

  it("warns of what is on its way out", async () => {
    const metadata = { name: "old", namespace: "default" };
    expect(
      await shared.client.apply({ apiVersion: "v1", kind: "Endpoints", metadata }, { dryRun: true }),
    ).toMatchObject({
      ok: true,
      warnings: [expect.stringContaining("v1 Endpoints is deprecated")],
    });
  });
});

/** The object with this value at the path. */
function put(object: KubeObject, path: readonly string[], value: Value): KubeObject {
  const copy = structuredClone(object);
  const place = path.slice(0, -1).reduce<Values>((at, name) => at[name] as Values, copy);
  place[path.at(-1) ?? ""] = value;
  return copy;
}
