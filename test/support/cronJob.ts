import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import type { Resource, ResourceGraph } from "../../policies/graph";
import { cronJob, type envVar, type mount, type volume } from "./cronJobSpec";
import { type JobRun, runToDeadline } from "./runToDeadline";

/** Contents of objects that only the cluster knows, by name; each must be declared all the same. */
export interface Given {
  /** Data of Secrets, whose values are made at deployment. */
  secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** ConfigMaps that a person makes before a Job is started. */
  configMaps?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What one run gets beside what the graph declares; all of it stands in the test. */
export interface RunWith extends Given {
  /** Values of declared variables that hold an address of the cluster; a name that is not declared is refused. */
  replace?: Readonly<Record<string, string>>;
  /** Values that a test cannot wait for, of whichever variables a job declares. */
  shorter?: Readonly<Record<string, string>>;
  /** Settings of doubles; a name that is declared is refused. */
  doubles?: Readonly<Record<string, string>>;
  /** Folders that come before the machine's own on `PATH`. */
  commands?: readonly string[];
  /** What starts the command: a way not to be root, which a pod never is and PostgreSQL refuses. @default nothing */
  startedBy?: readonly string[];
  /** Divides the declared deadline, for a test that waits for it. @default 1 */
  hurry?: number;
}

type Mount = z.infer<typeof mount> & { volume: z.infer<typeof volume> };

/** Objects of one cluster, the one that the Kubernetes provider of this name reaches. */
export function objectsOf({ resources }: ResourceGraph, cluster: string): Resource[] {
  return resources.filter(({ type, provider }) => type.startsWith("kubernetes:") && provider?.name === cluster);
}

/** Name of a Kubernetes object, and its annotations. */
export function metadataOf({ props }: Resource): { name: string; annotations: Record<string, string> } {
  const metadata = z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).default({}) });
  return metadata.parse(props.metadata);
}

/** Service account of the pods of a declared CronJob. */
export function serviceAccountOf(graph: ResourceGraph, cluster: string, job: string): string {
  const found = objectsOf(graph, cluster).find((one) => one.type.endsWith(":CronJob") && metadataOf(one).name === job);
  return pod.parse(found?.props.spec).jobTemplate.spec.template.spec.serviceAccountName;
}

const pod = z.object({
  jobTemplate: z.object({
    spec: z.object({ template: z.object({ spec: z.object({ serviceAccountName: z.string() }) }) }),
  }),
});

/**
 * The CronJobs of a recovery path of one asset in the order that their annotations say, by step.
 * @throws Error when a step comes after one that the path does not have, or after itself.
 */
export function stepsOf(
  graph: ResourceGraph,
  cluster: string,
  asset: string,
  recoveryPath: string,
): Map<string, string> {
  const waiting = new Map<string, { job: string; after: string[] }>();
  for (const resource of objectsOf(graph, cluster)) {
    const { name, annotations } = metadataOf(resource);
    const { "holdfast.dev/path": of, "holdfast.dev/step": step, "holdfast.dev/after": after } = annotations;
    if (annotations["holdfast.dev/protects"] === asset && of === recoveryPath && step !== undefined) {
      waiting.set(step, { job: name, after: (after ?? "").split(",").filter((each) => each !== "") });
    }
  }
  const ordered = new Map<string, string>();
  while (waiting.size > 0) {
    const next = [...waiting].find(([, { after }]) => after.every((each) => ordered.has(each)));
    if (!next) throw new Error(`${recoveryPath}: no order for the steps ${[...waiting.keys()].join(", ")}`);
    ordered.set(next[0], next[1].job);
    waiting.delete(next[0]);
  }
  return ordered;
}

/**
 * A folder that stands for the file system of every pod of one cluster: a claim keeps its files at the path where the
 * pods mount it, whatever else is mounted is written anew for each run. Paths in command and environment are moved
 * below the folder; the rest of the environment is what the graph declares and nothing of this machine.
 */
export class Pods {
  private readonly claims = new Map<string, string>();

  constructor(
    private readonly graph: ResourceGraph,
    private readonly cluster: string,
    private readonly folder: string,
    private readonly always: RunWith = {},
  ) {
    fs.mkdirSync(folder, { recursive: true });
  }

