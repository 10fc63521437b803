import type * as pulumi from "@pulumi/pulumi";
import type { BootstrapConfig, StackSettings } from "./config";
import { environmentOf, keyAlias, type Purpose, purposes, roleName, stateBuckets } from "./names";

/** Variables of GitHub, by name. */
export type Variables = Record<string, pulumi.Input<string>>;

/** URL of the state for `pulumi login`; `replica` is the copy, for the day that the region is lost. */
export function backendOf({ state, home }: BootstrapConfig, copy: "main" | "replica" = "main"): string {
  return `s3://${stateBuckets(state)[copy]}?region=${copy === "main" ? home.region : home.replica}`;
}

/** URL of a stack's key for `--secrets-provider`. */
export function secretsProviderOf(
  stack: string,
  { region, replica }: StackSettings,
  copy: "main" | "replica" = "main",
): string {
  return `awskms://${keyAlias(stack)}?region=${copy === "main" ? region : replica}`;
}

/** What the workflows read in each environment of GitHub, by environment. */
export function variablesOf(
  { stacks, evidence }: BootstrapConfig,
  clients: Readonly<Record<string, Record<Purpose, pulumi.Input<string>> | undefined>>,
): Record<string, Variables> {
  const all = Object.entries(stacks).flatMap(([stack, { account, region, azure }]) =>
    purposes.map((purpose): [string, Variables] => [
      environmentOf(stack, purpose),
      {
        AWS_ROLE: `arn:aws:iam::${account}:role/${roleName(stack, purpose)}`,
        AWS_REGION: region,
        ...(purpose === "preview" ? { EVIDENCE_BUCKET: evidence.bucket } : {}),
        ...(azure ? { AZURE_TENANT_ID: azure.tenant, AZURE_SUBSCRIPTION_ID: azure.subscription } : {}),
        ...clientOf(clients[stack]?.[purpose]),
      },
    ]),
  );
  return Object.fromEntries(all);
}

function clientOf(id: pulumi.Input<string> | undefined): Variables {
  return id === undefined ? {} : { AZURE_CLIENT_ID: id };
}
