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

/** Name of the policy that bounds every role that a stack makes for the jobs of a system. */
export function boundaryName(stack: string, system: string): string {
  return `${PREFIX}${stack}-${system}-boundary`;
}

/** Alias of the key of a stack's secrets, in each of its regions. */
export function keyAlias(stack: string): string {
  return `alias/${PREFIX}${stack}`;
}

/** The state bucket and its copy. */
export function stateBuckets({ bucket }: Pick<BootstrapConfig["state"], "bucket">): { main: string; replica: string } {
  return { main: bucket, replica: `${bucket}-replica` };
}
