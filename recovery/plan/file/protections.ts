import type {
  Archive,
  Protection,
  ReadRate,
  Rebuild,
  Redundancy,
  Replica,
  RestorePoints,
  Versions,
} from "../protection";
import { assetName } from "./assets";
import { circleIn } from "./circle";
import { copy, lock, noteLock, series } from "./copies";
import { type Form, named, reference, text, whole, word } from "./form";
import { list } from "./list";
import { map, may, must, or, ownSource } from "./map";
import { need, place } from "./places";
import { survives } from "./shares";
import { below, isMap, own, refuse, type Spot, shown, textIn } from "./spot";
import { term, terms } from "./terms";

/** What every protection says of itself. */
const common = {
  id: must(text("shop/orders/dumps"), "A name of its own, which paths refer to."),
  asset: must(assetName, "The asset it protects."),
  label: or(text("nightly dumps"), "What reports call it. @default the last part of its id", (one) =>
    lastPart(textIn(one, "id") ?? ""),
  ),
};

/** The last part of an id in words: `nightly dumps` of `shop/orders/nightly-dumps`. */
export function lastPart(id: string): string {
  return (id.split("/").at(-1) || id).replaceAll("-", " ");
}

const rules = {
  title: (textOf: (key: string) => string) => textOf("label") || lastPart(textOf("id")),
  about: ({ asset }: Record<string, unknown>) => (typeof asset === "string" ? { asset } : {}),
};

const redundancy = map<Redundancy>(
  {
    kind: must(word(["redundancy"]), "Kept synchronously in several places."),
    ...common,
    survives: must(survives, "Largest fault domain whose loss it survives, or the shares from which that follows."),
    loss: must(
      terms("not yet durable"),
      "Acknowledged work that may not be durable yet; 0s where writes wait until it is.",
    ),
    source: ownSource,
  },
  rules,
);

const replica = map<Replica>(
  {
    kind: must(word(["replica"]), "Copied after it is acknowledged, as fast as it goes."),
    ...common,
    at: must(place, "Where the copy is."),
    lag: must(
      term("replication lag"),
      "How far behind it may be: guaranteed only where something throttles or refuses writes.",
    ),
    carries: must(
      word(["data", "metadata"]),
      "metadata fails over names and settings, and leaves the data where it was.",
    ),
    unseen: may(
      text("the service has no metric of it"),
      "Why nothing tells how far behind it is; then no alert is asked for. @default something does",
    ),
    needs: may(list(need), "Keys and catalogues without which it cannot be read."),
    source: ownSource,
  },
  rules,
);

const restorePoints = map<RestorePoints>(
  {
    kind: must(word(["restore-points"]), "Taken on a schedule: fulls, and incrementals that need them."),
    ...common,
    capture: must(word(["start", "end", "fuzzy"]), "The moment of its run that a point holds; fuzzy: a mixture."),
    series: must(list(series, { once: { what: "a name", of: ({ name }) => name } }), "The schedules that take them."),
    transfer: must(term("transfer"), "From the end of a run until the point is usable outside the failed domain."),
    copies: must(list(copy), "Where they are kept."),
    restoreRate: may(
      map<NonNullable<RestorePoints["restoreRate"]>>({
        perLink: must(term("restore of one link"), "Time that each incremental of a chain takes."),
        bytesPerSecond: must(whole(1, 50_000_000), "How fast the base is restored."),
        baseBytes: must(whole(0, 100_000_000_000), "How large the base is."),
      }),
      "How fast a chain is restored.",
    ),
    source: ownSource,
  },
  { ...rules, check: noteCarried },
);

/** A job carries points on from another copy: one that they come to directly. */
function noteCarried({ copies = [] }: Partial<RestorePoints>, at: Spot): void {
  const [first] = copies;
  if (first?.relay === undefined || copies.some(({ relay }) => relay === undefined)) return;
  refuse(
    below(at, "copies"),
    `must have one without a relay that the others are carried on from, got relays only: ${copies.map(({ relay }) => relay?.name).join(", ")}`,
  );
}

const readRate = map<ReadRate>({
  bytesPerSecond: must(whole(1, 5_000_000_000), "How fast it is read."),
  bytes: must(whole(0, 15_000_000_000_000), "How much of it a recovery reads."),
});

