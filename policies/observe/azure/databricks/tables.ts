import { type Bound, isUnknown, type Maybe } from "../../../../recovery/bound";
import { seconds } from "../../../../recovery/duration";
import { databricks, factSeconds } from "../../../../recovery/facts";
import type { Asset, Versions } from "../../../../recovery/plan";
import type { Given } from "../../given";
import { titleOf } from "../../names";
import type { Program } from "../../program";
import { type Facts, orDefault, type Read } from "../../read";
import { assetTag, ownedBy } from "../owned";
import { type Kept, keptTerm, shortest } from "../storage/kept";
import { type DatabricksJob, jobTag } from "./job";

/** Type of a Delta table. */
export const tableType = "databricks:index/sqlTable:SqlTable";

/** The property of a job that VACUUM takes its hours from. */
const hoursParameter = "retain_hours";

/** The property of a job that clones take their history from. */
const historyParameter = "history";

/** The tables of an asset: those below the component that promises it, and those whose properties name it. */
export function tablesOf(asset: { id: string; promisedBy: string }, program: Program): DatabricksJob[] {
  return program.azure.tables.filter(({ resource, facts }) => {
    const named = facts.at("properties").key(assetTag).text();
    return named === undefined ? ownedBy(resource, asset, program) : named === asset.id;
  });
}

/** How far back tables of an asset remember: the shortest of what keeps their files and their log, and of VACUUM. */
export function timeTravelOf(asset: string, program: Program): Kept | undefined {
  const promisedBy = program.promises.find((one) => one.asset.text("id") === asset)?.resource.urn ?? "";
  const spans = tablesOf({ id: asset, promisedBy }, program).flatMap(({ facts }) => [
    historyOf(facts, "delta.deletedFileRetentionDuration", factSeconds(databricks.vacuum)),
    historyOf(facts, "delta.logRetentionDuration", factSeconds(databricks.logRetention)),
  ]);
  const [first, ...others] = spans;
  if (first === undefined) return undefined;
  const vacuums = program.azure.databricksJobs.filter(
    ({ facts }) => jobTag(facts, "protects") === asset && jobTag(facts, "role") === "vacuum",
  );
  return shortest([first, ...others, ...vacuums.map(({ facts }) => hoursOf(facts))]);
}

/** Earlier versions of Delta tables: RESTORE TABLE brings one back, and copies no file. */
export function timeTravel(asset: Asset, program: Program): Given[] {
  const kept = timeTravelOf(asset.id, program);
  if (kept === undefined) return [];
  const tables = tablesOf({ id: asset.id, promisedBy: asset.source.resource }, program);
  const versions: Versions = {
    kind: "versions",
    id: `${asset.id}/time-travel`,
    asset: asset.id,
    label: "earlier versions of Delta tables",
    at: asset.at,
    undoes: ["overwrite", "delete"],
    keptFor: keptTerm("versions of tables kept", kept, databricks.vacuum, databricks.logRetention),
    lock: { mode: "none", keptFor: keptTerm("locked", { value: seconds(0), source: kept.source }) },
    source: kept.source,
  };
  const resources = [
    ...tables.map(({ resource }) => resource),
    ...program.azure.databricksJobs.map((one) => one.resource),
  ];
  const holding = program.azure.storageAccounts.map(({ resource }) => resource);
  return [{ protection: versions, resources: [...resources, ...holding] }];
}

const units: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400, week: 604_800 };

/** A span as Delta reads it, `interval 30 days`; not set it is Delta's own. */
function historyOf(table: Facts, property: string, otherwise: number): Kept {
  const own = table.at("properties").key(property);
  const text = own.text();
  const source = own.source();
  if (text === undefined) return { value: seconds(otherwise), source };
  return { value: spanOf(text, `${property} of ${titleOf(table.resource)}`), source };
}

/** What a job that clones gives its clones for a history of their own, by its parameter; else they keep that of their tables. */
export function historyGiven(job: Facts): Kept | undefined {
  const text = parameterOf(job, historyParameter);
  if (text === undefined) return undefined;
  const value = spanOf(text, `the parameter ${historyParameter} of ${titleOf(job.resource)}`);
  return { value, source: job.source("parameters") };
}

function spanOf(text: Maybe<string>, what: string): Bound {
  if (isUnknown(text)) return text;
  const [, count, unit = ""] = /^(?:interval\s+)?(\d{1,6})\s+(minute|hour|day|week)s?$/i.exec(text.trim()) ?? [];
  const each = units[unit.toLowerCase()];
  return each === undefined ? { unknown: `${what} must be such as "interval 30 days"` } : seconds(Number(count) * each);
}

/** What a job passes on under a name; unknown where its parameters are. */
function parameterOf(job: Facts, name: string): Read<string> {
  const parameters = orDefault(job.items("parameters"), []);
  if (isUnknown(parameters)) return parameters;
  const named = parameters.map((one) => ({ name: one.text("name"), value: one.text("default") }));
  return named.find((one) => one.name === name)?.value ?? named.map((one) => one.name).find(isUnknown);
}

/** The hours that a job of VACUUM is told to keep, by its parameter. */
function hoursOf(job: Facts): Kept {
  const title = titleOf(job.resource);
  const source = job.source("parameters");
  const own = parameterOf(job, hoursParameter);
  if (isUnknown(own)) return { value: own, source };
  const unknown = `${title} runs VACUUM and must say in its parameter ${hoursParameter} how many hours it keeps, such as "720"`;
  return { value: own !== undefined && /^\d{1,5}$/.test(own) ? seconds(Number(own) * 3_600) : { unknown }, source };
}
