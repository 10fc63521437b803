import { type Disruption, disruptions, type Objective, type Retention } from "../objective";
import type { Asset, Availability, Group, Plan } from "../plan";
import { amount, either, elsewhere, flag, limit, list, placeText, ranked, span } from "./aspects";
import type { Change } from "./comparison";
import { keyOf } from "./keys";
import { changesOf, type Kind } from "./things";

/** What changed in what is promised: objectives, retention, sets that must fit together, availability. */
export function promiseChanges(before: Plan, after: Plan): Change[] {
  return [
    ...changesOf(assets, before.assets, after.assets),
    ...changesOf(groups, before.groups, after.groups),
    ...changesOf(availabilities, before.availability, after.availability),
  ];
}

const retention = ranked<Retention | undefined>(
  "retention",
  (kept) => [-(kept?.atLeast ?? 0), kept?.atMost ?? Number.POSITIVE_INFINITY],
  (kept) =>
    kept && `at least ${span(kept.atLeast)}${kept.atMost === undefined ? "" : `, at most ${span(kept.atMost)}`}`,
  ["relaxed", "tightened"],
);

const assets: Kind<Asset> = {
  noun: "asset",
  id: ({ id }) => id,
  name: ({ id }) => id,
  asset: ({ id }) => id,
  added: "stronger",
  text: ({ kind, objectives }) =>
    `${kind}, promised for ${disruptions.filter((one) => objectives[one]).join(", ") || "no disruption"}`,
  aspects: {
    id: elsewhere,
    system: either("system"),
    kind: either("kind"),
    at: either("place", placeText),
    bytes: either("size", (bytes) => (bytes === undefined ? undefined : `${bytes} bytes`)),
    objectives: elsewhere,
    retention,
    dependsOn: list("what it waits for", "added"),
    covers: elsewhere,
    openedBy: list("keys that open restore points", "lost"),
    source: elsewhere,
  },
  parts: (before, after) => [
    ...changesOf(objectives, entriesOf(before), entriesOf(after)),
    ...changesOf(coverage, coveredBy(before), coveredBy(after)),
  ],
};

interface Covered {
  asset: string;
  name: string;
  version?: string;
}

/** Another version of what is covered is no less covered: what follows an `@`. */
function coveredBy({ id, covers = [] }: Asset): Covered[] {
  return covers.map((one) => {
    const [name = one, ...version] = one.split("@");
    return { asset: id, name, ...(version.length === 0 ? {} : { version: version.join("@") }) };
  });
}

const coverage: Kind<Covered> = {
  noun: "coverage",
  id: ({ name }) => name,
  name: ({ asset }) => asset,
  asset: ({ asset }) => asset,
  added: "stronger",
  text: ({ name }) => name,
  aspects: { asset: elsewhere, name: elsewhere, version: either("version of what is covered") },
};

interface Entry extends Objective {
  asset: string;
  disruption: Disruption;
}

function entriesOf({ id, objectives: promised }: Asset): Entry[] {
  return Object.entries(promised).map(([disruption, one]) => ({
    ...one,
    asset: id,
    disruption: disruption as Disruption,
  }));
}

const [rpo, rto] = [limit("RPO"), limit("RTO")];

const objectives: Kind<Entry> = {
  noun: "objective",
  id: ({ disruption }) => disruption,
  name: ({ asset }) => asset,
  asset: ({ asset }) => asset,
  disruption: ({ disruption }) => disruption,
  added: "stronger",
  text: (one) => `RPO ${rpo.text(one.rpo)}, RTO ${rto.text(one.rto)}`,
  aspects: {
    asset: elsewhere,
    disruption: elsewhere,
    rpo,
    rto,
    owner: either("owner of the objective"),
    reason: either("reason of the objective"),
  },
};

const groups: Kind<Group> = {
  noun: "group",
  id: ({ id }) => id,
  name: ({ id }) => id,
  added: "stronger",
  text: ({ members }) =>
    members
      .map(({ asset }) => asset)
      .sort()
      .join(", "),
  aspects: {
    id: elsewhere,
    members: list("members of the group", "lost", ({ asset, refersTo }) =>
      refersTo.length === 0 ? asset : `${asset} with ${[...refersTo].sort().join(", ")}`,
    ),
    source: elsewhere,
  },
};

const availabilities: Kind<Availability> = {
  noun: "availability",
  id: ({ system, over }) => keyOf([system, String(over)]),
  name: ({ system }) => system,
  added: "stronger",
  text: ({ perMillion, over }) => `${percent(perMillion)} over ${span(over)}`,
  aspects: {
    system: elsewhere,
    over: elsewhere,
    perMillion: amount("availability", "less", "worst", percent),
    readOnlyCounts: flag("counting of time without writes", false, ["dropped", "added"]),
    owner: either("owner of the availability"),
    reason: either("reason of the availability"),
    source: elsewhere,
  },
};

function percent(perMillion: number): string {
  return `${perMillion / 10_000} %`;
}
