import type * as k8s from "@pulumi/kubernetes";

/** A volume of a pod with the place where its container sees it. */
export interface MountedVolume {
  name: string;
  mountPath: string;
  /** One file of the source instead of all of them. */
  file?: string;
  readOnly?: boolean;
  source:
    | { claim: string }
    /** One that somebody may make, where `optional`: the pod starts without it. */
    | { configMap: string; executable?: boolean; optional?: boolean }
    /** Only these keys, where given: a job that checks a certificate needs no private key. `optional` as above. */
    | { secret: string; keys?: string[]; optional?: boolean }
    /** Scratch on the node's disk that dies with the pod, with its limit: `"1Gi"`. */
    | { emptyDir: string }
    /** The same on a disk of its own, for what a node's disk has no room for. */
    | { disk: Disk }
    /** The same in memory of the node, for what must not reach its disk. */
    | { memory: string };
}

/** A disk that is made with a pod and goes with it. */
export interface Disk {
  storageClass: string;
  gib: number;
  /** Whole bytes that go through it; a smaller disk is a finding. */
  needs: number;
}

/** The pod's half of mounted volumes. */
export function volumesOf(volumes: readonly MountedVolume[]): k8s.types.input.core.v1.Volume[] {
  return volumes.map(({ name, source, readOnly }) => {
    if ("claim" in source)
      return { name, persistentVolumeClaim: { claimName: source.claim, readOnly: readOnly ?? false } };
    if ("configMap" in source) {
      const { configMap, executable, optional } = source;
      return {
        name,
        configMap: { name: configMap, defaultMode: executable ? 0o555 : 0o444, ...(optional ? { optional } : {}) },
      };
    }
    if ("secret" in source) {
      const items = source.keys?.map((key) => ({ key, path: key }));
      const optional = source.optional ? { optional: true } : {};
      return {
        name,
        secret: { secretName: source.secret, defaultMode: 0o440, ...(items ? { items } : {}), ...optional },
      };
    }
    if ("memory" in source) return { name, emptyDir: { medium: "Memory", sizeLimit: source.memory } };
    if ("disk" in source) return { name, ephemeral: { volumeClaimTemplate: claimOf(source.disk) } };
    return { name, emptyDir: { sizeLimit: source.emptyDir } };
  });
}

function claimOf({ storageClass, gib, needs }: Disk): k8s.types.input.core.v1.PersistentVolumeClaimTemplate {
  return {
    metadata: { annotations: { "holdfast.dev/needs": String(needs) } },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: storageClass,
      resources: { requests: { storage: `${gib}Gi` } },
    },
  };
}

/** The container's half of mounted volumes. */
export function mountsOf(volumes: readonly MountedVolume[]): k8s.types.input.core.v1.VolumeMount[] {
  return volumes.map(({ name, mountPath, readOnly, file }) => ({
    name,
    mountPath,
    readOnly: readOnly ?? false,
    ...(file === undefined ? {} : { subPath: file }),
  }));
}
