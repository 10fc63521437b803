import fc from "fast-check";
import {
  domains,
  type Protection,
  type Redundancy,
  type Replica,
  type RestorePoints,
  type Shares,
  type Versions,
} from "../../../recovery";
import { source } from "../build";
import { copyOf, directOf, seriesOf, versionsKept } from "./copies";
import type { Parts } from "./terms";

/** Where a protection belongs: its id and asset, the restore points a log may rest on, and what it may be made from. */
export interface Owner {
  id: string;
  asset: string;
  base: string;
  from: string;
}

/** One protection, for any owner. */
export type Make = (owner: Owner) => Protection;

/** Protections of all six kinds. */
export function protectionOf(parts: Parts): fc.Arbitrary<Make> {
  return fc.oneof(
    pointsOf(parts),
    redundancyOf(parts),
    replicaOf(parts),
    archiveOf(parts),
    versionsOf(parts),
    fc.constant<Make>(({ from, ...owner }) => ({ kind: "rebuild", ...named(owner), from })),
  );
}

const named = ({ id, asset }: Pick<Owner, "id" | "asset">) => ({ id, asset, label: id, source: source(id) });

const shares: fc.Arbitrary<Shares> = fc
  .record({
    needed: fc.integer({ min: 1, max: 5 }),
    spare: fc.integer({ min: 0, max: 4 }),
    together: fc.constantFrom<Shares["together"]>({}, { node: 1 }, { node: 1, zone: 2 }, { zone: 2, region: 3 }),
    away: fc.constantFrom(0, 0, 1),
  })
  .map(({ needed, spare, together, away }) => ({ needed, total: needed + spare, together, away }));

function redundancyOf({ maybe, term }: Parts): fc.Arbitrary<Make> {
  return fc
    .record({
      survives: fc.oneof<fc.Arbitrary<Redundancy["survives"]>[]>(maybe(fc.constantFrom(...domains)), shares),
      loss: fc.array(term("not durable", "0s", "0s", "10m"), { maxLength: 2 }),
    })
    .map(({ survives, loss }) => (owner) => ({
      kind: "redundancy",
      ...named(owner),
      survives,
      loss: loss.map((one, i) => one(`${owner.id}/${i}`)),
    }));
}

function replicaOf({ place, term }: Parts): fc.Arbitrary<Make> {
  return fc
    .record({
      at: place,
      lag: term("lag", "0s", "5m", "6h"),
      carries: fc.constantFrom<Replica["carries"]>("data", "data", "metadata"),
    })
    .map(({ at, lag, carries }) => (owner) => ({ kind: "replica", ...named(owner), at, lag: lag(owner.id), carries }));
}

/** Without a full nothing can be restored at all: mostly there is one. */
const fullOf = (parts: Parts) =>
  parts.mostly(
    seriesOf(parts).map((make) => (where: string) => ({ ...make(where), role: "full" as const })),
    seriesOf(parts),
  );

/** Restore points, mostly with a full that starts chains. */
export function pointsOf(parts: Parts): fc.Arbitrary<Make> {
  return fc
    .record({
      capture: fc.constantFrom<RestorePoints["capture"]>("start", "start", "end", "fuzzy"),
      series: fc.tuple(fullOf(parts), fc.array(seriesOf(parts), { maxLength: 2 })),
      transfer: parts.term("transfer", "0s", "10m", "2h"),
      copies: fc.array(copyOf(parts), { minLength: parts.odd > 0 ? 0 : 1, maxLength: 3 }),
    })
    .map(({ capture, series, transfer, copies }) => (owner) => ({
      kind: "restore-points",
      ...named(owner),
      capture,
      series: [series[0], ...series[1]].map((one, i) => one(`${owner.id}/series${i}`)),
      transfer: transfer(owner.id),
      copies: copies.map((one, i) => one(`${owner.id}/copy${i}`)),
    }));
}

function archiveOf(parts: Parts): fc.Arbitrary<Make> {
  const { term } = parts;
  return fc
    .record({
      ship: term("shipped each", "60s", "15m"),
      upload: term("upload", "30s", "5m"),
      copies: fc.array(directOf(parts), { minLength: 1, maxLength: 2 }),
      based: fc.boolean(),
    })
    .map(({ ship, upload, copies, based }) => (owner) => ({
      kind: "archive",
      ...named(owner),
      ...(based ? { base: owner.base } : {}),
      ship: ship(owner.id),
      upload: upload(owner.id),
      copies: copies.map((one, i) => one(`${owner.id}/copy${i}`)),
    }));
}

function versionsOf(parts: Parts): fc.Arbitrary<Make> {
  const undoes = fc.constantFrom<Versions["undoes"]>(["overwrite", "delete"], ["overwrite", "delete"], ["delete"]);
  return fc.tuple(undoes, versionsKept(parts)).map(([undone, kept]) => (owner) => ({
    kind: "versions",
    ...named(owner),
    undoes: undone,
    ...kept(owner.id),
  }));
}
