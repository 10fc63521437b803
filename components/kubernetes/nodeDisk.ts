import type { MountedVolume } from "./volume";

/** Processors and memory of a container; what it takes of its node's disk is told by its volumes. */
export interface Amounts {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

/** Cores and GiB of a container. */
export interface Size {
  cores: number;
  gib: number;
}

/** What a container of a size asks for. */
export function sized({ cores, gib }: Size): { cpu: string; memory: string } {
  return { cpu: String(cores), memory: `${gib}Gi` };
}

/** A container that asks for all that it may have, so that no neighbour takes it away. @param size 1 core, 1 GiB unless said */
export function fixedAmounts(size: Size = { cores: 1, gib: 1 }): Required<Amounts> {
  return { requests: sized(size), limits: sized(size) };
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
