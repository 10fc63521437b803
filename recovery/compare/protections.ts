import { isUnknown } from "../bound";
import {
  type Archive,
  domains,
  type Plan,
  type Protection,
  type ReadRate,
  type Rebuild,
  type Redundancy,
  type Replica,
  type RestorePoints,
  type Shares,
  type Versions,
} from "../plan";
import {
  type Aspect,
  either,
  elsewhere,
  kept,
  list,
  needText,
  placeText,
  ranked,
  take,
  takes,
  termText,
  told,
  word,
} from "./aspects";
import type { Change } from "./comparison";
import { copiesOf, lockAspects } from "./copies";
import { keyOf } from "./keys";
import { seriesOf } from "./runs";
import { changesOf, changesWithin, type Kind } from "./things";

/** What changed in how data outlives a disruption. */
export function protectionChanges(before: Plan, after: Plan, asOf: number): Change[] {
  const changes = <K extends Protection["kind"]>(kind: K, how: Kind<Extract<Protection, { kind: K }>>) =>
    changesOf(how, ofKind(before, kind), ofKind(after, kind));
  return [
    ...changes("redundancy", redundancies),
    ...changes("replica", replicas),
    ...changes("restore-points", restorePoints(asOf)),
    ...changes("archive", archives(asOf)),
    ...changes("versions", versions),
    ...changes("rebuild", rebuilds),
  ];
}

function ofKind<K extends Protection["kind"]>({ protections }: Plan, kind: K): Extract<Protection, { kind: K }>[] {
  return protections.filter((one): one is Extract<Protection, { kind: K }> => one.kind === kind);
}

/** What all protections have in common. */
function common<T extends Protection>(): Pick<Kind<T>, "noun" | "id" | "name" | "asset" | "added" | "text"> {
  return {
    noun: "protection",
    id: ({ id, asset }) => keyOf([`id ${id}`, `asset ${asset}`]),
    name: ({ id }) => id,
    asset: ({ asset }) => asset,
    added: "stronger",
    text: ({ kind, label }) => `${kind}: ${label}`,
  };
}

const same = {
  kind: elsewhere,
  id: elsewhere,
  asset: elsewhere,
  source: elsewhere,
  label: either<string>("name"),
} as const;

/** Survival by a fault domain; by shares it follows from several numbers, of which none decides alone. */
const survives: Aspect<Redundancy["survives"]> = {
  ...ranked<Redundancy["survives"]>("what it survives", survival, survivalText, ["reduced", "increased"]),
  order: (before, after) => {
    const [old, now] = [survival(before)[0], survival(after)[0]];
    if (old === undefined || now === undefined || old === now) return "other";
    return now > old ? "weaker" : "stronger";
  },
};

function survival(value: Redundancy["survives"]): number[] {
  if (isUnknown(value)) return [domains.length];
  return typeof value === "string" ? [-domains.indexOf(value)] : [];
}

function survivalText(value: Redundancy["survives"]): string | undefined {
  if (isUnknown(value) || typeof value === "string") return told(value);
  return sharesText(value);
}

function sharesText({ needed, total, together, away = 0, members, rebuild }: Shares): string {
  const apart = domains.flatMap((domain) => {
    const most = together[domain];
    return most === undefined ? [] : [`${most} in one ${domain}`];
  });
  const more = [...apart, ...(away > 0 ? [`${away} away`] : []), ...(members ? [`${members} members`] : [])];
  return `${[`${needed} of ${total} shares`, ...more].join(", ")}${rebuild ? `, rebuilt in ${termText(rebuild)}` : ""}`;
}

const redundancies: Kind<Redundancy> = {
  ...common(),
  aspects: { ...same, survives, loss: take("acknowledged work that may be lost") },
};

const replicas: Kind<Replica> = {
  ...common(),
  aspects: {
    ...same,
    at: either("place of the replica", placeText),
    lag: takes("lag"),
    carries: word("what the replica carries", ["data", "metadata"]),
    unseen: either<string>("why nothing tells how far behind it is"),
    needs: list("what the replica needs", "added", needText),
  },
};

function restorePoints(asOf: number): Kind<RestorePoints> {
  return {
    ...common(),
    aspects: {
      ...same,
      capture: word("capture", ["end", "start", "fuzzy"]),
      series: elsewhere,
      transfer: takes("transfer"),
      copies: elsewhere,
      restoreRate: either("restore rate", rateText),
    },
    parts: (before, after) => [
      ...changesOf(seriesOf(before.asset, asOf), before.series, after.series),
      ...changesOf(copiesOf(before.asset, asOf), before.copies, after.copies),
    ],
  };
}

function rateText(rate: RestorePoints["restoreRate"]): string | undefined {
  return rate && `${rate.bytesPerSecond} bytes/s of ${rate.baseBytes}, ${termText(rate.perLink)} a link`;
}

function readText(rate: ReadRate | undefined): string | undefined {
  return rate && `${rate.bytesPerSecond} bytes/s of ${rate.bytes}`;
}

function archives(asOf: number): Kind<Archive> {
  return {
    ...common(),
    aspects: {
      ...same,
      base: either("base"),
      ship: takes("time until the log is shipped"),
      upload: takes("time to ship the log"),
      copies: elsewhere,
      readRate: either("rate of reading", readText),
    },
    parts: (before, after) => changesOf(copiesOf(before.asset, asOf), before.copies, after.copies),
  };
}

const versions: Kind<Versions> = {
  ...common(),
  aspects: {
    ...same,
    at: either("place of the versions", placeText),
    undoes: list("what the versions undo", "lost"),
    keptFor: kept("keeping of versions"),
    lock: elsewhere,
    needs: list("what the versions need", "added", needText),
    readRate: either("rate of reading", readText),
  },
  parts: (before, after) => changesWithin(versions, lockAspects, after, before.lock, after.lock),
};

const rebuilds: Kind<Rebuild> = { ...common(), aspects: { ...same, from: either("what it is made from") } };
