import { isUnknown, type Maybe } from "../../recovery/bound";
import { isProblem, parseDuration } from "../../recovery/duration";
import type { Asset, Availability, Plan, PlannedWork } from "../../recovery/plan";
import { parseCron, type Schedule, zoneOf } from "../../recovery/schedule";
import { parseShare, shareForm } from "../../recovery/share";
import { titleOf } from "./names";
import type { Program } from "./program";
import type { Facts } from "./read";

const effects = ["none", "read-only", "down"] as const;

/** How much of the time systems promise to be there, and the planned work beside it, in the order of their names. */
export function readAvailability(
  assets: readonly Asset[],
  { availability, problems }: Program,
): Pick<Plan, "availability" | "work"> {
  const read = availability.flatMap(({ resource, said }) => {
    const system = problems.known(said.text("system"), said.source("system"));
    if (system === undefined || !assets.some((one) => one.system === system)) {
      const message = `${titleOf(resource)} promises how much of the time ${system ?? "a system that is not known"} is there, which has no asset`;
      problems.unknown(said.source("system"), message);
      return [];
    }
    const items = problems.known(said.items("work"), said.source("work")) ?? [];
    return [{ promise: promiseOf(system, said, problems), work: items.map((one) => workOf(system, one, problems)) }];
  });
  const byText = (a: string, b: string) => (a < b ? -1 : 1);
  return {
    availability: read.flatMap(({ promise }) => promise ?? []).sort((a, b) => byText(a.system, b.system)),
    work: read.flatMap(({ work }) => work).sort((a, b) => byText(`${a.system} ${a.name}`, `${b.system} ${b.name}`)),
  };
}

function promiseOf(system: string, said: Facts, problems: Program["problems"]): Availability | undefined {
  const perMillion = parseShare(said.value("atLeast"));
  const over = parseDuration(said.value("over"));
  const [counts, owner, reason] = [said.flag("readOnlyCounts"), said.text("owner"), said.text("reason")];
  const refuse = (property: string, must: string) => {
    problems.unknown(said.source(property), `${property} of the availability of ${system} ${must}`);
    return undefined;
  };
  if (perMillion === undefined) return refuse("atLeast", `must be ${shareForm}`);
  if (isProblem(over) || over === 0) return refuse("over", 'must be a span such as "30d"');
  if (counts === undefined || isUnknown(counts)) return refuse("readOnlyCounts", "must be true or false");
  if (typeof owner !== "string" || owner === "") return refuse("owner", "must be a text that is not empty");
  if (typeof reason !== "string" || reason === "") return refuse("reason", "must be a text that is not empty");
  return { system, perMillion, over, readOnlyCounts: counts, owner, reason, source: said.source() };
}

function workOf(system: string, said: Facts, problems: Program["problems"]): PlannedWork {
  const source = said.source();
  const own = said.text("name");
  const name = typeof own === "string" ? own : source.name;
  const lasts = parseDuration(said.value("lasts"));
  const text = said.text("effect");
  const effect = effects.find((one) => one === text);
  // What nobody can read may take the system away.
  if (effect === undefined) problems.unknown(said.source("effect"), `effect of ${name} must be ${effects.join(", ")}`);
  return {
    name,
    system,
    schedule: scheduleOf(name, said),
    lasts: {
      name: "planned work",
      value: isProblem(lasts) ? { unknown: `lasts of ${name} ${lasts.problem}` } : lasts,
      grade: "guaranteed",
      source: said.source("lasts"),
    },
    effect: effect ?? "down",
    source,
  };
}

function scheduleOf(name: string, said: Facts): Maybe<Schedule> {
  const expression = said.text("schedule");
  if (isUnknown(expression)) return expression;
  const zone = said.text("timeZone") ?? "Etc/UTC";
  if (isUnknown(zone)) return zone;
  if (expression === undefined) return { unknown: `${name} has no schedule` };
  for (const read of [parseCron(expression), zoneOf(zone)])
    if ("problem" in read) return { unknown: `${name}: ${read.problem}` };
  return { scheduler: "kubernetes", expression, timeZone: zone };
}
