import type { BucketAllow } from "../components/storage/lockedBucket";
import { STATE_META, stateKeys } from "../systems/platform/stateKeys";
import type { BootstrapConfig } from "./config";
import { roleName, stateBuckets } from "./names";
import { bucketArns, objectArns } from "./statement";
import { united } from "./systems";

const arn = (account: string, role: string) => `arn:aws:iam::${account}:role/${role}`;

/**
 * What the roles of CI, and jobs of the platform, may do in a state bucket, whichever account they are in: each reaches
 * the state of its own stack. A role of another account needs this besides its own policy.
 */
export function stateAllows(
  bucket: string,
  { state, stacks }: Pick<BootstrapConfig, "state" | "stacks">,
): BucketAllow[] {
  const isReplica = bucket === stateBuckets(state).replica;
  const all = Object.entries(stacks).map(([stack, { account, systems }], index) => {
    const { platform } = united(Object.values(systems));
    const keys = stateKeys(state.project, stack);
    const recovers = platform ? [arn(account, platform.recoverer)] : [];
    const writes = [arn(account, roleName(stack, "deploy")), ...(isReplica ? recovers : [])];
    const exports = platform ? [arn(account, platform.exporter)] : [];
    const reads = [...new Set([arn(account, roleName(stack, "preview")), ...writes, ...exports, ...recovers])];
    return { sid: sidOf(index), keys, writes, reads };
  });
  const roles = all.flatMap(({ reads }) => reads);
  return [
    { sid: "Names", actions: ["s3:ListBucket"], resources: bucketArns([bucket]), roles },
    { sid: "Meta", actions: ["s3:GetObject"], resources: objectArns([bucket], [STATE_META]), roles },
    ...all.flatMap(({ sid, keys, writes, reads }): BucketAllow[] => [
      { sid: `${sid}Read`, actions: ["s3:GetObject"], resources: objectArns([bucket], keys.written), roles: reads },
      {
        sid: `${sid}Write`,
        actions: ["s3:AbortMultipartUpload", "s3:PutObject"],
        resources: objectArns([bucket], keys.written),
        roles: writes,
      },
      {
        sid: `${sid}Unlock`,
        actions: ["s3:DeleteObject"],
        resources: objectArns([bucket], [keys.locks]),
        roles: writes,
      },
    ]),
  ];
}

/** What previews may add to the evidence bucket: each its own stack's. */
export function evidenceAllows({ evidence, stacks }: Pick<BootstrapConfig, "evidence" | "stacks">): BucketAllow[] {
  return Object.entries(stacks).map(([stack, { account }], index) => ({
    sid: sidOf(index),
    actions: ["s3:PutObject"],
    resources: objectArns([evidence.bucket], [`${stack}/*`]),
    roles: [arn(account, roleName(stack, "preview"))],
  }));
}

/** Sids have letters and digits only, and names of stacks more. */
function sidOf(index: number): string {
  return `Stack${index + 1}`;
}