  /** Where on this machine the pods' path is. */
  at(inPod: string): string {
    return path.join(this.folder, inPod);
  }

  /**
   * Runs a Job of a declared CronJob to its end or to its deadline.
   * @throws Error when something that it refers to is not declared, or when it wrote where the cluster would not let it.
   */
  async run(name: string, runWith: RunWith = {}): Promise<JobRun> {
    const options = merged(this.always, runWith);
    const { spec } = this.cronJob(name).jobTemplate;
    const [{ command, args, env, envFrom, volumeMounts }] = spec.template.spec.containers;
    const mounts = volumeMounts.map((each) => {
      const of = spec.template.spec.volumes.find((one) => one.name === each.name);
      if (!of) throw new Error(`${name}: volume ${each.name} is not declared`);
      return { ...each, volume: of };
    });
    for (const each of mounts) this.provide(each, options);

    const declared: Record<string, string> = {};
    for (const { configMapRef } of envFrom) {
      Object.assign(declared, this.data("ConfigMap", configMapRef.name, options, configMapRef.optional ?? false));
    }
    for (const each of env)
      declared[each.name] = "value" in each ? each.value : this.valueFrom(each.valueFrom, options);
    const moved = (value: string) => this.moved(value, mounts);
    const environment = {
      HOME: this.folder,
      ...Object.fromEntries(Object.entries(declared).map(([key, value]) => [key, moved(value)])),
      ...Object.fromEntries(Object.entries(options.shorter ?? {}).filter(([key]) => key in declared)),
      ...onlyIf(options.replace, (key) => key in declared, `${name} does not declare`),
      ...onlyIf(options.doubles, (key) => !(key in declared), `${name} declares`),
      PATH: [...(options.commands ?? []), process.env.PATH ?? ""].join(path.delimiter),
    };

    const writable = mounts.filter((each) => !each.readOnly).map((each) => this.at(each.mountPath));
    const before = filesBelow(this.folder, writable);
    const result = await runToDeadline(
      [...(options.startedBy ?? []), ...[...command, ...args].map(moved)],
      { cwd: this.folder, env: environment },
      (spec.activeDeadlineSeconds * 1000) / (options.hurry ?? 1),
    );
    const after = filesBelow(this.folder, writable);
    const touched = [...new Set([...before.keys(), ...after.keys()])].filter(
      (file) => before.get(file) !== after.get(file),
    );
    if (touched.length > 0)
      throw new Error(`${name} wrote where it may only read: ${touched.join(", ")}\n${result.stderr}`);
    return result;
  }

  private cronJob(name: string): z.infer<typeof cronJob> {
    const found = this.find("CronJob", name);
    if (!found) throw new Error(`no CronJob ${name} in cluster ${this.cluster}`);
    return cronJob.parse(found.props.spec);
  }

  private find(kind: string, name: string): Resource | undefined {
    return objectsOf(this.graph, this.cluster).find(
      (each) => each.type.endsWith(`:${kind}`) && metadataOf(each).name === name,
    );
  }

  /** Keys and values of a ConfigMap or Secret: what the graph declares, else what the test gives. */
  private data(kind: "ConfigMap" | "Secret", name: string, given: Given, optional: boolean): Record<string, string> {
    const found = this.find(kind, name);
    const own = (kind === "Secret" ? given.secrets : given.configMaps)?.[name];
    const known = z.record(z.string(), z.string()).safeParse(found?.props[kind === "Secret" ? "stringData" : "data"]);
    if (known.success) {
      if (own) throw new Error(`${kind} ${name} is declared with its data: the test must not give another`);
      return known.data;
    }
    // A person makes an optional one; a certificate's Secret is made by the issuer.
    if (!found && !optional && !this.issued(name)) throw new Error(`${kind} ${name} is not declared`);
    if (!own && !optional) throw new Error(`${kind} ${name} has no data before deployment: the test must give it`);
    return { ...own };
  }

  private issued(secret: string): boolean {
    const of = z.object({ secretName: z.literal(secret) });
    return objectsOf(this.graph, this.cluster).some(
      ({ type, props }) => type.endsWith(":Certificate") && of.safeParse(props.spec).success,
    );
  }

