import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Manifests } from "../../components/kubernetes/manifests";
import { RecoveryKit } from "../../components/recovery/recoveryKit";
import type { LockedBucket } from "../../components/storage/lockedBucket";

/** Key of the kit, in a folder of the bucket that does not expire. */
export const KIT_KEY = "recovery-kit/omniverse.json";

/** What a clean room needs besides copies and the image: all objects of the other site. */
export function recoveryKit(
  parent: pulumi.Resource,
  lockedUntil: string,
  store: { bucket: LockedBucket; provider: aws.Provider },
  manifests: Manifests,
): RecoveryKit {
  const content = pulumi.jsonStringify(manifests.list(), undefined, 2);
  return new RecoveryKit(
    "omniverse-kit",
    { ...store, lockedUntil, files: { manifests: { key: KIT_KEY, content, contentType: "application/json" } } },
    { parent },
  );
}
