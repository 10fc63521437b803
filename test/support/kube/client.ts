import * as https from "node:https";
import type { Values } from "../provider/values";

/** Where an API server is, and as whom to speak to it. */
export interface Access {
  url: string;
  /** The certificate that it shows, in PEM. */
  authority: string;
  token: string;
  /** Somebody else to act as, by user name and groups; the token's owner must be allowed to. */
  as?: { user: string; groups: readonly string[] };
}

/** A Kubernetes object as it is written down. */
export interface KubeObject extends Values {
  apiVersion: string;
  kind: string;
  metadata: Values & { name: string };
}

/** What the API server made of a request. */
export type Answer =
  | { ok: true; object: KubeObject; warnings: string[] }
  /** `reason` and `message` are the API server's own words. */
  | { ok: false; code: number; reason: string; message: string; warnings: string[] };

/** How to apply. */
export interface ApplyOptions {
  /** Owner of the fields. @default "holdfast-tests" */
  fieldManager?: string;
  /** Takes fields from other owners. @default false */
  force?: boolean;
  /** Validates and answers, and changes nothing. @default false */
  dryRun?: boolean;
}

/** Speaks to one API server. */
export interface KubeClient {
  /** Applies on the server's side, with strict validation: an unknown or repeated field is refused. */
  apply(object: KubeObject, options?: ApplyOptions): Promise<Answer>;
  /** Merges into what is there, as `kubectl patch --type=merge` and, into the subresource `scale`, `kubectl scale` do. */
  merge(object: KubeObject, fieldManager: string, subresource?: "scale"): Promise<Answer>;
  get(object: KubeObject): Promise<Answer>;
  /** Removes the object for good: what a controller would have to do first is left out, as none runs. */
  remove(object: KubeObject): Promise<Answer>;
  /** The names of the objects of a kind, as `namespace/name` where they have a namespace. */
  list(apiVersion: string, kind: string): Promise<string[]>;
  /** Whether the server knows the kind. */
  serves(apiVersion: string, kind: string): Promise<boolean>;
  close(): void;
}

interface Reply {
  code: number;
  body: Values;
  warnings: string[];
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** Opens a client; connections are kept until it is closed. */
export function connect({ url, authority, token, as }: Access): KubeClient {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 8, ca: authority });
  const kinds = new Map<string, Promise<ApiResource[]>>();

  const send = (method: string, path: string, type?: string, content?: unknown): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(type === undefined ? {} : { "content-type": type }),
        ...(as === undefined ? {} : { "impersonate-user": as.user, "impersonate-group": [...as.groups] }),
      };
      const request = https.request(new URL(path, url), { agent, method, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.on("error", reject).on("end", () => {
          const warnings = warningsIn(response.headersDistinct.warning ?? []);
          const told = /json/.test(response.headers["content-type"] ?? "");
          const body = told ? (JSON.parse(text) as Values) : { reason: response.statusMessage ?? "", message: text };
          resolve({ code: response.statusCode ?? 0, body, warnings });
        });
      });
      request.on("error", reject).end(content === undefined ? undefined : JSON.stringify(content));
    });

  const resourcesOf = async (apiVersion: string, anew: boolean): Promise<ApiResource[]> => {
    const known = anew ? undefined : kinds.get(apiVersion);
    const asked =
      known ?? send("GET", rootOf(apiVersion)).then(({ body }) => (body.resources ?? []) as unknown as ApiResource[]);
    kinds.set(apiVersion, asked);
    return asked;
  };

  /** Asked again where it is not known: a definition may have been added since. */
  const resourceOf = async (apiVersion: string, kind: string): Promise<ApiResource | undefined> => {
    const found = async (anew: boolean) =>
      (await resourcesOf(apiVersion, anew)).find((one) => one.kind === kind && !one.name.includes("/"));
    return (await found(false)) ?? (await found(true));
  };

  const at = async (object: KubeObject, then: (path: string) => Promise<Reply>): Promise<Answer> => {
    const { apiVersion, kind, metadata } = object;
    const resource = await resourceOf(apiVersion, kind);
    if (resource === undefined) {
      const message = `no matches for kind "${kind}" in version "${apiVersion}"`;
      return { ok: false, code: 404, reason: "NoMatch", message, warnings: [] };
    }
    const namespace = resource.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return answerOf(await then(`${rootOf(apiVersion)}${namespace}/${resource.name}/${metadata.name}`));
  };

  const get = (object: KubeObject) => at(object, (path) => send("GET", path));

  return {
    apply: (object, { fieldManager = "holdfast-tests", force = false, dryRun = false } = {}) => {
      const query = new URLSearchParams({ fieldManager, force: String(force), fieldValidation: "Strict" });
      if (dryRun) query.set("dryRun", "All");
      return at(object, (path) => send("PATCH", `${path}?${query}`, "application/apply-patch+yaml", object));
    },
    merge: (object, fieldManager, subresource) => {
      const below = subresource === undefined ? "" : `/${subresource}`;
      const query = new URLSearchParams({ fieldManager, fieldValidation: "Strict" });
      const { apiVersion: _, kind: __, ...change } = object;
      return at(object, (path) => send("PATCH", `${path}${below}?${query}`, "application/merge-patch+json", change));
    },
    get,
    remove: async (object) => {
      const removed = await at(object, (path) => send("DELETE", `${path}?propagationPolicy=Background`));
      if (!removed.ok) return removed;
      const left = await get(object);
      if (!left.ok) return removed;
      // A finalizer waits for a controller, and none runs here.
      const released = { ...left.object, metadata: { ...left.object.metadata, finalizers: [] } };
      if (object.kind !== "Namespace") {
        const answer = await at(object, (path) => send("PUT", path, "application/json", released));
        return answer.ok ? removed : answer;
      }
      const emptied = { ...released, spec: { finalizers: [] } };
      const answer = await at(object, (path) => send("PUT", `${path}/finalize`, "application/json", emptied));
      return answer.ok ? removed : answer;
    },
    list: async (apiVersion, kind) => {
      const resource = await resourceOf(apiVersion, kind);
      if (resource === undefined) return [];
      const { body } = await send("GET", `${rootOf(apiVersion)}/${resource.name}`);
      return ((body.items ?? []) as unknown as KubeObject[]).map(({ metadata: { namespace, name } }) =>
        namespace === undefined ? name : `${namespace}/${name}`,
      );
    },
    serves: async (apiVersion, kind) => (await resourceOf(apiVersion, kind)) !== undefined,
    close: () => agent.destroy(),
  };
}

function rootOf(apiVersion: string): string {
  return `${apiVersion.includes("/") ? "/apis" : "/api"}/${apiVersion}`;
}

function answerOf({ code, body, warnings }: Reply): Answer {
  if (code < 300) return { ok: true, object: body as KubeObject, warnings };
  return { ok: false, code, reason: String(body.reason), message: String(body.message), warnings };
}

/** `299 - "text"`, each in a header of its own or several in one. */
function warningsIn(headers: readonly string[]): string[] {
  return headers.flatMap((header) =>
    [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? "").replace(/\\(.)/g, "$1")),
  );
}
