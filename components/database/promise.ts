import type { ObjectivesArgs, RetentionArgs } from "../../recovery/objective";
import type { AssetPromise } from "../../recovery/plan";

/** What is promised about the data; without it a database does not compile. */
export interface DataPromise {
  /** `omendb/data`. */
  id: string;
  objectives: ObjectivesArgs;
  retention: RetentionArgs;
  /** Expected size. */
  bytes: number;
}

/** The promise as the policies read it from a component's output `asset`. */
export function assetPromise({ id, objectives, retention, bytes }: DataPromise): AssetPromise {
  return { id, kind: "database", objectives, retention, bytes };
}
