import type { Provider, Resource, Value } from "../../../policies/graph";
import type { Candidate } from "../../../recovery/assess/assessment";
import { type Ways, waysOf } from "../../../recovery/assess/ways";
import type { Disruption } from "../../../recovery/objective";
import { asOf, assumption, cronJob, healthy, type Parts, read, secondary } from "./program";

/** Properties of a resource. */
export type Props = Record<string, Value>;

function account(name: string, region: string): Provider {
  const props = { region, allowedAccountIds: ["111111111111"] };
  return { type: "pulumi:providers:aws", name, urn: `urn:pulumi:prod::holdfast::pulumi:providers:aws::${name}`, props };
}

/** AWS in the region of the asset. */
export const here: Provider = account("here", "eu-central-1");
/** AWS in the other region, by credentials of the same account. */
export const there: Provider = account("there", "eu-west-1");

/** The register of the example, which answers for the asset and for these numbers of vendors. */
export function answering(spans: Readonly<Record<string, string>>): Resource {
  const { register } = healthy();
  if (register === undefined) throw new Error("the example program has a register");
  const words = register.props.assumptions as readonly Props[];
  const assets = ["nucleus/*"];
  const own = Object.entries(spans).map(([term, value]) => assumption(term, value, { id: `nucleus-${term}`, assets }));
  return {
    ...register,
    props: { ...register.props, assumptions: [...words.map((one) => ({ ...one, assets })), ...own] },
  };
}

/** A step of a recovery that knows what it restores from by an environment value. */
export function stepOf(asset: string, path: string, disruptions: string, protection: string, env: Props): Resource {
  const links = { role: "recovery", protects: asset, path, disruptions, step: "restore", protection };
  const pod = { containers: [{ name: "job", env: [env] }] };
  const job = { activeDeadlineSeconds: 1_800, backoffLimit: 0, template: { spec: pod } };
  const effect = "restores,verifies";
  return cronJob(`${path}-step`, { ...links, effect }, { suspend: true, jobTemplate: { spec: job } }, secondary);
}

/** The ways to recover the one asset of a program. */
export function ways(parts: Parts, disruption: Disruption): Ways {
  const { plan } = read(parts);
  const [own] = plan.assets;
  if (own === undefined) throw new Error("no asset was read");
  return waysOf(plan, own, disruption, asOf);
}

/** One of them, by its path. */
export function way(parts: Parts, disruption: Disruption, path: string): Candidate | undefined {
  return ways(parts, disruption).candidates.find((one) => one.path.endsWith(`/${path}`));
}
