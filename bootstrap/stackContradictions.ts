import { boundaryPolicy } from "./boundary";
import type { BootstrapConfig, StackSettings } from "./config";
import { type Contradiction, sameRegion, twice } from "./contradictions";
import { deployPolicy } from "./deployPolicy";
import { stateBuckets } from "./names";
import { previewPolicy } from "./previewPolicy";
import { scopeOf } from "./scope";
import { servicePolicies } from "./servicePolicies";
import { type Document, limits } from "./statement";
import { foreign, sharedSettings } from "./systemContradictions";

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
    const systems = Object.entries(own.systems);
    return [
      ...clashingName(name),
      ...sameRegion(["stacks", name], own),
      ...systems.flatMap(([system, settings]) => {
        const path = ["stacks", name, "systems", system];
        const found = settings.buckets.flatMap((bucket, index) => twice([...path, "buckets", index], bucket, taken));
        taken.push(...settings.buckets);
        return [...found, ...foreign(path, system, settings)];
      }),
      ...sharedSettings(["stacks", name, "systems"], systems),
      ...(state && evidence ? longPolicies(name, own, { state, evidence }) : []),
    ];
  });
}

/** Environments, providers and roles have names that are made of the stacks'. */
function clashingName(name: string): Contradiction[] {
  if (!/^home$|-(preview|replica)$/.test(name)) return [];
  const message = 'must not be "home", nor end in "-preview" or "-replica": other things here are called so';
  return [{ path: ["stacks", name], message }];
}

function longPolicies(
  name: string,
  own: StackSettings,
  shared: Pick<BootstrapConfig, "state" | "evidence">,
): Contradiction[] {
  const scope = scopeOf(shared, name, own);
  const at = ["stacks", name];
  const made: [path: string[], name: string, Document, limit: number][] = [
    [at, "preview", previewPolicy(scope), limits.inline],
    [at, "deploy", deployPolicy(scope), limits.inline],
    ...Object.keys(own.systems).map((system): (typeof made)[number] => [
      [...at, "systems", system],
      "boundary",
      boundaryPolicy(scopeOf(shared, name, own, [system])),
      limits.managed,
    ]),
    ...servicePolicies(scope).map((one): (typeof made)[number] => [at, one.name, one.document, limits.managed]),
  ];
  return made.flatMap(([path, policy, document, limit]) => {
    const { length } = JSON.stringify(document);
    if (length <= limit) return [];
    return [{ path, message: `must name less: the ${policy} policy may have ${limit} characters, got ${length}` }];
  });
}
