import { boundaryPolicy } from "./boundary";
import type { BootstrapConfig, StackSettings } from "./config";
import { type Contradiction, sameRegion, twice } from "./contradictions";
import { deployPolicy } from "./deployPolicy";
import { PREFIX, stateBuckets } from "./names";
import { previewPolicy } from "./previewPolicy";
import { scopeOf } from "./scope";
import { servicePolicies } from "./servicePolicies";
import { type Document, limits } from "./statement";

/** Settings of stacks that cannot be together, or not beside the buckets that are kept here. */
export function stackContradictions(
  stacks: BootstrapConfig["stacks"],
  state: BootstrapConfig["state"] | undefined,
  evidence: BootstrapConfig["evidence"] | undefined,
): Contradiction[] {
  const all = Object.entries(stacks);
  if (all.length === 0) return [{ path: ["stacks"], message: "must name at least one stack such as prod" }];
  const taken = [...(state ? Object.values(stateBuckets(state)) : []), ...(evidence ? [evidence.bucket] : [])];
  return all.flatMap(([name, own]) => {
    const found = [
      ...clashingName(name),
      ...sameRegion(["stacks", name], own),
      ...own.buckets.flatMap((bucket, index) => twice(["stacks", name, "buckets", index], bucket, taken)),
      ...foreignObjects(name, own),
      ...ownRoles(name, own),
      ...foreignServices(name, own),
      ...(state && evidence ? longPolicies(name, own, { state, evidence }) : []),
    ];
    taken.push(...own.buckets);
    return found;
  });
}

/** Environments, providers and roles have names that are made of the stacks'. */
function clashingName(name: string): Contradiction[] {
  if (!/^home$|-(preview|replica)$/.test(name)) return [];
  const message = 'must not be "home", nor end in "-preview" or "-replica": other things here are called so';
  return [{ path: ["stacks", name], message }];
}

function foreignObjects(name: string, { buckets, objects }: StackSettings): Contradiction[] {
  return objects.flatMap((object, index) => {
    if (buckets.some((bucket) => object.startsWith(`${bucket}/`))) return [];
    const message = `must be in a bucket of the stack (${buckets.join(", ")}), got ${JSON.stringify(object)}`;
    return [{ path: ["stacks", name, "objects", index], message }];
  });
}

/** What is copied or hidden must be in buckets that the stack makes, by roles that it makes. */
function foreignServices(name: string, { buckets, roles, services }: StackSettings): Contradiction[] {
  const path = ["stacks", name, "services"];
  const own = (text: string, pattern: string) =>
    pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
  const refuse = (at: PropertyKey[], known: boolean, of: string[], what: string, got: string): Contradiction[] => {
    const message = `must be ${what} of the stack (${of.join(", ")}), got ${JSON.stringify(got)}`;
    return known ? [] : [{ path: [...path, ...at], message }];
  };
  const { replications = [], hidden = [] } = services ?? {};
  return [
    ...replications.flatMap(({ from, to, role }, index) => [
      ...refuse(["replications", index, "from"], buckets.includes(from), buckets, "a bucket", from),
      ...refuse(["replications", index, "to"], buckets.includes(to), buckets, "a bucket", to),
      ...refuse(
        ["replications", index, "role"],
        roles.some((one) => own(role, one)),
        roles,
        "a role",
        role,
      ),
    ]),
    ...hidden.flatMap((object, index) => {
      const known = buckets.some((bucket) => object.startsWith(`${bucket}/`));
      return refuse(["hidden", index], known, buckets, "in a bucket", object);
    }),
  ];
}

/** A role of CI that may change roles of CI could give itself everything. */
function ownRoles(name: string, { roles }: StackSettings): Contradiction[] {
  return roles.flatMap((role, index) => {
    const start = role.replace(/\*$/, "");
    const reaches = start.startsWith(PREFIX) || (role.endsWith("*") && PREFIX.startsWith(start));
    if (!reaches) return [];
    const message = `must not reach the roles of CI, ${PREFIX}*, got ${JSON.stringify(role)}`;
    return [{ path: ["stacks", name, "roles", index], message }];
  });
}

function longPolicies(
  name: string,
  own: StackSettings,
  shared: Pick<BootstrapConfig, "state" | "evidence">,
): Contradiction[] {
  const scope = scopeOf(shared, name, own);
  const made: [string, Document, number][] = [
    ["preview", previewPolicy(scope), limits.inline],
    ["deploy", deployPolicy(scope), limits.inline],
    ["boundary", boundaryPolicy(scope), limits.managed],
    ...servicePolicies(scope).map((one): [string, Document, number] => [one.name, one.document, limits.managed]),
  ];
  return made.flatMap(([policy, document, limit]) => {
    const { length } = JSON.stringify(document);
    if (length <= limit) return [];
    const message = `must name less: the ${policy} policy may have ${limit} characters, got ${length}`;
    return [{ path: ["stacks", name], message }];
  });
}
