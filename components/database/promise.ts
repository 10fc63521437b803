import type { ObjectivesArgs, RetentionArgs } from "../../recovery/objective";
import type { AssetPromise, GroupPromise } from "../../recovery/plan";

/** What is promised about the data; without it a database does not compile. */
export interface DataPromise {
  /** `omendb/data`. */
  id: string;
  objectives: ObjectivesArgs;
  retention: RetentionArgs;
  /** Expected size. */
  bytes: number;
  /** What it must fit together with once it is restored. @default nothing */
  group?: GroupPromise;
  /** What of somebody else's must be there before it is of use: `directory`. @default nothing */
  needs?: string[];
  /** Assets that must be back before its recovery can begin. @default none */
  dependsOn?: string[];
}

/** The promise as the policies read it from a component's output `asset`; `kind` says in a word what it is. */
export function assetPromise(
  { id, objectives, retention, bytes, group, needs, dependsOn }: DataPromise,
  kind = "database",
): AssetPromise {
  return {
    id,
    kind,
    objectives,
    retention,
    bytes,
    ...(group === undefined ? {} : { group }),
    ...(needs === undefined ? {} : { needs }),
    ...(dependsOn === undefined ? {} : { dependsOn }),
  };
}
