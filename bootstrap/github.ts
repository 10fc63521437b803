import type { BootstrapConfig } from "./config";
import { environmentOf, type Purpose } from "./names";
import { type Document, documentOf } from "./statement";

/** Who signs the tokens of GitHub's jobs, without `https://`. */
export const ISSUER = "token.actions.githubusercontent.com";

/** Whom tokens for AWS are meant for. */
export const AUDIENCE = "sts.amazonaws.com";

type Github = Pick<BootstrapConfig["github"], "owner" | "repository" | "ownerId" | "repositoryId">;

/**
 * The subject of the tokens that one environment's jobs get. With the numbers it is the immutable form, which
 * repositories have that were created or renamed after 15 July 2026: a name that is given up cannot be taken over.
 * https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
export function subjectOf(
  { owner, repository, ownerId, repositoryId }: Github,
  stack: string,
  purpose: Purpose,
): string {
  const numbered = (name: string, id: string | undefined) => (id === undefined ? name : `${name}@${id}`);
  const repo = `${numbered(owner, ownerId)}/${numbered(repository, repositoryId)}`;
  return `repo:${repo}:environment:${environmentOf(stack, purpose)}`;
}

/** Trusts the jobs of one environment of one repository. */
export function trustPolicy(account: string, subject: string): Document {
  return documentOf([
    {
      Sid: "GithubEnvironment",
      Effect: "Allow",
      Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${ISSUER}` },
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subject } },
    },
  ]);
}
