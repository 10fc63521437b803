import type { BucketAllow } from "../components/storage/lockedBucket";
import type { BootstrapConfig } from "./config";
import { roleName, STATE_META, stateKeys } from "./names";
import { bucketArns, objectArns } from "./statement";

const arn = (account: string, role: string) => `arn:aws:iam::${account}:role/${role}`;

/**
 * What the roles of CI may do in a state bucket, whichever account they are in: each reaches the state of its own stack.
 * A role of another account needs this besides its own policy.
 */
export function stateAllows(
  bucket: string,
  { state, stacks }: Pick<BootstrapConfig, "state" | "stacks">,
): BucketAllow[] {
  const all = Object.entries(stacks).map(([stack, { account, stateReaders }], index) => {
    const keys = stateKeys(state.project, stack);
    const deploys = [arn(account, roleName(stack, "deploy"))];
    const reads = [
      arn(account, roleName(stack, "preview")),
      ...deploys,
      ...stateReaders.map((role) => arn(account, role)),
    ];
    return { sid: sidOf(index), keys, deploys, reads };
  });
  const roles = all.flatMap(({ reads }) => reads);
  return [
    { sid: "Names", actions: ["s3:ListBucket"], resources: bucketArns([bucket]), roles },
    { sid: "Meta", actions: ["s3:GetObject"], resources: objectArns([bucket], [STATE_META]), roles },
    ...all.flatMap(({ sid, keys, deploys, reads }): BucketAllow[] => [
      { sid: `${sid}Read`, actions: ["s3:GetObject"], resources: objectArns([bucket], keys.written), roles: reads },
      {
        sid: `${sid}Write`,
        actions: ["s3:AbortMultipartUpload", "s3:PutObject"],
        resources: objectArns([bucket], keys.written),
        roles: deploys,
      },
      {
        sid: `${sid}Unlock`,
        actions: ["s3:DeleteObject"],
        resources: objectArns([bucket], [keys.locks]),
        roles: deploys,
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
