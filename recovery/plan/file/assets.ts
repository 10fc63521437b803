import { type Disruption, disruptions, type Objective, type Retention } from "../../objective";
import { parseShare, shareForm, sharePattern } from "../../share";
import type { Asset, Availability, Group, PlannedWork } from "../plan";
import { noCircle } from "./circle";
import { type Form, flag, named, reference, text, whole, word } from "./form";
import { list } from "./list";
import { map, may, must, or, ownSource } from "./map";
import { mapsIn, systemOf } from "./names";
import { place } from "./places";
import { schedule } from "./schedules";
import { below, refuse, shown, textIn } from "./spot";
import { term } from "./terms";
import { limit, maybe, span } from "./values";
import { perWord } from "./words";

/** The name of an asset of the plan. */
export const assetName = reference("an asset of this plan", "shop/orders", ({ reading }) => reading.names.assets);

/** The name of a system that has an asset in the plan. */
const systemName = reference("a system of this plan", "shop", ({ reading }) => reading.names.systems);

/** A list of disruptions, each once, by hand at least so many. */
export function disruptionList(least = 0): Form<Disruption[]> {
  return list(word(disruptions), { least, once: { what: "a disruption", of: (one) => one } });
}

const objective = named(
  "objective",
  map<Objective>({
    rpo: must(limit, "Most work that may be lost, as time."),
    rto: must(limit, "Longest time until it serves again."),
    owner: must(text("database team"), "Who answers for this promise."),
    reason: must(text("orders are confirmed by then"), "Why it is this and not more or less."),
  }),
);

const retention = map<Retention>(
  {
    atLeast: must(span, "How far back every moment can be restored."),
    atMost: may(span, "By when everything is deleted."),
  },
  {
    check: ({ atLeast, atMost }, at) => {
      if (atLeast === undefined || atMost === undefined || atLeast <= atMost) return;
      refuse(below(at, "atMost"), `must be at least atLeast, ${atLeast} seconds, got ${atMost}`);
    },
  },
);

/** Everything that must be recovered. */
export const assets: Form<Asset[]> = list(
  map<Asset>(
    {
      id: must(text("shop/orders"), "`system/asset`."),
      system: or(text("shop"), "The system it belongs to. @default what its id says before the stroke", (one) =>
        systemOf(textIn(one, "id") ?? ""),
      ),
      kind: must(text("database"), "What it is, in a word."),
      at: must(place, "Where it is."),
      bytes: may(whole(0, 100_000_000_000), "Expected size in bytes."),
      objectives: must(
        perWord(disruptions, objective, "a disruption"),
        "For each disruption, what is promised; the rules ask for all six.",
      ),
      retention: may(retention, "How long restore points are kept."),
      dependsOn: may(
        list(assetName, { once: { what: "an asset", of: (one) => one } }),
        "Assets that must be back before the steps of its recovery can begin.",
      ),
      covers: may(
        list(text("zone-1"), { once: { what: "a name", of: (one) => one } }),
        "What belongs to it, by name: zones, namespaces, stacks, images; after an @ the version of one.",
      ),
      openedBy: may(
        list(text("age1key"), { once: { what: "a name", of: (one) => one } }),
        "Keys without which nobody opens its restore points, by name: the one that they are sealed to.",
      ),
      source: ownSource,
    },
    { title: (textOf) => textOf("id"), about: ({ id }) => (typeof id === "string" ? { asset: id } : {}) },
  ),
  {
    least: 1,
    once: { what: "an id", of: ({ id }) => id },
    check: noCircle("depend on each other", ({ id, dependsOn = [] }) => [id, dependsOn]),
  },
);

type Member = Group["members"][number];

const member = map<Member>({
  asset: must(assetName, "An asset of the group."),
  refersTo: must(
    list(
      reference("a member of its group", "shop/orders", ({ about }) => about.siblings ?? []),
      { once: { what: "an asset", of: (one) => one } },
    ),
    "Members it refers to: it must not be newer than they are. [] for none.",
  ),
});

/** Assets whose restored moments must fit together. */
export const groups: Form<Group[]> = list(
  map<Group>(
    {
      id: must(text("shop/orders-and-invoices"), "What reports call it."),
      members: must(
        list(member, {
          once: { what: "an asset", of: ({ asset }) => asset },
          check: noCircle("refer to each other", (one) => [one.asset, one.refersTo]),
        }),
        "Each asset of the group with those it refers to.",
      ),
      source: ownSource,
    },
    {
      title: (textOf) => `group ${textOf("id")}`,
      about: (group) => ({ siblings: mapsIn(group, "members").flatMap((one) => textIn(one, "asset") ?? []) }),
    },
  ),
  { once: { what: "an id", of: ({ id }) => id } },
);

/** Work that takes a system away on a schedule. */
export const work: Form<PlannedWork[]> = list(
  map<PlannedWork>(
    {
      name: must(text("cluster upgrade"), "What people call it."),
      system: must(systemName, "The system it takes away."),
      schedule: must(maybe(schedule), "When its windows begin."),
      lasts: must(term("planned work"), "How long one window lasts."),
      effect: must(word(["none", "read-only", "down"]), "What users notice."),
      source: ownSource,
    },
    { title: (textOf) => textOf("name") },
  ),
  { once: { what: "a name", of: ({ system, name }) => `${system} ${name}` } },
);

/** A share of the time: millionths, or `"99.99%"`. */
const share: Form<number> = {
  read: (value, at) => parseShare(value) ?? refuse(at, `must be ${shareForm}, got ${shown(value)}`),
  write: (value) => value,
  schema: (definitions) => ({
    anyOf: [{ type: "string", pattern: sharePattern.source }, whole(0, 999_900, 1_000_000).schema(definitions)],
  }),
};

/** How much of the time systems promise to be there. */
export const availability: Form<Availability[]> = list(
  map<Availability>(
    {
      system: must(systemName, "The system that promises it."),
      perMillion: must(share, 'Share of the time: "99.99%", or 999900 millionths.'),
      over: must(span, "The span over which it is counted."),
      readOnlyCounts: must(flag, "Whether a time without writes counts as down."),
      owner: must(text("shop team"), "Who answers for this promise."),
      reason: must(text("the contract with the shops"), "Why it is this and not more or less."),
      source: ownSource,
    },
    { title: (textOf) => `availability of ${textOf("system")}` },
  ),
  { once: { what: "a system and span", of: ({ system, over }) => `${system} over ${over}` } },
);
