/** What somebody asks an API server of Kubernetes for. */
export interface KubeRequest {
  verb: string;
  group: string;
  /** `deployments`, or `deployments/scale`. */
  resource: string;
  /** One object; absent where a call is for all of them. */
  name?: string;
  /** Absent for what belongs to no namespace. */
  namespace?: string;
}

/** One rule of RBAC. */
export interface RbacRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

const kinds: Readonly<Record<string, { group: string; resource: string }>> = {
  configmap: { group: "", resource: "configmaps" },
  pod: { group: "", resource: "pods" },
  service: { group: "", resource: "services" },
  node: { group: "", resource: "nodes" },
  deployment: { group: "apps", resource: "deployments" },
  persistentvolumeclaim: { group: "", resource: "persistentvolumeclaims" },
  cronjob: { group: "batch", resource: "cronjobs" },
};

const valued = ["namespace", "request-timeout", "o", "l", "field-selector", "patch", "from"];

/**
 * What one call of kubectl asks for. Whatever changes an object reads it first; `scale` patches its scale, and `create
 * job --from` reads the CronJob: `pkg/cmd` and `pkg/scale` of k8s.io/kubectl 0.36.
 */
export function kubeNeeds(args: readonly string[]): KubeRequest[] {
  const { words, options } = parsed(args);
  const [verb = "", ...rest] = words;
  const namespace = options.namespace === undefined ? {} : { namespace: options.namespace };
  const of = (word: string) => {
    const [kind = "", name = rest[rest.indexOf(word) + 1]] = word.split("/");
    const known = kinds[kind] ?? kinds[kind.replace(/s$/, "")] ?? { group: "unknown", resource: kind };
    return { ...known, ...(known.resource === "nodes" ? {} : namespace), ...(name === undefined ? {} : { name }) };
  };
  const patched = (word = "", sub = "") => {
    const object = of(word);
    return [
      { ...object, verb: "get" },
      { ...object, verb: "patch", resource: `${object.resource}${sub}` },
    ];
  };
  switch (verb) {
    case "get": {
      const object = of(rest[0] ?? "");
      return [{ ...object, verb: object.name === undefined ? "list" : "get" }];
    }
    case "patch":
      return patched(rest[0]);
    case "scale":
      return patched(rest[0], "/scale");
    case "rollout":
      return rest[0] === "restart" ? patched(rest[1]) : unknown(args);
    case "set":
      return patched(rest[1]);
    case "create":
      if (rest[0] !== "job" || options.from === undefined) return unknown(args);
      return [
        { ...of(options.from), verb: "get" },
        { verb: "create", group: "batch", resource: "jobs", ...namespace },
      ];
    case "logs":
      return [
        { verb: "list", group: "", resource: "pods", ...namespace },
        { verb: "get", group: "", resource: "pods/log", ...namespace },
      ];
    default:
      return unknown(args);
  }
}

/** As RBAC decides; a rule for named objects is none for all of them, nor for one that is yet to be made. */
export function mayAsk(rules: readonly RbacRule[], { verb, group, resource, name }: KubeRequest): RbacRule | undefined {
  return rules.find(
    ({ apiGroups, resources, verbs, resourceNames }) =>
      verbs.includes(verb) &&
      apiGroups.includes(group) &&
      resources.includes(resource) &&
      (resourceNames === undefined || (name !== undefined && resourceNames.includes(name))),
  );
}

function unknown(args: readonly string[]): KubeRequest[] {
  return [{ verb: `kubectl ${args.join(" ")}`, group: "unknown", resource: "unknown" }];
}

function parsed(args: readonly string[]): { words: string[]; options: Record<string, string> } {
  const words: string[] = [];
  const options: Record<string, string> = {};
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? "";
    const [, name = "", value] = /^--?([a-z-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === "") words.push(word);
    else if (value !== undefined) options[name] = value;
    else if (valued.includes(name)) options[name] = args[++i] ?? "";
    else options[name] = "";
  }
  return { words, options };
}
