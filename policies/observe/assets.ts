import { isUnknown, type Maybe } from "../../recovery/bound";
import { isProblem, parseDuration } from "../../recovery/duration";
import { type Disruption, disruptions, type Objective, parseLimit, type Retention } from "../../recovery/objective";
import type { Asset, Place } from "../../recovery/plan";
import type { Resource } from "../graph";
import { annotationProperty, bytesOf, link, listOf } from "./annotations";
import { azurePlaceOf } from "./azure";
import { withDependencies } from "./dependencies";
import { sourceOf, titleOf } from "./names";
import type { Problems } from "./problems";
import type { Program } from "./program";
import { instancesOf } from "./rds/database";
import { type Facts, facts } from "./read";
import { promisesOf, type Workload } from "./resources/workload";
import { writtenBucketsOf } from "./s3/store";

/** Assets that components or workloads promise, in the order of their ids. */
export function readAssets(program: Program): Asset[] {
  const found = new Map<string, Asset>();
  const promised = [...promisedByComponents(program), ...promisedByWorkloads(program)];
  for (const asset of promised) {
    const earlier = found.get(asset.id);
    if (earlier === undefined) found.set(asset.id, asset);
    else
      program.problems.add(
        asset.source,
        `${asset.id} is promised here and by ${earlier.source.name}: keep one of them`,
        asset.id,
      );
  }
  for (const { asset, resource } of program.workloads) {
    if (asset === undefined || found.has(asset)) continue;
    program.problems.add(
      sourceOf(resource, annotationProperty("asset")),
      `${titleOf(resource)} serves ${asset}, for which nothing promises objectives`,
      asset,
    );
  }
  const inOrder = [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return withDependencies(inOrder, program);
}

/** The workload that serves an asset: one without replicas only waits. */
export function primaryOf(asset: string, { workloads }: Program): Workload | undefined {
  const serving = workloads.filter((one) => one.asset === asset);
  return serving.find(({ replicas }) => replicas !== 0);
}

function placeOf(asset: string, program: Program, promised?: Facts): Maybe<Place> {
  const primary = primaryOf(asset, program);
  if (primary) return primary.at;
  if (promised && !promised.isSilent("site")) return placeOfSite(asset, promised, program);
  const promisedBy = promised?.resource.urn ?? "";
  const database = instancesOf({ id: asset, promisedBy }, program).find(({ isReplica }) => !isReplica);
  if (database) return database.at;
  const [bucket] = writtenBucketsOf({ id: asset, promisedBy }, program);
  if (bucket) return bucket.at;
  const inAzure = azurePlaceOf({ id: asset, promisedBy }, program);
  if (inAzure) return inAzure;
  const waiting = program.workloads.some((one) => one.asset === asset);
  return {
    unknown: waiting
      ? `every workload that serves ${asset} has 0 replicas`
      : `no workload says that it serves ${asset}`,
  };
}

/** What nothing here serves is at the site that its promise names: somebody answers for that site in the register. */
function placeOfSite(asset: string, promised: Facts, { register, problems }: Program): Maybe<Place> {
  const name = promised.text("site");
  const site = register.sites.find((one) => one.name === name);
  if (site !== undefined) return site.place;
  const unknown = `${asset} is promised at no site of Register, or at one that is not known before deployment`;
  problems.unknown(promised.source("site"), unknown, asset);
  return { unknown };
}

function promisedByComponents(program: Program): Asset[] {
  return program.promises.flatMap(({ resource, asset }) => {
    const id = program.problems.known(asset.text("id"), asset.source("id"));
    if (id === undefined || id === "") {
      program.problems.unknown(asset.source("id"), `${titleOf(resource)} promises an asset without an id`);
      return [];
    }
    const kind = asset.text("kind");
    const bytes = program.problems.known(asset.whole("bytes", Number.MAX_SAFE_INTEGER), asset.source("bytes"), id);
    const retention = readRetention(asset.at("retention"), id, program.problems);
    const names = (of: "covers" | "openedBy") =>
      named(of, program.problems.known(asset.texts(of), asset.source(of), id) ?? []);
    return [
      {
        id,
        system: systemOf(id),
        kind: typeof kind === "string" ? kind : "unknown",
        at: placeOf(id, program, asset),
        ...(bytes === undefined ? {} : { bytes }),
        objectives: readObjectives(asset.at("objectives"), id, program.problems),
        ...(retention === undefined ? {} : { retention }),
        ...names("covers"),
        ...names("openedBy"),
        source: sourceOf(resource),
      },
    ];
  });
}

function promisedByWorkloads(program: Program): Asset[] {
  return program.workloads.flatMap((workload) => {
    const [objectives, retention] = promisesOf(workload).map(({ key, text }) =>
      parsed(workload, key, text, program.problems),
    );
    const id = workload.asset;
    if (id === undefined || objectives === undefined) return [];
    const kept = retention && readRetention(retention, id, program.problems);
    const bytes = bytesOf(workload.resource, "bytes", program.problems, id);
    const names = (of: "covers" | "openedBy", key: string) =>
      named(of, listOf(link(workload.resource, key, program.problems)));
    return [
      {
        id,
        system: systemOf(id),
        kind: "workload",
        at: placeOf(id, program),
        ...(bytes === undefined ? {} : { bytes }),
        objectives: readObjectives(objectives, id, program.problems),
        ...(kept === undefined ? {} : { retention: kept }),
        ...names("covers", "covers"),
        ...names("openedBy", "opened-by"),
        source: sourceOf(workload.resource),
      },
    ];
  });
}

/** Names in one order; an asset that names none says nothing. */
function named<Key extends string>(key: Key, names: readonly string[]): Partial<Record<Key, string[]>> {
  return names.length === 0 ? {} : ({ [key]: [...names].sort() } as Record<Key, string[]>);
}

/** The JSON of an annotation as facts of a resource whose only property it is. */
function parsed(
  { resource, asset }: Workload,
  key: string,
  text: string | undefined,
  problems: Problems,
): Facts | undefined {
  if (text === undefined) return undefined;
  const property = annotationProperty(key);
  try {
    const value: unknown = JSON.parse(text);
    const bare: Resource = {
      ...resource,
      props: { [property]: value as Resource["props"][string] },
      ignoreChanges: [],
    };
    return facts(bare).key(property);
  } catch {
    problems.add(sourceOf(resource, property), `${titleOf(resource)}: holdfast.dev/${key} must be JSON`, asset);
    return undefined;
  }
}

function readObjectives(written: Facts, asset: string, problems: Problems): Partial<Record<Disruption, Objective>> {
  const names = problems.known(written.keys(), written.source(), asset) ?? [];
  for (const name of names) {
    if (disruptions.some((one) => one === name)) continue;
    problems.add(
      written.source(),
      `${asset}: objectives has no disruption ${name}; there are ${disruptions.join(", ")}`,
      asset,
    );
  }
  const objectives: Partial<Record<Disruption, Objective>> = {};
  for (const disruption of disruptions.filter((one) => names.includes(one))) {
    const objective = readObjective(written.key(disruption), `${asset}: objectives.${disruption}`, asset, problems);
    if (objective) objectives[disruption] = objective;
  }
  return objectives;
}

function readObjective(written: Facts, where: string, asset: string, problems: Problems): Objective | undefined {
  const limit = (half: "rpo" | "rto") => {
    const text = written.value(half);
    if (isUnknown(text)) {
      problems.unknown(written.source(half), text.unknown, asset);
      return undefined;
    }
    const value = parseLimit(text);
    if (!isProblem(value)) return value;
    problems.add(written.source(half), `${where}.${half} ${value.problem}`, asset);
    return undefined;
  };
  const word = (field: "owner" | "reason") => {
    const text = written.text(field);
    if (typeof text === "string" && text !== "") return text;
    problems.add(written.source(field), `${where}.${field} must be a text that is not empty`, asset);
    return "";
  };
  const rpo = limit("rpo");
  const rto = limit("rto");
  const [owner, reason] = [word("owner"), word("reason")];
  return rpo && rto && { rpo, rto, owner, reason };
}

function readRetention(written: Facts, asset: string, problems: Problems): Retention | undefined {
  if (written.isSilent()) return undefined;
  const span = (field: "atLeast" | "atMost") => {
    const text = written.value(field);
    if (isUnknown(text)) {
      problems.unknown(written.source(field), text.unknown, asset);
      return undefined;
    }
    if (text === undefined && field === "atMost") return undefined;
    const value = parseDuration(text);
    if (!isProblem(value)) return value;
    problems.add(written.source(field), `${asset}: retention.${field} ${value.problem}`, asset);
    return undefined;
  };
  const atLeast = span("atLeast");
  const atMost = span("atMost");
  return atLeast && { atLeast, ...(atMost === undefined ? {} : { atMost }) };
}

function systemOf(id: string): string {
  return id.split("/")[0] ?? id;
}