  private valueFrom(from: Extract<z.infer<typeof envVar>, { valueFrom: unknown }>["valueFrom"], given: Given): string {
    const [kind, ref] =
      "secretKeyRef" in from
        ? (["Secret", from.secretKeyRef] as const)
        : (["ConfigMap", from.configMapKeyRef] as const);
    const value = this.data(kind, ref.name, given, ref.optional ?? false)[ref.key];
    if (value === undefined && !ref.optional) throw new Error(`${kind} ${ref.name} has no key ${ref.key}`);
    return value ?? "";
  }

  private provide({ mountPath, subPath, volume: of }: Mount, given: Given): void {
    const target = this.at(mountPath);
    if ("persistentVolumeClaim" in of) {
      const { claimName } = of.persistentVolumeClaim;
      const home = this.claims.get(claimName) ?? mountPath;
      if (home !== mountPath || subPath !== undefined)
        throw new Error(`claim ${claimName} has two paths: ${mountPath}`);
      if (!this.find("PersistentVolumeClaim", claimName)) throw new Error(`claim ${claimName} is not declared`);
      this.claims.set(claimName, mountPath);
      fs.mkdirSync(target, { recursive: true });
      return;
    }
    fs.rmSync(target, { recursive: true, force: true });
    if ("emptyDir" in of) return void fs.mkdirSync(target, { recursive: true });
    // A new file system is not empty.
    if ("ephemeral" in of) return void fs.mkdirSync(path.join(target, "lost+found"), { recursive: true });
    const { defaultMode, items, optional } = "configMap" in of ? of.configMap : of.secret;
    const data =
      "configMap" in of
        ? this.data("ConfigMap", of.configMap.name, given, optional)
        : this.data("Secret", of.secret.secretName, given, optional);
    const files = (items ?? Object.keys(data).map((key) => ({ key, path: key }))).map(({ key, path: file }) => {
      const content = data[key];
      if (content === undefined) throw new Error(`volume ${of.name} has no key ${key}`);
      return { file, content };
    });
    const single = files.find(({ file }) => file === subPath);
    if (subPath !== undefined && !single) throw new Error(`volume ${of.name} has no file ${subPath}`);
    for (const { file, content } of single ? [single] : files) {
      const whole = single ? target : path.join(target, file);
      fs.mkdirSync(path.dirname(whole), { recursive: true });
      fs.writeFileSync(whole, content);
      // The mode of writeFileSync is cut by this machine's umask.
      fs.chmodSync(whole, defaultMode);
    }
  }

  /** A path of the pod (a mount, something in it, or a folder that holds mounts), on this machine. */
  private moved(value: string, mounts: readonly Mount[]): string {
    const inPod = mounts.some(
      ({ mountPath }) => `${value}/`.startsWith(`${mountPath}/`) || `${mountPath}/`.startsWith(`${value}/`),
    );
    return inPod && value.startsWith("/") ? this.at(value) : value;
  }
}

function merged(always: RunWith, once: RunWith): RunWith {
  return {
    ...always,
    ...once,
    secrets: { ...always.secrets, ...once.secrets },
    configMaps: { ...always.configMaps, ...once.configMaps },
    replace: { ...always.replace, ...once.replace },
    shorter: { ...always.shorter, ...once.shorter },
    doubles: { ...always.doubles, ...once.doubles },
    commands: [...(once.commands ?? []), ...(always.commands ?? [])],
  };
}

function onlyIf(
  values: Readonly<Record<string, string>> | undefined,
  allowed: (name: string) => boolean,
  problem: string,
): Readonly<Record<string, string>> {
  const wrong = Object.keys(values ?? {}).filter((name) => !allowed(name));
  if (wrong.length > 0) throw new Error(`${problem} ${wrong.join(", ")}`);
  return values ?? {};
}

/** Size and time of last change of every file, but for folders that may be written to. */
function filesBelow(folder: string, but: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (at: string) => {
    for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
      const whole = path.join(at, entry.name);
      if (but.includes(whole)) continue;
      if (entry.isDirectory()) visit(whole);
      else {
        const { size, mtimeMs } = fs.lstatSync(whole);
        found.set(whole, `${size} ${mtimeMs}`);
      }
    }
  };
  visit(folder);
  return found;
}
