import fc from "fast-check";
import {
  type Asset,
  type Disruption,
  disruptions,
  type Group,
  type Plan,
  type Protection,
  type Register,
  type Safeguard,
  seconds,
} from "../../recovery";
import { alertOf, pathOf } from "./arbitraries/paths";
import { pointsOf, protectionOf } from "./arbitraries/protections";
import { type Parts, partsOf } from "./arbitraries/terms";
import { asset, plan, source, term, there } from "./build";

export { days } from "./arbitraries/terms";

/** What the plans of `plans` are like. */
export interface Likeness {
  /** How often something is unknown, without limit, suspended or dangling, of thirty; 0 for never. @default 1 */
  odd?: number;
  /** Most assets of a plan. @default 3 */
  assets?: number;
  /** Whether the steps of a path come one after the other and share nothing. @default false */
  serial?: boolean;
  /** Whether assets wait for others. @default true */
  waits?: boolean;
}

const limits: fc.Arbitrary<[rpo: string, rto: string]> = fc.tuple(
  fc.constantFrom("0s", "5m", "under 8h", "27h", "50h", "under 60h", "9d", "21d", "70d"),
  fc.constantFrom("10m", "2h", "under 6h", "4d", "8d"),
);

/** An asset with what protects it, the ways back, and what watches it; made for a place among all. */
function holdingOf(parts: Parts, serial: boolean) {
  return fc.record({
    at: parts.home,
    promised: fc.array(fc.tuple(fc.constantFrom(...disruptions), limits), { minLength: 1, maxLength: 3 }),
    protections: fc.array(protectionOf(parts), { maxLength: 2 }),
    last: fc.oneof({ arbitrary: pointsOf(parts), weight: 2 }, { arbitrary: protectionOf(parts), weight: 1 }),
    // A way over each protection, and over some a second one.
    ways: fc.array(pathOf(parts, serial), { minLength: 3, maxLength: 4 }),
    alerts: fc.array(alertOf(parts), { maxLength: 2 }),
    dependsOn: fc.array(fc.nat(3), { maxLength: 1 }),
    from: fc.nat(3),
  });
}

type Holding = ReturnType<typeof holdingOf> extends fc.Arbitrary<infer T> ? T : never;

/** One other site, to which a fix may move a copy. */
const register: Register = {
  sites: [
    {
      name: "there",
      place: there,
      context: "there",
      nodeGrace: seconds(50),
      controllerTimeZone: "Etc/UTC",
      storageClasses: {},
      owner: "test",
      drill: "test",
      expires: "2027-03-01",
    },
  ],
  assumptions: [],
  waivers: [],
  drills: [],
};

/** What no number is made from: one of each kind. */
const safeguards: Safeguard[] = [
  {
    kind: "locked-object",
    name: "kit",
    assets: ["s/a"],
    mode: "compliance",
    until: 1_800_000_000,
    source: source("kit"),
  },
  {
    kind: "maintenance",
    name: "check",
    at: there,
    schedule: { scheduler: "kubernetes", expression: "50 5 * * *", timeZone: "Etc/UTC" },
    suspended: false,
    startSlack: term("late start", "30m"),
    run: term("run", "5m"),
    source: source("check"),
  },
  { kind: "role", name: "backup", at: there, boundary: "prod-boundary", source: source("backup") },
];

const idOf = (place: number) => `s/${"abcd"[place] ?? place}`;

function planOf(holdings: readonly Holding[], grouped: number, { odd, waits }: Required<Likeness>): Plan {
  /** Another asset, an earlier one; an odd plan may also name a later one, or one that does not exist. */
  const other = (wanted: number, place: number): string[] =>
    wanted < place || (odd > 0 && wanted !== place) ? [idOf(wanted)] : [];
  const assets: Asset[] = holdings.map(({ at, promised, dependsOn }, place) =>
    asset(Object.fromEntries(promised) as Partial<Record<Disruption, [string, string]>>, {
      id: idOf(place),
      at,
      dependsOn: (waits ? dependsOn : []).flatMap((wanted) => other(wanted, place)),
      source: source(idOf(place)),
    }),
  );
  const protections = holdings.map(({ protections: others, last, from }, place): Protection[] => {
    const owner = { asset: idOf(place), base: "", from: other(from, place)[0] ?? "" };
    const made = [...others, last].map((make, i) => make({ ...owner, id: `${idOf(place)}/${i}` }));
    const base = made.find(({ kind }) => kind === "restore-points")?.id ?? "";
    return made
      .filter(
        (one) => odd > 0 || (!(one.kind === "rebuild" && one.from === "") && !(one.kind === "archive" && base === "")),
      )
      .map((one) => (one.kind === "archive" ? { ...one, base } : one));
  });
  return plan({
    assets: assets.map((one, place) =>
      place % 2 === 0 ? { ...one, covers: ["zone-1", `image@${place}`], openedBy: ["key"] } : one,
    ),
    safeguards,
    protections: protections.flat(),
    paths: holdings.flatMap(({ ways }, place) =>
      ways.flatMap((way, i) => {
        const own = protections[place] ?? [];
        const over = own[i % Math.max(1, own.length)];
        return over ? [way({ id: `${idOf(place)}/way${i}`, asset: idOf(place), protection: over.id })] : [];
      }),
    ),
    alerts: holdings.flatMap(({ alerts }, place) =>
      alerts.map((one, i) => one({ name: `${idOf(place)}/alert${i}`, asset: idOf(place) })),
    ),
    groups: groupOf(assets, grouped),
    register,
  });
}

/** A set of the first assets of which each refers to the one before it; none for 0 and 1. */
function groupOf(assets: readonly Asset[], size: number): Group[] {
  const members = assets
    .slice(0, size)
    .map(({ id }, place) => ({ asset: id, refersTo: place > 0 ? [idOf(place - 1)] : [] }));
  return members.length > 1 ? [{ id: "s/set", members, source: source("set") }] : [];
}

/**
 * Whole plans: assets in several places with promises, protections of all six kinds, copies with locks, keys and relays,
 * ways back with steps that wait for each other and share things, alerts with reruns, groups, and dependencies.
 */
export function plans(likeness: Likeness = {}): fc.Arbitrary<Plan> {
  const like = { odd: 1, assets: 3, serial: false, waits: true, ...likeness };
  const holdings = fc.array(holdingOf(partsOf(like.odd), like.serial), { minLength: 1, maxLength: like.assets });
  return fc.tuple(holdings, fc.constantFrom(0, 0, 2, 3)).map(([all, grouped]) => planOf(all, grouped, like));
}
