import { distance } from "fastest-levenshtein";
import type { Place, Source } from "../term";
import type { Names } from "./names";

/** What is wrong at one place of a plan file: `protections[0].series[1].schedule` and what must be there instead. */
export interface PlanProblem {
  path: string;
  problem: string;
}

/** One reading of one file. */
export interface Reading {
  /** What people call the file: `orders.yaml`. */
  file: string;
  /** False for a plan that `preview` wrote: what makes no sense there is a finding of its own already, not a slip. */
  byHand: boolean;
  names: Names;
  /** Places by name; undefined for one that could not be read. */
  places: ReadonlyMap<string, Place | undefined>;
  /** By account whether hostile credentials reach it, and where that is said first. */
  accounts: Map<string, { deployed: boolean; said: string }>;
  problems: PlanProblem[];
}

/** What the numbers at a place of the file are about: an entry of the register must cover it. */
export interface About {
  asset?: string;
  disruptions?: readonly string[];
  /** Name of the recovery path, without its asset. */
  path?: string;
  /** Names that parts of one thing may call each other by: the steps of a path, the members of a group. */
  siblings?: readonly string[];
  /** What people call it, where its numbers are called so too: a step. */
  called?: string;
}

/** One place in a file. */
export interface Spot {
  reading: Reading;
  keys: readonly (string | number)[];
  /** What numbers below this place are read from, and how many keys lead to it. */
  owner: Source;
  ownerAt: number;
  about: About;
}

/** The top of a file. */
export function topOf(reading: Reading): Spot {
  return { reading, keys: [], owner: { resource: reading.file, name: reading.file }, ownerAt: 0, about: {} };
}

/** The place under a key. */
export function below(at: Spot, key: string | number): Spot {
  return { ...at, keys: [...at.keys, key] };
}

/** The same place as something with a name, from which the numbers below it are read. */
export function owned(at: Spot, owner: Source): Spot {
  return { ...at, owner, ownerAt: at.keys.length };
}

/** Notes what is wrong at a place; the answer is that nothing was read. */
export function refuse(at: Spot, problem: string): undefined {
  at.reading.problems.push({ path: pathOf(at.keys), problem });
  return undefined;
}

/** Where a place is, for people: `protections[0].series[1].schedule`. */
export function pathOf(keys: readonly (string | number)[]): string {
  const parts = keys.map((key, index) => {
    if (typeof key === "number") return `[${key}]`;
    if (!/^[\w-]+$/.test(key)) return `[${shown(key)}]`;
    return index === 0 ? key : `.${key}`;
  });
  return parts.join("");
}

/** A place with a name as a source: the file with a JSON pointer into it. */
export function placeInFile({ reading, keys }: Spot, name: string): Source {
  const steps = keys.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`);
  return { resource: `${reading.file}#${steps.join("")}`, name };
}

/** What a number here is read from: its owner, and the way from there. */
export function sourceAt({ owner, ownerAt: from, keys }: Spot): Source {
  const property = pathOf(keys.slice(from));
  return property === "" ? owner : { ...owner, property };
}

/** A short, safe rendering of a value found in the wrong place. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "a map" : String(value);
}

/** The nearest of some names, in words: `; did you mean "series"?`; nothing where none is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  if (name.length > 100) return "";
  const [near] = [...known].sort((a, b) => distance(name, a) - distance(name, b) || (a < b ? -1 : 1));
  if (near === undefined || distance(name, near) > Math.max(2, near.length / 3)) return "";
  return `; did you mean ${shown(near)}?`;
}

/** Some of the names there are, in words: `; there is "a", "b"`. */
export function thereIs(known: readonly string[]): string {
  if (known.length === 0) return "; there is none";
  const some = known.slice(0, 8).map(shown).join(", ");
  return `; there is ${some}${known.length > 8 ? ` and ${known.length - 8} more` : ""}`;
}

/** Whether a value is a map of settings, as JSON and YAML write it. */
export function isMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What a map itself says under a key: nothing that all objects inherit. */
export function own(map: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** A text that a map itself says under a key. */
export function textIn(map: Record<string, unknown>, key: string): string | undefined {
  const value = own(map, key);
  return typeof value === "string" ? value : undefined;
}
