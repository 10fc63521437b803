import { duration } from "../recovery/duration";
import type { BootstrapConfig } from "./config";
import { stateBuckets } from "./names";
import { stackContradictions } from "./stackContradictions";

/** Settings that cannot be together, at the one that is easier to change. */
export interface Contradiction {
  path: PropertyKey[];
  message: string;
}

/** What the single settings cannot see; a part that could not be read is left out. */
export function contradictions(config: Partial<BootstrapConfig>): Contradiction[] {
  const { github, home, state, evidence, stacks } = config;
  return [
    ...(github ? halfNumbered(github) : []),
    ...(home ? sameRegion(["home"], home) : []),
    ...(state ? tooLong(state) : []),
    ...(state ? before(["state", "keepBackups"], state.keepBackups, state.lock) : []),
    ...(evidence ? before(["evidence", "expire"], evidence.expire, evidence.lock) : []),
    ...(state && evidence ? twice(["evidence", "bucket"], evidence.bucket, Object.values(stateBuckets(state))) : []),
    ...(stacks ? stackContradictions(stacks, state, evidence) : []),
  ];
}

/** A copy in the same region goes with it. */
export function sameRegion(path: PropertyKey[], place: { region: string; replica: string }): Contradiction[] {
  if (place.region !== place.replica) return [];
  const message = `must be another region than region ${place.region}, got ${JSON.stringify(place.replica)}`;
  return [{ path: [...path, "replica"], message }];
}

/** A bucket with two uses would be reached by the roles of both. */
export function twice(path: PropertyKey[], bucket: string, taken: readonly string[]): Contradiction[] {
  if (!taken.includes(bucket)) return [];
  return [{ path, message: `must be a bucket that nothing else here uses, got ${JSON.stringify(bucket)}` }];
}

function halfNumbered({ ownerId, repositoryId }: BootstrapConfig["github"]): Contradiction[] {
  if ((ownerId === undefined) === (repositoryId === undefined)) return [];
  const path = ["github", ownerId === undefined ? "ownerId" : "repositoryId"];
  return [{ path, message: "must be set where the other number is: GitHub's subject has both or none" }];
}

function tooLong(state: BootstrapConfig["state"]): Contradiction[] {
  if (stateBuckets(state).replica.length <= 63) return [];
  const message = `must leave room for "-replica" in 63 characters, got ${JSON.stringify(state.bucket)}`;
  return [{ path: ["state", "bucket"], message }];
}

function before(path: PropertyKey[], expire: string, lock: string): Contradiction[] {
  if (duration(expire) > duration(lock)) return [];
  const message = `must be longer than lock ${lock}: what is locked cannot expire, got ${JSON.stringify(expire)}`;
  return [{ path, message }];
}
