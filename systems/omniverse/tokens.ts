import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { placed } from "../../components/kubernetes/placement";
import { SERVICE_LABELS, TOKEN_SECRETS } from "./names";
import type { OmniverseSite } from "./site";

/** The two tokens of the runbook, by what they allow. */
export type Tokens = Readonly<Record<keyof typeof TOKEN_SECRETS, pulumi.Output<string>>>;

/** Tokens that nobody ever sees: one for jobs that change sessions or assets, one for what only reads. */
export function tokens(parent: pulumi.Resource, provider: random.Provider): Tokens {
  const made = (purpose: keyof typeof TOKEN_SECRETS) =>
    pulumi.secret(
      new random.RandomPassword(
        `omniverse-${purpose}-token`,
        { length: 64, special: false },
        { parent, provider, protect: true, additionalSecretOutputs: ["result", "bcryptHash"] },
      ).result,
    );
  return { admin: made("admin"), api: made("api") };
}

/** The tokens where the pods of a site find them; a clean room makes its own. */
export function tokenSecrets({ prefix, placement, parent }: OmniverseSite, made: Tokens): k8s.core.v1.Secret[] {
  return (Object.keys(TOKEN_SECRETS) as (keyof typeof TOKEN_SECRETS)[]).map(
    (purpose) =>
      new k8s.core.v1.Secret(
        `${prefix}-${purpose}-token`,
        {
          metadata: { name: TOKEN_SECRETS[purpose], namespace: placement.namespace, labels: SERVICE_LABELS },
          stringData: { token: made[purpose] },
        },
        placed(parent, placement),
      ),
  );
}
