import type { Disruption } from "../objective";
import { type Assumption, type DrillRecord, domains, type Plan, type Site, type Waiver } from "../plan";
import { type Aspect, amount, either, elsewhere, flag, list, placeText, ranked, span, told } from "./aspects";
import type { Change, Direction } from "./comparison";
import { keyOf } from "./keys";
import { changesOf, type Kind } from "./things";

/** What changed in what is taken on trust: waivers, assumptions, sites, drills on record. */
export function registerChanges({ register: before }: Plan, { register: after }: Plan): Change[] {
  return [
    ...changesOf(waivers, before.waivers, after.waivers),
    ...changesOf(assumptions, before.assumptions, after.assumptions),
    ...changesOf(sites, before.sites, after.sites),
    ...changesOf(drills, before.drills, after.drills),
  ];
}

/** Trusted for longer is weaker. */
const expires: Aspect<string> = ranked<string>("expiry", (day) => [Date.parse(day)], told, [
  "put off",
  "brought forward",
]);

/** An entry that names none of something covers all of it. */
function covered<T>(called: string, all: string): Aspect<T | readonly T[] | undefined> {
  const listed = list<unknown>(called, "added");
  return {
    ...listed,
    text: (value) => (value === undefined ? all : told(value)),
    order: (before, after) => {
      if (before === undefined) return "stronger";
      return after === undefined ? "weaker" : listed.order([before].flat(), [after].flat());
    },
  };
}

const waivers: Kind<Waiver> = {
  noun: "waiver",
  id: ({ rule, asset, disruption }) => keyOf([`rule ${rule}`, `asset ${asset}`, disruption]),
  name: ({ rule, asset }) => `${rule} of ${asset}`,
  asset: ({ asset }) => asset,
  disruption: ({ disruption }) => disruption,
  added: "weaker",
  text: ({ disruption, owner, reason, ticket, expires: until }) =>
    `${disruption === undefined ? "any disruption, " : ""}until ${until}, ${owner}: ${reason} (${ticket})`,
  aspects: {
    rule: elsewhere,
    asset: elsewhere,
    disruption: elsewhere,
    owner: either("owner of the waiver"),
    reason: either("reason of the waiver"),
    ticket: either("ticket of the waiver"),
    expires: { ...expires, called: "expiry of the waiver" },
  },
};

const assumptions: Kind<Assumption> = {
  noun: "assumption",
  id: ({ id }) => id,
  name: ({ id }) => id,
  added: "weaker",
  text: ({ term, seconds, bytesPerSecond, owner, reason, expires: until }) => {
    const value = [
      ...(seconds === undefined ? [] : [span(seconds)]),
      ...(bytesPerSecond === undefined ? [] : [`${bytesPerSecond} bytes/s`]),
    ];
    return `${[term, ...value].join(" ")}, until ${until}, ${owner}: ${reason}`;
  },
  aspects: {
    id: elsewhere,
    term: either("what the assumption stands for"),
    assets: list("assets of the assumption", "added"),
    disruptions: covered<Disruption>("disruptions of the assumption", "all"),
    path: covered<string>("path of the assumption", "all"),
    // More makes recovery slower, less trusts more: neither is better.
    seconds: either("assumed time", (value) => (value === undefined ? undefined : span(value))),
    bytesPerSecond: either("assumed rate", (value) => (value === undefined ? undefined : `${value} bytes/s`)),
    owner: either("owner of the assumption"),
    reason: either("reason of the assumption"),
    drill: either("drill of the assumption"),
    expires: { ...expires, called: "expiry of the assumption" },
  },
};

type Classes = Site["storageClasses"];

/** A class that is said to survive more, or to be there at all, is trusted more. */
const storageClasses: Aspect<Classes> = {
  called: "storage classes",
  verbs: { weaker: "trusted more", stronger: "trusted less", other: "changed" },
  text: (classes) =>
    Object.entries(classes)
      .map(([name, { survives, shared }]) => `${name}: survives ${survives}${shared ? ", shared" : ""}`)
      .sort()
      .join("; ") || "none",
  order: (before, after) => {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const [up, down] = [
      names.some((name) => trust(after, name) > trust(before, name)),
      names.some((name) => trust(after, name) < trust(before, name)),
    ];
    const direction: Direction = up ? "weaker" : "stronger";
    return up === down ? "other" : direction;
  },
};

function trust(classes: Classes, name: string): number {
  const one = Object.hasOwn(classes, name) ? classes[name] : undefined;
  return one === undefined ? -1 : 2 * domains.indexOf(one.survives) + (one.shared ? 1 : 0);
}

const sites: Kind<Site> = {
  noun: "site",
  id: ({ name }) => name,
  name: ({ name }) => name,
  added: "other",
  text: ({ place, owner, expires: until }) => `${placeText(place)}, until ${until}, ${owner}`,
  aspects: {
    name: elsewhere,
    place: either("place of the site", placeText),
    context: either("context of the site"),
    nodeGrace: either("node grace of the site", span),
    controllerTimeZone: either("time zone of the site"),
    storageClasses,
    owner: either("owner of the site"),
    drill: either("drill of the site"),
    expires: { ...expires, called: "expiry of the site" },
  },
};

const drills: Kind<DrillRecord> = {
  noun: "drill record",
  id: ({ id }) => id,
  name: ({ id, asset }) => `${id} of ${asset}`,
  asset: ({ asset }) => asset,
  added: "stronger",
  text: ({ path, date, seconds, verified }) =>
    `${path} on ${date} took ${span(seconds)}, ${verified ? "verified" : "not verified"}`,
  aspects: {
    id: elsewhere,
    asset: either("asset of the drill"),
    path: either("path of the drill"),
    date: either("date of the drill"),
    seconds: amount("time of the drill", "more", "worst", span),
    bytes: either("size of the drill"),
    verified: flag("verification of the drill", false, ["withdrawn", "added"]),
  },
};
