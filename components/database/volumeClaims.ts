import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Placement, placed } from "../kubernetes/placement";

/** One volume that outlives its pods. */
export interface ClaimArgs {
  /** Name of the PersistentVolumeClaim. */
  claim: string;
  /** Class of the site; it decides which failures the data outlives. */
  storageClass: string;
  gib: number;
  /** Least whole bytes that what it keeps needs; a smaller volume is a finding. */
  needs?: number;
  /** Scratch may be deleted with the program; data may not. @default true */
  protect?: boolean;
}

/** Claims that several nodes mount at once. */
export class VolumeClaims extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: { placement: Placement; labels: Record<string, string>; claims: readonly ClaimArgs[] },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("holdfast:database:VolumeClaims", name, {}, opts);
    for (const { claim, storageClass, gib, needs, protect } of args.claims) {
      new k8s.core.v1.PersistentVolumeClaim(
        `${name}-${claim}`,
        {
          metadata: {
            name: claim,
            namespace: args.placement.namespace,
            labels: args.labels,
            // A class that binds late binds when the first pod comes, and Pulumi would wait for that pod for ever.
            annotations: {
              "pulumi.com/skipAwait": "true",
              ...(needs === undefined ? {} : { "holdfast.dev/needs": String(needs) }),
            },
          },
          spec: {
            accessModes: ["ReadWriteMany"],
            storageClassName: storageClass,
            resources: { requests: { storage: `${gib}Gi` } },
          },
        },
        placed(this, args.placement, { protect: protect ?? true }),
      );
    }
    this.registerOutputs({ claims: args.claims.map(({ claim }) => claim) });
  }
}
