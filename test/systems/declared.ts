import { type Resource, type ResourceGraph, UNKNOWN, type Value } from "../../policies/graph";

/** One line of the golden file: what it is, where it goes, what it says, and the inputs on which verdicts rest. */
export function summaryOf(resource: Resource): string {
  const { type, name, protect, provider, ignoreChanges } = resource;
  const said = Object.entries(metadataOf(resource).annotations ?? {}).flatMap(([key, value]) =>
    key.startsWith("holdfast.dev/") ? [`${key.slice("holdfast.dev/".length)}=${String(value)}`] : [],
  );
  return [
    `${type} ${name}`,
    ...(provider ? [`@${provider.name}`] : []),
    ...(protect ? ["protected"] : []),
    ...(ignoreChanges.length > 0 ? [`ignores ${ignoreChanges.join(",")}`] : []),
    ...(said.length > 0 ? [`says ${said.sort().join(" ")}`] : []),
    ...factsOf(resource),
  ].join(" · ");
}

/** The inputs on which the verdicts rest. */
function factsOf({ type, props }: Resource): string[] {
  const spec = (props.spec ?? {}) as Record<string, unknown>;
  const line = (facts: Record<string, unknown>) => [JSON.stringify(facts)];
  switch (kindOf(type)) {
    case "CronJob": {
      const { schedule, timeZone, suspend, startingDeadlineSeconds, concurrencyPolicy } = spec;
      const { activeDeadlineSeconds } = (spec.jobTemplate as { spec: Record<string, unknown> }).spec;
      return suspend === true
        ? line({ suspend, activeDeadlineSeconds })
        : line({ schedule, timeZone, suspend, startingDeadlineSeconds, concurrencyPolicy, activeDeadlineSeconds });
    }
    case "Deployment":
      return line({ replicas: spec.replicas });
    case "Lease":
    case "PersistentVolumeClaim":
    case "PodDisruptionBudget":
    case "Certificate":
    case "Probe":
      return line(spec);
    case "BucketObjectLockConfiguration":
      return line({ rule: props.rule });
    case "BucketLifecycleConfiguration":
      return line({ rules: props.rules });
    case "Record":
      return line({ name: props.name, type: props.type, ttl: props.ttl, records: props.records });
    case "PrometheusRule": {
      const groups = (spec as unknown as { groups: { name: string; rules: { alert?: string; record?: string }[] }[] })
        .groups;
      return line(
        Object.fromEntries(groups.map(({ name, rules }) => [name, rules.map(({ alert, record }) => alert ?? record)])),
      );
    }
    default:
      return [];
  }
}

/** The last part of a type token. */
export function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

/** The CronJobs among resources. */
export function cronJobs(resources: readonly Resource[]): Resource[] {
  return resources.filter(({ type }) => type === "kubernetes:batch/v1:CronJob");
}

/** The metadata of a Kubernetes object. */
export function metadataOf({ props }: Resource): { name?: string; annotations?: Record<string, unknown> } {
  return (props.metadata ?? {}) as { name?: string; annotations?: Record<string, unknown> };
}

interface Container {
  command: string[];
  env: { name: string; value: string }[];
  volumeMounts: { name: string; readOnly: boolean }[];
}

/** The one container of a CronJob. */
export function containerOf({ props }: Resource) {
  const spec = props.spec as unknown as {
    jobTemplate: { spec: { template: { spec: { containers: Container[] } } } };
  };
  const [container] = spec.jobTemplate.spec.template.spec.containers;
  if (!container) throw new Error("a job without a container");
  return {
    command: container.command,
    env: new Map(container.env.map(({ name, value }) => [name, value])),
    mounts: container.volumeMounts,
  };
}

/** Variables a script stops without: those of all its steps, or of one step where it has a branch for it. */
export function neededBy(script: string, step: string): string[] {
  const branch = new RegExp(`^  ${step}\\)\\n([\\s\\S]*?)^    ;;`, "m").exec(script)?.[1];
  const common = script.split(/^case /m)[0] ?? script;
  const body = step !== "" && branch !== undefined ? `${common}\n${branch}` : script;
  const named = [...body.matchAll(/^\s*(?:need|whole) ([A-Z_ ]+)$/gm)].flatMap(([, names]) =>
    (names ?? "").trim().split(" "),
  );
  return named.filter((name) => !body.includes(`\${${name}:=`));
}

/** Whether anything in a value is not known before deployment. */
export function hasUnknown(value: Value): boolean {
  if (value === UNKNOWN) return true;
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value as object).some((one) => hasUnknown(one as Value))
  );
}

/** The resources of one system: those of its own component and below it. */
export function ofSystem(resources: readonly Resource[], system: string): Resource[] {
  return resources.filter(({ urn }) => urn.includes(`holdfast:${system}:`));
}

/** A program with one of its systems alone, and what all systems share: a mutation of it is judged sooner. */
export function aloneIn({ resources }: ResourceGraph, system: string): ResourceGraph {
  const others = /::holdfast:([a-z-]+):\w+(\$|::)/;
  return { resources: resources.filter(({ urn }) => ["register", system].includes(others.exec(urn)?.[1] ?? system)) };
}
