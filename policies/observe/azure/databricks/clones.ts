import { type Bound, formatBound, isBounded, isUnknown } from "../../../../recovery/bound";
import { isProblem, seconds } from "../../../../recovery/duration";
import { databricks } from "../../../../recovery/facts";
import type { Asset, Copy, RestorePoints, Series, Term } from "../../../../recovery/plan";
import { worstGaps } from "../../../../recovery/schedule";
import { assumptionFor } from "../../assumptions";
import type { Given } from "../../given";
import { titleOf } from "../../names";
import type { Program } from "../../program";
import { restoreRateOf } from "../../restorePoints";
import { type Container, containersOf, copyInContainer } from "../storage/copies";
import { shortest } from "../storage/kept";
import { type DatabricksJob, jobTag, seriesOf } from "./job";
import { historyGiven, timeTravelOf } from "./tables";

/** The restore points that jobs of Databricks take of an asset, by the container that they copy to. */
export function clonesOf(of: Asset, program: Program): Given[] {
  const { id: asset } = of;
  const jobs = program.azure.databricksJobs.filter(
    ({ facts }) =>
      jobTag(facts, "protects") === asset && ["full", "incremental"].some((role) => jobTag(facts, "role") === role),
  );
  const targets = new Map<string, DatabricksJob[]>();
  for (const job of jobs) {
    const target = jobTag(job.facts, "copies_to");
    const key = typeof target === "string" ? target : "";
    targets.set(key, [...(targets.get(key) ?? []), job]);
  }
  return [...targets].flatMap(([target, [first, ...others]], place) =>
    first === undefined ? [] : [givenOf(of, target, [first, ...others], place, program)],
  );
}

function givenOf(
  of: Asset,
  target: string,
  jobs: readonly [DatabricksJob, ...DatabricksJob[]],
  place: number,
  program: Program,
): Given {
  const { id: asset } = of;
  const [first] = jobs;
  const rate = rateOf(of, jobs, program);
  const container = containersOf(program).find(({ name }) => name === target);
  const source = first.facts.source("tags.holdfast_copies_to");
  const unknown = `${titleOf(first.resource)} copies to no container that this program declares (tag holdfast_copies_to, account/container), or to one that is not known before deployment`;
  if (container === undefined) program.problems.unknown(source, unknown, asset);
  const inFiles = jobs.every(({ facts }) => jobTag(facts, "writes") === "files");
  const what = inFiles ? "exports" : "clones";
  const points: RestorePoints = {
    kind: "restore-points",
    id: `${asset}/${what}${place === 0 ? "" : `-${place + 1}`}`,
    asset,
    label: `${what} in ${container === undefined ? "no known container" : target}`,
    capture: captureOf(asset, jobs, program),
    series: jobs.map((job) => inTime(job, seriesOf(job, asset, program), asset, program)),
    transfer: transferOf(asset, first, program),
    copies: container === undefined ? [] : [keptIn(container, inFiles, jobs, asset, program)],
    ...(rate === undefined ? {} : { restoreRate: rate }),
    source: first.facts.source(),
  };
  const resources = [...jobs.map(({ resource }) => resource), ...(container ? [container.account.resource] : [])];
  return { protection: points, resources };
}

/**
 * A clone that is ended before it has copied everything has copied nothing, and the next has more to do: that a run ends in
 * time rests on how fast it copies what was written since the last but one, if it starts late and waits for its cluster.
 */
