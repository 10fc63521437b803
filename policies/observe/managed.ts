import { isUnknown } from "../../recovery/bound";
import { seconds } from "../../recovery/duration";
import { type Fact, fabric, managedServices } from "../../recovery/facts";
import type { Disruption } from "../../recovery/objective";
import type { Asset, Redundancy, Source, Term } from "../../recovery/plan";
import { assumedTerm } from "./assumptions";
import type { Way } from "./paths";
import type { Program } from "./program";
import type { Serving } from "./redundancy";

/** What registers call the path. */
const name = "managed-service";

const services: Readonly<Record<string, { title: string; fact: Fact }>> = {
  s3: { title: "Amazon S3", fact: managedServices.s3 },
  eks: { title: "Amazon EKS", fact: managedServices.eks },
  route53: { title: "Amazon Route 53", fact: managedServices.route53 },
  ecr: { title: "Amazon ECR", fact: managedServices.ecr },
  secretsManager: { title: "AWS Secrets Manager", fact: managedServices.secretsManager },
  resourceManager: { title: "Azure Resource Manager", fact: managedServices.resourceManager },
  powerBi: { title: "Power BI", fact: fabric.zones },
};

/**
 * What a service that its cloud runs keeps when a process, a node or a zone is lost. This program does not declare the
 * service, so that it keeps the asset at all is the register's word: without an entry nothing is proven.
 */
export function readManaged(
  { id: asset, at: place, source }: Asset,
  serving: Serving | undefined,
  program: Program,
): { redundancy: Redundancy; ways: Way[] } | undefined {
  const promised = program.promises.find((one) => one.asset.text("id") === asset)?.asset;
  if (promised === undefined || promised.isSilent("service")) return undefined;
  const at: Source = promised.source("service");
  const text = promised.text("service");
  const service = typeof text === "string" ? services[text] : undefined;
  if (service === undefined) {
    const message = `${asset} is kept by no service that a reader knows (${Object.keys(services).join(", ")}), or by one that is not known before deployment`;
    program.problems.unknown(at, message, asset);
    return undefined;
  }
  if (serving !== undefined) {
    program.problems.add(at, `${asset} is served by a workload of this program, and kept by ${service.title}`, asset);
    return undefined;
  }
  const { title, fact } = service;
  const redundancy: Redundancy = {
    kind: "redundancy",
    id: `${asset}/redundancy`,
    asset,
    label: `the zones of ${title}`,
    survives: "zone",
    loss: [keptInZones(vendorTime(asset, fact, program))],
    source,
  };
  const ways = serviceWays({ asset, at: place, protection: redundancy.id, title, fact, source }, program);
  return { redundancy, ways };
}

/** An asset that a service keeps, and what says that it does. */
interface Served {
  asset: string;
  at: Way["runsAt"];
  protection: string;
  title: string;
  fact: Fact;
  source: Source;
}

/** A service of a cloud goes on by itself when a process, a node or a zone is lost, in a time that the register says. */
export function serviceWays({ asset, at, protection, title, fact, source }: Served, program: Program): Way[] {
  return (["process", "node", "zone"] as const).map((disruption): Way => {
    const goesOn = `${title} goes on by itself`;
    const bound = { ...vendorTime(asset, fact, program, disruption), name: goesOn };
    return {
      name,
      asset,
      protection,
      label: `${title} itself`,
      disruption,
      detect: [],
      decide: [],
      steps: [{ name: goesOn, bound, after: [], source }],
      redirect: [],
      runsAt: at,
      needs: [],
      source,
    };
  });
}

/** No vendor says how long its clients notice the loss of a zone: somebody has to answer for that. */
function vendorTime(asset: string, { id }: Fact, { register }: Program, disruption?: Disruption): Term {
  const wanted = { term: name, asset, path: name, ...(disruption === undefined ? {} : { disruption }) };
  return { ...assumedTerm(register, wanted, "the service goes on by itself"), facts: [id] };
}

/** That the service keeps the asset at all rests on the same entry as its time. */
function keptInZones(term: Term): Term {
  const value = isUnknown(term.value) ? term.value : seconds(0);
  return { ...term, name: "kept in several zones before it is acknowledged", value };
}
