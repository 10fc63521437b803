import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Manifests } from "../../components/kubernetes/manifests";
import { RecoveryKit } from "../../components/recovery/recoveryKit";
import type { LockedBucket } from "../../components/storage/lockedBucket";
import type { OmendbConfig } from "./config";
import type { UserFiles } from "./users";

/** Folder of the bucket that does not expire. */
const FOLDER = "recovery-kit";

/** Keys of the kit in the bucket. */
export const KIT_KEYS = { manifests: `${FOLDER}/omendb.json`, users: `${FOLDER}/users.htpasswd` } as const;

/** What a clean room needs besides restore points and the image: all objects of the standby site, and the users. */
export function recoveryKit(
  parent: pulumi.Resource,
  config: OmendbConfig,
  store: { bucket: LockedBucket; provider: aws.Provider },
  manifests: Manifests,
  users: UserFiles,
): RecoveryKit {
  return new RecoveryKit(
    "omendb-kit",
    {
      ...store,
      lockedUntil: config.recoveryKit.lockedUntil,
      files: {
        manifests: {
          key: KIT_KEYS.manifests,
          content: pulumi.jsonStringify(manifests.list(), undefined, 2),
          contentType: "application/json",
        },
        // Hashes only; without them nobody could log in to what was rebuilt.
        users: { key: KIT_KEYS.users, content: users.htpasswd, contentType: "text/plain" },
      },
    },
    { parent },
  );
}