const archive = map<Archive>(
  {
    kind: must(word(["archive"]), "A continuous log."),
    ...common,
    base: may(
      reference("restore points of the same asset", "shop/orders/dumps", ({ reading, about }) =>
        reading.names.protections
          .filter(({ kind, asset }) => kind === "restore-points" && asset === about.asset)
          .map(({ id }) => id),
      ),
      "Id of the restore points that the log is replayed upon; none where a service keeps bases of its own.",
    ),
    ship: must(term("log is shipped"), "How long a piece of the log may be filled before it is shipped."),
    upload: must(term("upload"), "How long shipping one piece may take."),
    copies: must(list(copy), "Where the log is kept; the copies of the base are its own."),
    readRate: may(readRate, "How fast a recovery reads it; none where a service brings its moments back by itself."),
    source: ownSource,
  },
  { ...rules, check: noteUncounted },
);

/** A log is kept for a time, wherever it is shipped: nobody knows how long so many pieces of it reach back. */
function noteUncounted({ copies = [] }: Partial<Archive>, at: Spot): void {
  for (const [place, { newest, relay }] of copies.entries()) {
    const copy = below(below(at, "copies"), place);
    // It would count as shipped there directly.
    if (relay !== undefined)
      refuse(
        below(copy, "relay"),
        `must be left out for a log, which is shipped to each of its copies, got ${relay.name}`,
      );
    if (newest === undefined) continue;
    const spot = below(copy, "newest");
    refuse(spot, `must be left out for a log, of which keptFor says how long it is kept, got ${newest}`);
  }
}

const versions = map<Versions>(
  {
    kind: must(word(["versions"]), "Earlier or deleted versions, kept where the objects are."),
    ...common,
    at: must(place, "Where they are."),
    undoes: must(
      list(word(["overwrite", "delete"]), { least: 1, once: { what: "a kind", of: (one) => one } }),
      "What it brings back: soft delete brings back what was deleted only.",
    ),
    keptFor: must(term("kept"), "How long an earlier version is kept."),
    lock: must(lock, "What keeps them from being deleted, or none."),
    needs: may(list(need), "Keys and catalogues without which they cannot be read."),
    readRate: may(readRate, "How fast a recovery reads them; none where they become current where they lie."),
    source: ownSource,
  },
  {
    ...rules,
    check: ({ keptFor, lock: held }, at) => noteLock({ what: "keptFor", gone: keptFor, lock: held, hint: "" }, at),
  },
);

const rebuild = map<Rebuild>(
  {
    kind: must(word(["rebuild"]), "Derived data, made anew from another asset."),
    ...common,
    from: must(
      reference("another asset of this plan", "shop/orders", ({ reading, about }) =>
        reading.names.assets.filter((id) => id !== about.asset),
      ),
      "The asset it is made from.",
    ),
    source: ownSource,
  },
  rules,
);

const kinds = { redundancy, replica, "restore-points": restorePoints, archive, versions, rebuild };
const kind = word(Object.keys(kinds) as (keyof typeof kinds)[]);

const protection: Form<Protection> = named("protection", {
  read: (value, at) => {
    if (!isMap(value)) return refuse(at, `must be a map with kind, id and asset, got ${shown(value)}`);
    const known = kind.read(own(value, "kind"), below(at, "kind"));
    return known && kinds[known].read(value, at);
  },
  write: (value) => (kinds[value.kind] as Form<Protection>).write(value),
  schema: (definitions) => ({ anyOf: Object.values(kinds).map((one) => one.schema(definitions)) }),
});

/** How the data of assets outlives disruptions. */
export const protections: Form<Protection[]> = list(protection, {
  once: { what: "an id", of: ({ id }) => id },
  check: (all, at) => {
    const made = all.filter((one) => one.kind === "rebuild");
    const from = (asset: string) => made.filter((one) => one.asset === asset).map((one) => one.from);
    const circle = circleIn([...new Set(made.map(({ asset }) => asset))].map((asset) => [asset, from(asset)]));
    if (circle) refuse(at, `must not be rebuilt from each other in a circle, got ${circle.join(" → ")}`);
  },
});
