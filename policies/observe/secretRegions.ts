import { isUnknown, type Maybe } from "../../recovery/bound";
import { annotation } from "./annotations";
import { titleOf } from "./names";
import type { Program } from "./program";
import type { CloudSecret } from "./resources/cloudSecret";
import type { KubernetesObject } from "./resources/identity";
import type { Container, Pod } from "./resources/pod";

type User = KubernetesObject & { pod: Pod; about: string | undefined };

/**
 * Secrets of Secrets Manager that pods know by their name, where they run: one of another region is out of reach when that
 * region is lost, which is when a recovery asks for it. What runs beyond the program's reach has secrets of its own.
 */
export function noteFarSecrets(program: Program): void {
  const users: User[] = [
    ...program.workloads.map((one) => ({ ...one, about: one.asset })),
    ...program.cronJobs.filter(({ role }) => role !== undefined).map((one) => ({ ...one, about: one.protects })),
  ];
  for (const secret of program.cloudSecrets) {
    const far = users.flatMap((user) => {
      const region = annotation(user.resource, "runs-at") === undefined ? missedIn(secret, user, program) : undefined;
      return region === undefined ? [] : [{ user, region }];
    });
    const [first, ...others] = far;
    if (first === undefined) continue;
    const { user, region } = first;
    const about = far.every((one) => one.user.about === user.about) ? user.about : undefined;
    const also = others.length === 0 ? "" : ` and ${others.length} more`;
    const who = `${titleOf(user.resource)}${also} asks for ${titleOf(secret.resource)}`;
    if (isUnknown(region))
      program.problems.unknown(secret.facts.source("replicas"), `${who}, and ${region.unknown}`, about);
    else {
      const message = `${who} in ${region}, where it is not: add ${region} to its replicas, or a recovery there starts nothing that needs it`;
      program.problems.add(secret.facts.source("replicas"), message, about);
    }
  }
}

/** The region in which a pod asks for a secret in vain, if there is one. */
function missedIn(secret: CloudSecret, user: User, program: Program): Maybe<string> | undefined {
  const { name } = secret;
  if (typeof name !== "string") return undefined;
  for (const container of user.pod.containers) {
    if (!container.environment.some(({ value }) => value === name)) continue;
    const region = regionOf(container, user, program);
    if (isUnknown(region)) return region;
    if (isUnknown(secret.at)) return secret.at;
    if (isUnknown(secret.replicas)) return secret.replicas;
    if (![secret.at.region, ...(secret.replicas ?? [])].includes(region)) return region;
  }
  return undefined;
}

/** The region that a container is told to ask, else that of its site. */
function regionOf({ environment }: Container, { resource }: User, { geography }: Program): Maybe<string> {
  const told = environment.find(({ name }) => name === "AWS_REGION")?.value;
  if (told !== undefined) return told;
  const site = geography.siteOf(resource);
  return isUnknown(site) ? site : site.place.region;
}