function inTime({ facts }: DatabricksJob, series: Series, asset: string, { register, asOf }: Program): Series {
  const { run, schedule } = series;
  if (jobTag(facts, "read") !== "in-place" || !isBounded(run.value)) return series;
  const copies = assumptionFor(register, { term: "copy-rate", asset });
  const writes = assumptionFor(register, { term: "write-rate", asset });
  const starts = assumptionFor(register, { term: "cluster-start", asset });
  const late = series.startSlack.value;
  const value = (): Bound => {
    const unsaid = (term: string): Bound => ({
      unknown: `nobody declared whether a run ends in time: Register has no assumption ${term} for ${asset}`,
    });
    if (copies?.bytesPerSecond === undefined) return unsaid("copy-rate");
    if (writes?.bytesPerSecond === undefined) return unsaid("write-rate");
    if (starts?.seconds === undefined) return unsaid("cluster-start");
    if (!isBounded(late)) return unsaid("late-start");
    if (isUnknown(schedule)) return run.value;
    const gaps = worstGaps(schedule, asOf, 1);
    const [all = 0, oneMissed = all] = isProblem(gaps) ? [] : gaps.maxGapSeconds;
    const written = seconds(oneMissed + late);
    const takes = seconds(Math.ceil((written * writes.bytesPerSecond) / copies.bytesPerSecond));
    if (!isBounded(run.value) || starts.seconds + takes <= run.value) return run.value;
    const ends = `its cluster takes ${formatBound(starts.seconds)} to start, and a run is ended after ${formatBound(run.value)} and has then copied nothing`;
    return { unbounded: `what is written in ${formatBound(written)} takes ${formatBound(takes)} to copy: ${ends}` };
  };
  return {
    ...series,
    run: { ...run, value: value(), grade: "assumed", ...(copies === undefined ? {} : { assumption: copies.id }) },
  };
}

/** Nothing is left to move once a run has ended, of clones as long as no more is written than it has time for. */
function transferOf(asset: string, { facts }: DatabricksJob, { register }: Program): Term {
  const writes =
    jobTag(facts, "read") === "in-place" ? assumptionFor(register, { term: "write-rate", asset }) : undefined;
  return {
    name: "transfer",
    value: seconds(0),
    source: { ...facts.source(), property: "written within the run" },
    facts: [databricks.deepClone.id],
    ...(writes === undefined ? { grade: "guaranteed" } : { grade: "assumed", assumption: writes.id }),
  };
}

/** Tables that are read where they were cloned to are there: a recovery points at them and moves no byte. */
function rateOf(of: Asset, jobs: readonly DatabricksJob[], program: Program): RestorePoints["restoreRate"] {
  if (jobs.some(({ facts }) => jobTag(facts, "read") !== "in-place")) return restoreRateOf(of, program);
  const [source] = jobs.map(({ facts }) => facts.source("tags"));
  if (source === undefined) return undefined;
  const perLink: Term = { name: "nothing is moved", value: seconds(0), grade: "guaranteed", source };
  return { perLink, bytesPerSecond: 1, baseBytes: 0 };
}

/** Files of a run stay beside those of the one before; a table does not. */
function keptIn(
  container: Container,
  inFiles: boolean,
  jobs: readonly DatabricksJob[],
  asset: string,
  program: Program,
): Copy {
  const copy = copyInContainer(container, asset, program);
  return inFiles ? copy : historyIn(copy, jobs, asset, program);
}

/** A clone replaces the one before it: what a run wrote is kept as long as the history of the table it wrote to. */
function historyIn(copy: Copy, jobs: readonly DatabricksJob[], asset: string, program: Program): Copy {
  const history = timeTravelOf(asset, program);
  if (history === undefined) {
    const why = "no table of it says how long its history is kept, and each clone replaces the one before";
    const value = { unknown: why };
    return { ...copy, keptFor: { ...copy.keptFor, value } };
  }
  const given = jobs.flatMap(({ facts }) => historyGiven(facts) ?? []);
  const kept = shortest([copy.keptFor, history, ...given]);
  return { ...copy, keptFor: { ...copy.keptFor, ...kept } };
}

/** Tables are cloned one after the other: together they hold no one moment, unless a job says how they do. */
function captureOf(asset: string, jobs: readonly DatabricksJob[], { problems }: Program): RestorePoints["capture"] {
  const kinds = ["fuzzy", "end", "start"] as const;
  const said = jobs.map(({ facts, resource }) => {
    const text = jobTag(facts, "capture");
    const kind = kinds.find((one) => one === text);
    if (kind === undefined && text !== undefined) {
      const message = `${titleOf(resource)}: tag holdfast_capture must be one of start, end, fuzzy`;
      if (isUnknown(text)) problems.unknown(facts.source("tags"), text.unknown, asset);
      else problems.add(facts.source("tags"), message, asset);
    }
    return kind ?? "fuzzy";
  });
  return kinds.find((kind) => said.includes(kind)) ?? "fuzzy";
}
