import fc from "fast-check";
import {
  type Alert,
  type Asset,
  type Assumption,
  type CloudRole,
  type Disruption,
  disruptions,
  domains,
  type LockedObject,
  type MaintenanceRuns,
  type Objective,
  type Path,
  type Place,
  type Plan,
  type PlannedWork,
  type Rehearsal,
  type Safeguard,
  type Seconds,
  type Step,
  type Store,
  type Term,
  type Waiver,
} from "../../../recovery";
import { assetIds, protectionsOf } from "./anyProtection";
import {
  account,
  all,
  answered,
  anyTerm,
  firm,
  limit,
  maybe,
  maybeHas,
  need,
  place,
  schedule,
  slack,
  source,
  span,
  terms,
  word,
} from "./anyTerm";

const objective: fc.Arbitrary<Objective> = fc.record({ rpo: limit, rto: limit, owner: word, reason: word });
const objectives = all<Partial<Record<Disruption, Objective>>>(...disruptions.map((one) => maybeHas(one, objective)));

const assets: fc.Arbitrary<Asset[]> = fc.tuple(
  ...assetIds.map((id, index) =>
    all<Asset>(
      fc.record({ kind: word, at: place, objectives, source }),
      fc.constant({ id, system: id.split("/")[0] ?? id }),
      maybeHas("bytes", fc.nat()),
      maybeHas(
        "retention",
        fc
          .tuple(span, fc.option(span, { nil: undefined }))
          .map(([a, b]) =>
            b === undefined
              ? { atLeast: a }
              : { atLeast: Math.min(a, b) as Seconds, atMost: Math.max(a, b) as Seconds },
          ),
      ),
      maybeHas("dependsOn", fc.subarray(assetIds.slice(0, index))),
      maybeHas("openedBy", fc.subarray(["age1a", "age1b"], { minLength: 1 })),
      maybeHas("covers", fc.subarray(["zone-1", "shop/shop@sha256:11"], { minLength: 1 })),
    ),
  ),
);

/** A step that waits for some of those before it. */
function stepAt(index: number): fc.Arbitrary<Step> {
  const before = Array.from({ length: index }, (_, place) => `step ${place}`);
  return all<Step>(
    fc.record({
      bound: fc.oneof(
        answered,
        firm.map((one): Term => ({ ...one, grade: "measured" })),
      ),
      source,
    }),
    fc.record({ after: fc.subarray(before) }),
    fc.constant({ name: `step ${index}` }),
    maybeHas("uses", fc.subarray(["operator", "link"])),
    maybeHas("stopsWrites", fc.boolean()),
    maybeHas("restores", fc.boolean()),
    maybeHas("verifies", fc.boolean()),
    maybeHas("redirects", fc.boolean()),
  );
}

function pathOf(asset: string, protection: string, name: string): fc.Arbitrary<Path> {
  return all<Path>(
    fc.constant({ id: `${asset}/${name}`, asset, protection }),
    fc.record({
      label: word,
      disruptions: fc.subarray([...disruptions], { minLength: 1 }),
      detect: terms,
      decide: terms,
      steps: fc.nat(3).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => stepAt(index)))),
      redirect: terms,
      runsAt: place,
      needs: fc.array(need, { maxLength: 2 }),
      excluded: fc.dictionary(fc.constantFrom(...disruptions), word, { noNullPrototype: true }),
      source,
    }),
    maybeHas("reprotect", terms),
  );
}

const rehearsal: fc.Arbitrary<Rehearsal> = all<Rehearsal>(
  fc.record({
    name: word,
    role: fc.constantFrom("verification", "drill"),
    asset: fc.constantFrom(...assetIds),
    schedule,
    suspended: maybe(fc.boolean()),
    run: anyTerm,
    source,
  }),
  maybeHas("startSlack", slack),
);

const lockedObject: fc.Arbitrary<Safeguard> = all<LockedObject>(
  fc.record({
    kind: fc.constant("locked-object"),
    name: word,
    assets: fc.subarray([...assetIds]),
    mode: maybe(fc.constantFrom("compliance", "governance", "none")),
    source,
  }),
  maybeHas("until", maybe(fc.nat())),
);

const maintenance: fc.Arbitrary<Safeguard> = all<MaintenanceRuns>(
  fc.record({
    kind: fc.constant("maintenance"),
    name: word,
    at: place,
    schedule,
    suspended: maybe(fc.boolean()),
    startSlack: slack,
    run: anyTerm,
    source,
  }),
  maybeHas("apartFrom", fc.subarray([...assetIds])),
);

const role: fc.Arbitrary<Safeguard> = all<CloudRole>(
  fc.record({ kind: fc.constant("role"), name: word, at: place, source }),
  maybeHas("boundary", maybe(word)),
);

const expires = fc.constantFrom("2027-03-01", "2027-06-30");
const answering = { owner: word, reason: word, drill: word, expires };
/** The entry that any number may rest on: it states no value of its own. */
const undrilled: Assumption = {
  id: "undrilled",
  term: "undrilled",
  assets: ["*"],
  owner: "shop",
  reason: "not yet",
  drill: "drill",
  expires: "2027-03-01",
};
const assumption: fc.Arbitrary<Assumption> = all<Assumption>(
  fc.record({
    id: fc.constant("decide"),
    term: fc.constant("decide"),
    assets: fc.constant(["shop/*"]),
    seconds: span,
    ...answering,
  }),
  maybeHas("disruptions", fc.subarray([...disruptions], { minLength: 1 })),
  maybeHas("path", fc.constant("restore")),
  maybeHas("bytesPerSecond", fc.integer({ min: 1 })),
);

