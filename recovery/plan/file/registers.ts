import { seconds } from "../../duration";
import { disruptions } from "../../objective";
import type { Assumption, DrillRecord, Register, Site, Waiver } from "../register";
import { rateTerms, spanTerms } from "../registerArgs";
import { domains, type Place } from "../term";
import { assetName, disruptionList } from "./assets";
import { type Form, flag, reference, text, whole, word } from "./form";
import { list } from "./list";
import { map, may, must, or } from "./map";
import { covers } from "./names";
import { noteReach } from "./places";
import { below, didYouMean, refuse, type Spot, shown, thereIs } from "./spot";
import { day, span } from "./values";
import { perName } from "./words";

/** Grace of the node lifecycle controller, Kubernetes 1.32 and later. */
const nodeGrace = seconds(50);

const owner = must(text("platform team"), "Who answers for it.");
const expires = must(day, "Last day it counts.");

/** A site as the `Register` component writes it: its place is spread out. */
type FlatSite = Omit<Site, "place"> & Place;

const flatSite = map<FlatSite>(
  {
    name: must(text("clean-room"), "Its name."),
    cloud: must(text("aws"), "Cloud, or what stands for one."),
    account: must(text("111111111111"), "Account, subscription or project."),
    region: must(text("eu-north-1"), "Region."),
    zones: must(list(text("eu-north-1a"), { once: { what: "a name", of: (zone) => zone } }), "Its zones."),
    node: may(text("db-1"), "Set when it is one node only."),
    deployed: or(
      flag,
      "Whether the credentials that deploy this plan reach it. @default true with a context",
      ({ context }) => context !== undefined,
    ),
    context: may(text("prod"), "Kubernetes context that reaches it; none for a clean room."),
    nodeGrace: or(span, "Until a silent node counts as lost. @default 50s", () => nodeGrace),
    controllerTimeZone: or(text("Etc/UTC"), "Time zone of schedules that name none. @default Etc/UTC", () => "Etc/UTC"),
    storageClasses: or(
      perName(
        map<Site["storageClasses"][string]>({
          survives: must(word(domains), "Largest fault domain whose loss a volume survives."),
          shared: must(flag, "Whether several nodes may mount it."),
        }),
      ),
      "What its storage classes survive. @default none",
      () => ({}),
    ),
    owner,
    drill: must(text("site-check"), "The drill that checks it."),
    expires,
  },
  { check: noteReach },
);

const site: Form<Site> = {
  read: (value, at) => {
    const flat = flatSite.read(value, at);
    if (flat === undefined) return undefined;
    const { cloud, account, region, zones, node, deployed, ...rest } = flat;
    return { ...rest, place: { cloud, account, region, zones, ...(node === undefined ? {} : { node }), deployed } };
  },
  write: ({ place, ...rest }) => flatSite.write({ ...rest, ...place }),
  schema: (definitions) => flatSite.schema(definitions),
};

/** An assumption as the `Register` component writes it: `value` for `seconds`. */
type FlatAssumption = Omit<Assumption, "seconds"> & { value?: NonNullable<Assumption["seconds"]> };

const pattern: Form<string> = {
  ...text("shop/*"),
  read: (value, at) => {
    const read = text("shop/*").read(value, at);
    const { assets } = at.reading.names;
    if (read === undefined || !at.reading.byHand || assets.some((asset) => covers(read, asset))) return read;
    return refuse(
      at,
      `must cover an asset of this plan, got ${shown(read)}${didYouMean(read, assets) || thereIs(assets)}`,
    );
  },
};

