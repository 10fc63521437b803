import type * as pulumi from "@pulumi/pulumi";
import type { Manifests } from "../../components/kubernetes/manifests";
import type { RecoveryKit, RecoveryKitArgs } from "../../components/recovery/recoveryKit";
import { kitKey, systemKit } from "../copies";
import type { OmendbConfig } from "./config";
import type { UserFiles } from "./users";

/** Keys of the kit in the bucket. */
export const KIT_KEYS = { manifests: kitKey("omendb"), users: "recovery-kit/users.htpasswd" } as const;

/** What a clean room needs besides restore points and the image: all objects of the standby site, and the users. */
export function recoveryKit(
  parent: pulumi.Resource,
  { recoveryKit: { lockedUntil } }: OmendbConfig,
  store: Pick<RecoveryKitArgs, "bucket" | "provider">,
  manifests: Manifests,
  users: UserFiles,
): RecoveryKit {
  // Hashes only; without them nobody could log in to what was rebuilt.
  const more = { users: { key: KIT_KEYS.users, content: users.htpasswd, contentType: "text/plain" } };
  return systemKit(parent, "omendb", { lockedUntil, manifests, more }, store);
}