/** A plan that makes sense, with everything that a plan may say. */
export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  assets,
  protections: fc.tuple(...assetIds.map(protectionsOf)).map((each) => each.flat()),
  paths: fc.tuple(
    pathOf("shop/orders", "shop/orders/redundancy", "failover"),
    pathOf("shop/orders", "shop/orders/points", "restore"),
    pathOf("shop/orders", "shop/orders/log", "replay"),
    pathOf("shop/invoices", "shop/invoices/replica", "promote"),
    pathOf("shop/invoices", "shop/invoices/versions", "put-back"),
    pathOf("media/objects", "media/objects/rebuild", "rebuild"),
  ),
  groups: fc.subarray([
    {
      id: "books",
      members: [
        { asset: "shop/orders", refersTo: [] },
        { asset: "shop/invoices", refersTo: ["shop/orders"] },
      ],
      source: { resource: "urn:g", name: "group" },
    },
  ]),
  alerts: fc.array(
    all<Alert>(
      fc.record({
        name: word,
        asset: fc.constantFrom(...assetIds),
        guards: fc.constantFrom("freshness", "detection", "watchdog"),
        disruptions: fc.subarray([...disruptions]),
        coversAbsence: fc.boolean(),
        severity: maybe(word),
        complete: fc.boolean(),
        at: place,
        detect: terms,
        source,
      }),
      maybeHas("threshold", maybe(span)),
      maybeHas("role", fc.constantFrom("full", "incremental")),
      maybeHas("protection", word),
      maybeHas("cluster", word),
      maybeHas("service", word),
      maybeHas("flaw", maybe(word)),
      maybeHas("ageFrom", fc.constantFrom("capture", "completion")),
      maybeHas("rerun", fc.array(answered, { maxLength: 2 })),
    ),
    { maxLength: 3 },
  ),
  rehearsals: fc.array(rehearsal, { maxLength: 2 }),
  stores: fc.array(
    all<Store>(
      fc.record({ name: word, source }),
      maybeHas("asset", fc.constantFrom(...assetIds)),
      maybeHas("size", maybe(fc.nat())),
      maybeHas("needed", fc.nat()),
    ),
    { maxLength: 2 },
  ),
  work: fc.array(
    fc.record<PlannedWork>({
      name: fc.constant("upgrade"),
      system: fc.constantFrom("shop", "media"),
      schedule,
      lasts: anyTerm,
      effect: fc.constantFrom("none", "read-only", "down"),
      source,
    }),
    { maxLength: 1 },
  ),
  availability: fc.array(
    fc.record({
      system: fc.constantFrom("shop", "media"),
      perMillion: fc.nat(1_000_000),
      over: span,
      readOnlyCounts: fc.boolean(),
      owner: word,
      reason: word,
      source,
    }),
    { maxLength: 1 },
  ),
  safeguards: fc.array(fc.oneof(lockedObject, maintenance, role), { maxLength: 3 }),
  register: fc.record({
    sites: fc.tuple(
      all<Plan["register"]["sites"][number]>(
        fc.record({
          place: all<Place>(fc.record({ cloud: word, region: word, zones: fc.subarray(["a", "b"]) }), account),
          nodeGrace: span,
          controllerTimeZone: fc.constant("Etc/UTC"),
          storageClasses: fc.dictionary(
            fc.constantFrom("ebs", "efs", "__proto__", "constructor"),
            fc.record({ survives: fc.constantFrom(...domains), shared: fc.boolean() }),
            { noNullPrototype: true },
          ),
          owner: word,
          drill: word,
          expires,
        }),
        fc.constant({ name: "clean-room" }),
        maybeHas("context", word),
      ),
    ),
    assumptions: assumption.map((one) => [undrilled, one]),
    waivers: fc.array(
      all<Waiver>(
        fc.record({
          rule: fc.constant("rto-is-met"),
          asset: fc.constantFrom(...assetIds),
          owner: word,
          reason: word,
          ticket: word,
          expires,
        }),
        maybeHas("disruption", fc.constantFrom(...disruptions)),
      ),
      { maxLength: 1 },
    ),
    drills: fc.tuple(
      ...["failover", "restore", "replay"].map((path) => drillOf("shop/orders", path)),
      ...["promote", "put-back"].map((path) => drillOf("shop/invoices", path)),
      drillOf("media/objects", "rebuild"),
    ),
  }),
});

function drillOf(asset: string, path: string): fc.Arbitrary<Plan["register"]["drills"][number]> {
  return fc.record({
    id: fc.constant(`${asset} ${path}`),
    asset: fc.constant(asset),
    path: fc.constant(path),
    date: fc.constantFrom("2026-10-01", "2026-11-01"),
    seconds: span,
    bytes: fc.integer({ min: 1 }),
    verified: fc.boolean(),
  });
}
