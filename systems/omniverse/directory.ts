import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { OmniverseConfig } from "./config";
import type { CloudSite } from "./data";
import { directorySecret } from "./names";

/**
 * Where the password lies that people are looked up with in Active Directory: in both regions, and filled in by whoever
 * keeps the directory, so that neither program nor state has it.
 */
export function directoryPassword(
  parent: pulumi.Resource,
  { database: { identifier } }: OmniverseConfig,
  { primary, secondary }: Record<CloudSite["role"], CloudSite>,
): aws.secretsmanager.Secret {
  return new aws.secretsmanager.Secret(
    "omniverse-directory",
    {
      name: directorySecret(identifier),
      description: "Password by which Nucleus looks people up; filled in by whoever keeps the directory",
      kmsKeyId: primary.key.arn,
      recoveryWindowInDays: 30,
      replicas: [{ region: secondary.region, kmsKeyId: secondary.key.arn }],
      tags: { system: "omniverse" },
    },
    { parent, provider: primary.provider, protect: true },
  );
}
