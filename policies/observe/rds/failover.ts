import { type Bound, isUnknown, type Maybe } from "../../../recovery/bound";
import { rds } from "../../../recovery/facts";
import type { Disruption } from "../../../recovery/objective";
import type { Domain, Redundancy, Term } from "../../../recovery/plan";
import { managed, managedFailover, measuredTime } from "../../../recovery/time";
import { assumedTerm, assumptionFor } from "../assumptions";
import { sourceOf, titleOf } from "../names";
import type { Way } from "../paths";
import type { Program } from "../program";
import type { RdsInstance } from "../resources/rdsInstance";
import type { Database } from "./database";
import { lossByParameters } from "./parameters";

/** What an instance keeps by itself: in two zones with a standby, else on storage that outlives its host. */
export function redundancyOf({ asset, primary }: Database, program: Program): Redundancy & { survives: Maybe<Domain> } {
  const { facts, resource } = primary;
  const doubled = facts.flag("multiAz");
  const source = facts.source("multiAz");
  return {
    kind: "redundancy",
    id: `${asset}/redundancy`,
    asset,
    label: doubled === true ? "a standby in another zone" : "the storage of one zone",
    // Without the property there is no standby.
    survives: isUnknown(doubled) ? doubled : doubled ? "zone" : "node",
    loss: [
      {
        name: "acknowledged commits not yet durable",
        value: lossOf(primary, program),
        grade: "guaranteed",
        source,
        ...(doubled === true ? { facts: [rds.multiAzLoss.id] } : {}),
      },
    ],
    source: sourceOf(resource, "multiAz"),
  };
}

/** RDS itself brings an instance back: by its standby, or without one on another host of its zone. */
export function failoverWays({ asset, primary }: Database, redundancy: Redundancy, program: Program): Way[] {
  const { facts, at } = primary;
  const name = facts.flag("multiAz") === false || facts.isSilent("multiAz") ? "instance-recovery" : "multi-az-failover";
  const source = facts.source("multiAz");
  return (["process", "node", "zone"] as const).map((disruption): Way => {
    const wanted = { asset, path: name, disruption };
    const redirect = [assumedTerm(program.register, { term: "redirect", ...wanted }, "clients connect again")];
    return {
      name,
      asset,
      protection: redundancy.id,
      label: name.replaceAll("-", " ").replace("multi az", "Multi-AZ"),
      disruption,
      ...(name === "multi-az-failover"
        ? managedFailover(managed.rdsMultiAzInstance, {
            detect: [],
            decide: [],
            redirect,
            source,
            ...timeOf(asset, name, disruption, program),
          })
        : { detect: [], decide: [], steps: [restart(asset, name, disruption, primary, program)], redirect }),
      runsAt: at,
      needs: [],
      source,
    };
  });
}

/** Our own drills count before what somebody answers for. */
function timeOf(asset: string, path: string, disruption: Disruption, { register, asOf }: Program) {
  const drills = register.drills.filter((drill) => drill.asset === asset && drill.path === path);
  const measured = measuredTime(drills, asOf, undefined);
  const assumption = assumptionFor(register, { term: "managed-service", asset, path, disruption });
  return { ...(measured === undefined ? {} : { measured }), ...(assumption === undefined ? {} : { assumption }) };
}

function restart(
  asset: string,
  path: string,
  disruption: Disruption,
  { resource }: RdsInstance,
  { register }: Program,
): Way["steps"][number] {
  const name = "RDS starts it again";
  const bound: Term = assumedTerm(register, { term: "managed-service", asset, path, disruption }, name);
  return { name, bound, after: [], source: sourceOf(resource) };
}

/** PostgreSQL acknowledges a commit after it is durable, unless its parameters say otherwise. */
function lossOf(instance: RdsInstance, program: Program): Bound {
  const { facts, resource } = instance;
  const title = titleOf(resource);
  const engine = facts.text("engine");
  if (isUnknown(engine)) return engine;
  if (engine !== "postgres")
    return { unknown: `no reader knows when engine ${engine ?? "unnamed"} of ${title} acknowledges` };
  return lossByParameters(instance, program);
}
