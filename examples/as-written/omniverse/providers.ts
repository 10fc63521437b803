import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import { ACCOUNT, SITES } from "./register";

/** Credentials of what stands for the runbook's primary host. */
export function primaryProvider(): k8s.Provider {
  return new k8s.Provider("primary", { context: SITES.primary.context });
}

/** Mended: credentials of a cluster in another region. */
export function secondaryProvider(): k8s.Provider {
  return new k8s.Provider("secondary", { context: SITES.secondary.context });
}

/** Mended: credentials of an account, in another region. */
export function uploadProvider(): aws.Provider {
  return new aws.Provider("upload-aws", { region: SITES.secondary.region, allowedAccountIds: [ACCOUNT] });
}
