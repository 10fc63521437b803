import * as fs from "node:fs";
import * as path from "node:path";
import type { Document } from "../../../bootstrap/statement";
import type { ResourceGraph } from "../../../policies/graph";
import { decide, type Request } from "../../bootstrap/iam";
import { type AwsCall, awsNeeds } from "./awsNeeds";
import { estateOf } from "./estate";
import { type KubeRequest, kubeNeeds, mayAsk } from "./kubeNeeds";
import { type Rights, rightsOf } from "./rights";

/** Calls that doubles recorded, in order. */
export interface Calls {
  aws: AwsCall[];
  kubectl: string[][];
}

/** Who asked: the service account of a cluster, in the account of the program or in one that it has no provider for. */
export interface Asker {
  cluster: string;
  account: string;
  /** A clean room has a role of its own; of ours it reads what a bucket's policy lets its account read. @default false */
  elsewhere?: boolean;
}

/** The calls that doubles in these folders have recorded so far. */
export function callsIn({ aws, kubectl }: { aws?: string | undefined; kubectl?: string | undefined }): Calls {
  return { aws: linesOf<AwsCall>(aws), kubectl: linesOf<string[]>(kubectl) };
}

/** What was recorded after an earlier look; a record that was emptied since began anew. */
export function since(before: Calls, now: Calls): Calls {
  const rest = <T>(had: T[], has: T[]) => (has.length < had.length ? has : has.slice(had.length));
  return { aws: rest(before.aws, now.aws), kubectl: rest(before.kubectl, now.kubectl) };
}

/** Every grant that a call has needed since the tests of this file began, by account: it has the same at each site. */
const used = new Map<string, Set<string>>();

/** What of these calls the declared rights do not allow, one line each; what they needed counts as asked for. */
export function refusals(graph: ResourceGraph, asker: Asker, calls: Calls, system = "omniverse"): string[] {
  if (calls.aws.length + calls.kubectl.length === 0) return [];
  const rights = rightsOf(graph, asker.cluster, asker.account);
  const estate = estateOf(graph, system);
  const asked = used.get(asker.account) ?? new Set();
  used.set(asker.account, asked);
  const requests = calls.aws.flatMap((call) => awsNeeds(call, estate));
  const aws = asker.elsewhere ? shared(graph, system, requests) : { policy: rights.policy, requests };
  return [
    ...aws.requests.flatMap((request) => {
      for (const grant of grantsFor(aws.policy, request)) if (!asker.elsewhere) asked.add(grant);
      const decision = decide(aws.policy, {
        ...request,
        context: { "aws:SecureTransport": "true", ...request.context },
      });
      return decision === "allowed" ? [] : [`${asker.account} ${decision}: ${lineOf(request)}`];
    }),
    ...calls.kubectl.flatMap(kubeNeeds).flatMap((request) => {
      const rules = request.namespace === undefined ? rights.clusterRules : [...rights.rules, ...rights.clusterRules];
      const rule = mayAsk(rules, request);
      const inside = request.namespace === undefined || request.namespace === rights.namespace;
      if (rule) asked.add(named(request, rule.resourceNames !== undefined));
      return rule && inside ? [] : [`${asker.account} refused: ${JSON.stringify(request)}`];
    }),
  ];
}

/** What a service account may do and no call of this file has needed: `Sid action` of AWS, `verb resource name` of RBAC. */
export function unasked(graph: ResourceGraph, asker: Asker): string[] {
  const asked = used.get(asker.account) ?? new Set();
  return grantsOf(rightsOf(graph, asker.cluster, asker.account)).filter((grant) => !asked.has(grant));
}

/** Everything that rights allow, in the words of `unasked`. */
export function grantsOf({ policy, rules, clusterRules }: Rights): string[] {
  const aws = policy.Statement.flatMap(({ Sid, Action = [] }) => [Action].flat().map((action) => `${Sid} ${action}`));
  const kube = [...rules, ...clusterRules].flatMap(({ resources, verbs, resourceNames = [""] }) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) => resourceNames.map((name) => `${verb} ${resource} ${name}`.trim())),
    ),
  );
  return [...new Set([...aws, ...kube])].sort();
}

const lineOf = ({ action, resource, context }: Request) =>
  `${action} on ${resource}${context ? ` ${JSON.stringify(context)}` : ""}`;
const named = ({ verb, resource, name }: KubeRequest, byName: boolean) =>
  `${verb} ${resource}${byName ? ` ${name}` : ""}`;

function grantsFor({ Version, Statement }: Document, request: Request): string[] {
  return Statement.filter((one) => decide({ Version, Statement: [one] }, request) === "allowed").map(
    ({ Sid }) => `${Sid} ${request.action}`,
  );
}

/** Of requests from another account those that a policy of the system's locked bucket decides; the rest is not ours. */
function shared(
  { resources }: ResourceGraph,
  system: string,
  requests: readonly Request[],
): { policy: Document; requests: Request[] } {
  const { bucket, policy } =
    resources.find(({ urn, name }) => urn.includes(`holdfast:${system}:`) && name === `${system}-backups-policy`)
      ?.props ?? {};
  if (typeof policy !== "string") throw new Error(`the bucket of the copies of ${system} has no policy`);
  const own = new RegExp(`^arn:aws:s3:::${String(bucket)}(/|$)`);
  return { policy: JSON.parse(policy) as Document, requests: requests.filter(({ resource }) => own.test(resource)) };
}

function linesOf<T>(folder: string | undefined): T[] {
  const file = folder === undefined ? "" : path.join(folder, "calls.jsonl");
  if (!fs.existsSync(file)) return [];
  return fs
    .readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}