const flatAssumption = map<FlatAssumption>(
  {
    id: must(text("acknowledge"), "What numbers that rest on it call it."),
    term: must(
      text("acknowledge"),
      `What it stands for: ${[...spanTerms, ...rateTerms].join(", ")}, undrilled, or other words.`,
    ),
    assets: must(list(pattern, { least: 1 }), "Assets it covers; `*` at the end matches any rest."),
    disruptions: may(disruptionList(1), "Disruptions it covers. @default all"),
    path: may(
      pathName((at) => at.reading.names.paths.map(({ name }) => name)),
      "Path it covers. @default all",
    ),
    value: may(span, "What is assumed, where it stands for a span."),
    bytesPerSecond: may(whole(1, 50_000_000), "What is assumed, where it stands for a rate."),
    owner,
    reason: must(text("the on-call rota promises it"), "Why it may be assumed."),
    drill: must(text("page-drill"), "The drill that will replace it."),
    expires,
  },
  {
    check: ({ term, value, bytesPerSecond }, at) => {
      if (spanTerms.some((one) => one === term) && value === undefined)
        refuse(below(at, "value"), `must be a duration such as "15m", since it stands for ${term}, got nothing`);
      if (rateTerms.some((one) => one === term) && bytesPerSecond === undefined)
        refuse(below(at, "bytesPerSecond"), "must be a whole number from 1 on, such as 50000000, got nothing");
    },
  },
);

const assumption: Form<Assumption> = {
  read: (value, at) => {
    const flat = flatAssumption.read(value, at);
    if (flat === undefined) return undefined;
    const { value: seconds, ...rest } = flat;
    return { ...rest, ...(seconds === undefined ? {} : { seconds }) };
  },
  write: ({ seconds, ...rest }) =>
    flatAssumption.write({ ...rest, ...(seconds === undefined ? {} : { value: seconds }) }),
  schema: (definitions) => flatAssumption.schema(definitions),
};

const waiver = map<Waiver>({
  rule: must(text("rto-is-met"), "The rule whose finding is accepted."),
  asset: must(assetName, "The asset it is accepted for."),
  disruption: may(word(disruptions), "The disruption. @default any"),
  owner,
  reason: must(text("the second region is being built"), "Why it is accepted."),
  ticket: must(text("OPS-42"), "Where it is being mended."),
  expires,
});

/** A drill record as the `Register` component writes it: `took` for `seconds`. */
type FlatDrill = Omit<DrillRecord, "seconds"> & { took: DrillRecord["seconds"] };

const flatDrill = map<FlatDrill>(
  {
    id: must(text("2026-11-restore"), "A name of its own."),
    asset: must(assetName, "The asset that was brought back."),
    path: must(
      pathName(({ reading, about }) =>
        reading.names.paths.filter(({ asset }) => asset === about.asset).map(({ name }) => name),
      ),
      "The path that was rehearsed, without its asset.",
    ),
    date: must(day, "The day it was rehearsed."),
    took: must(span, "How long it took, from the first step until it was verified."),
    bytes: must(whole(1, 100_000_000_000), "How many bytes it brought back."),
    verified: must(flag, "Whether what was brought back was checked."),
  },
  { about: ({ asset }) => (typeof asset === "string" ? { asset } : {}) },
);

const drill: Form<DrillRecord> = {
  read: (value, at) => {
    const flat = flatDrill.read(value, at);
    if (flat === undefined) return undefined;
    const { took, ...rest } = flat;
    return { ...rest, seconds: took };
  },
  write: ({ seconds, ...rest }) => flatDrill.write({ ...rest, took: seconds }),
  schema: (definitions) => flatDrill.schema(definitions),
};

function pathName(known: (at: Spot) => string[]): Form<string> {
  return reference("the name of a path of this plan", "restore-in-paris", known);
}

const idOnce = { what: "an id", of: (entry: { id: string }) => entry.id };

/** A register of which every part is there. */
export const register: Form<Register> = map<Register>({
  sites: or(
    list(site, { once: { what: "a name", of: ({ name }) => name } }),
    "Clusters and accounts that exist outside the program. @default none",
    () => [],
  ),
  assumptions: or(
    list<Assumption>(assumption, { once: idOnce }),
    "Numbers nobody has proven yet. @default none",
    () => [],
  ),
  waivers: or(
    list(waiver, {
      once: {
        what: "a rule, asset and disruption",
        of: ({ rule, asset, disruption = "any disruption" }) => `${rule} for ${asset}, ${disruption}`,
      },
    }),
    "Findings somebody accepted for a while. @default none",
    () => [],
  ),
  drills: or(list<DrillRecord>(drill, { once: idOnce }), "Rehearsed recoveries. @default none", () => []),
});
