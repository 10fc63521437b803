import type { BootstrapConfig } from "./config";

/** Every role, policy and key that is made here is called so: what CI may make is called otherwise. */
export const PREFIX = "holdfast-";

/** The two environments of GitHub that a stack has: one that only looks, and one that deploys. */
export const purposes = ["preview", "deploy"] as const;

/** What an environment of GitHub is for. */
export type Purpose = (typeof purposes)[number];

/** Name of the environment, as the workflows know it. */
export function environmentOf(stack: string, purpose: Purpose): string {
  return purpose === "preview" ? `${stack}-preview` : stack;
}

/** Name of the role that an environment takes; in Azure, of its identity. */
export function roleName(stack: string, purpose: Purpose): string {
  return `${PREFIX}${environmentOf(stack, purpose)}`;
}

/** Name of the policy that bounds every role that a stack makes for its jobs. */
export function boundaryName(stack: string): string {
  return `${PREFIX}${stack}-boundary`;
}

/** Alias of the key of a stack's secrets, in each of its regions. */
export function keyAlias(stack: string): string {
  return `alias/${PREFIX}${stack}`;
}

/** The state bucket and its copy. */
export function stateBuckets({ bucket }: Pick<BootstrapConfig["state"], "bucket">): { main: string; replica: string } {
  return { main: bucket, replica: `${bucket}-replica` };
}

/** Where Pulumi keeps what it knows of one stack, as keys of the bucket; `*` stands for any text. */
export function stateKeys(project: string, stack: string): { written: string[]; locks: string } {
  const locks = `.pulumi/locks/organization/${project}/${stack}/*`;
  return {
    written: [
      // Beside the state: its copy `.bak`, and either may be compressed.
      `.pulumi/stacks/${project}/${stack}.json*`,
      `.pulumi/stacks/${project}/${stack}.pulumi-tags`,
      `.pulumi/history/${project}/${stack}/*`,
      `.pulumi/backups/${project}/${stack}/*`,
      locks,
    ],
    locks,
  };
}

/** What Pulumi keeps of the bucket itself, written once. */
export const STATE_META = ".pulumi/meta.yaml";
