import type { MountedVolume } from "./volume";

/** GiB of scratch that a node's disk has to spare for one pod: images, logs and other pods lie there too. */
const ON_NODE_GIB = 5;

/** What a pod puts down for a while. */
export interface ScratchArgs {
  /** @default "scratch" */
  name?: string;
  mountPath: string;
  /** Bytes that go through it: what the data's declared size makes of them. */
  bytes: number;
  /** Class of the site for more than a node's disk has room for. */
  storageClass: string;
}

/** Scratch that is large enough: on the node's disk where that has the room, else on a disk of its own. */
export function scratchVolume({ name = "scratch", mountPath, bytes, storageClass }: ScratchArgs): MountedVolume {
  const gib = gibFor(bytes);
  const source =
    gib <= ON_NODE_GIB ? { emptyDir: `${gib}Gi` } : { disk: { storageClass, gib, needs: Math.ceil(bytes) } };
  return { name, mountPath, source };
}

/** GiB that hold so many bytes, and a fifth more. */
export function gibFor(bytes: number): number {
  return Math.ceil((bytes * 1.2) / 1_073_741_824);
}
