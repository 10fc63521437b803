import type { MountedVolume } from "./volume";

/** Processors and memory of a container; what it takes of its node's disk is told by its volumes. */
export interface Amounts {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

/** MiB of a container's log: the kubelet keeps five files of ten, and while it turns them over a little more. */
const LOG_MIB = 100;

/**
 * Amounts with what the pod takes of its node's disk at most: asked for, so that it comes to a node that has the room, and
 * limited, so that it and no other pod is evicted when it takes more.
 */
export function withNodeDisk({ requests, limits }: Amounts, volumes: readonly MountedVolume[]): Required<Amounts> {
  const scratch = volumes.map(({ source }) => ("emptyDir" in source ? mibOf(source.emptyDir) : 0));
  const disk = { "ephemeral-storage": `${scratch.reduce((sum, mib) => sum + mib, LOG_MIB)}Mi` };
  return { requests: { ...requests, ...disk }, limits: { ...limits, ...disk } };
}

function mibOf(size: string): number {
  const [, number, unit] = /^(\d+)([MG])i$/.exec(size) ?? [];
  if (number === undefined) throw new RangeError(`the limit of scratch must be such as 256Mi or 1Gi, got ${size}`);
  return Number(number) * (unit === "G" ? 1024 : 1);
}
