import * as pulumi from "@pulumi/pulumi";
import type { Manifests } from "../components/kubernetes/manifests";
import { RecoveryKit, type RecoveryKitArgs } from "../components/recovery/recoveryKit";
import { LockedBucket } from "../components/storage/lockedBucket";
import type { Reach } from "./reach";

/** What a stack says of the bucket that keeps a system's copies, and of who recovers from it. */
interface KeptCopies {
  backups: { site: string; bucket: string; lock: string; expire: string };
  sites: { cleanRoom: string };
}

/** The bucket in the other region that no credential of this stack can empty. */
export function copyBucket(
  parent: pulumi.Resource,
  { backups, sites }: KeptCopies,
  reach: Reach,
  { system, name, expiring }: { system: string; name: string; expiring: string | readonly string[] },
): LockedBucket {
  return new LockedBucket(
    `${system}-${name}`,
    {
      bucket: backups.bucket,
      provider: reach.aws(backups.site),
      lock: backups.lock,
      expire: backups.expire,
      expiring,
      readers: [reach.site(sites.cleanRoom).account],
      tags: { system },
    },
    { parent },
  );
}

/** Key of the kit of a system, in a folder of the bucket that does not expire. */
export function kitKey(system: string): string {
  return `recovery-kit/${system}.json`;
}

/** What a clean room needs besides copies and the image: all objects of the other site, and `more` files. */
export function systemKit(
  parent: pulumi.Resource,
  system: string,
  { lockedUntil, manifests, more = {} }: { lockedUntil: string; manifests: Manifests; more?: RecoveryKitArgs["files"] },
  store: Pick<RecoveryKitArgs, "bucket" | "provider">,
): RecoveryKit {
  const content = pulumi.jsonStringify(manifests.list(), undefined, 2);
  const files = { manifests: { key: kitKey(system), content, contentType: "application/json" }, ...more };
  return new RecoveryKit(`${system}-kit`, { ...store, lockedUntil, files }, { parent });
}
