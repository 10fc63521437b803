import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import { ACCOUNT, SITES } from "./register";

/** Credentials of the guide's cluster. */
export function clusterProvider(): k8s.Provider {
  return new k8s.Provider("cluster", { context: SITES.cluster.context });
}

/** Mended: credentials of a cluster in another region. */
export function backupProvider(): k8s.Provider {
  return new k8s.Provider("backup", { context: SITES.backup.context });
}

/** Mended: credentials of an account in another region. */
export function backupAccount(): aws.Provider {
  return new aws.Provider("backup-aws", { region: SITES.backup.region, allowedAccountIds: [ACCOUNT] });
}
