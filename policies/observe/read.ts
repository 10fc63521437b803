import { isUnknown, type Unknown } from "../../recovery/bound";
import type { Source } from "../../recovery/plan";
import { type Resource, UNKNOWN, type Value } from "../graph";
import { sourceOf, titleOf } from "./names";
import { isUnder, overlaps, parsePath, printPath } from "./propertyPath";

/** A fact: its value, nothing when the program does not say it, or the reason why it cannot be read. */
export type Read<T> = T | undefined | Unknown;

/** Reads one property: unknown when it or what holds it is so, or when the engine is told to ignore changes of it. */
export function fact(resource: Resource, path: string): Read<Value> {
  return facts(resource).value(path);
}

/** The facts of a resource. */
export function facts(resource: Resource): Facts {
  return new Facts(resource, []);
}

/** The facts at and under one property of a resource. */
export class Facts {
  constructor(
    readonly resource: Resource,
    private readonly path: readonly string[],
  ) {}

  /** What the program itself says here, whatever the engine ignores: for what a recovery writes on purpose. */
  asDeclared(): Facts {
    return new Facts({ ...this.resource, ignoreChanges: [] }, this.path);
  }

  /** The facts under a property of this one. */
  at(path: string): Facts {
    return path === "" ? this : new Facts(this.resource, [...this.path, ...parsePath(path)]);
  }

  /** The facts under a key, dots and all. */
  key(key: string): Facts {
    return new Facts(this.resource, [...this.path, key]);
  }

  /** The path of this property in the resource: `spec.schedule`. */
  get property(): string {
    return printPath(this.path);
  }

  /** Where a number under this property was read. */
  source(path = ""): Source {
    return sourceOf(this.resource, this.at(path).property);
  }

  /** Any value. */
  value(path = ""): Read<Value> {
    return this.at(path).#read((ignored, own) => overlaps(own, ignored));
  }

  /** A text. */
  text(path = ""): Read<string> {
    const value = this.value(path);
    return typeof value === "string" || isMissing(value) ? value : this.at(path).#wrong("a text");
  }

  /** A whole number, not negative; `most` keeps what is computed from it exact. */
  whole(path = "", most = 1_000_000_000): Read<number> {
    const value = this.value(path);
    if (isMissing(value)) return value;
    const isWhole = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
    if (!isWhole) return this.at(path).#wrong("a whole number");
    return value <= most ? value : this.at(path).#wrong(`a whole number up to ${most}`);
  }

  /** A truth value. */
  flag(path = ""): Read<boolean> {
    const value = this.value(path);
    return typeof value === "boolean" || isMissing(value) ? value : this.at(path).#wrong("true or false");
  }

  /** The entries of a list; what is under an entry is for its own reading to know or not. */
  items(path = ""): Read<Facts[]> {
    const list = this.at(path);
    const value = list.#read(isIgnoredBy);
    if (isMissing(value)) return value;
    if (!Array.isArray(value)) return list.#wrong("a list");
    return value.map((_, index) => list.key(String(index)));
  }

  /** The texts of a list. */
  texts(path = ""): Read<string[]> {
    const items = this.items(path);
    if (items === undefined || isUnknown(items)) return items;
    const found: string[] = [];
    for (const item of items) {
      const text = item.text();
      if (isUnknown(text)) return text;
      if (text !== undefined) found.push(text);
    }
    return found;
  }

  /** The keys of an object; what is under a key is for its own reading to know or not. */
  keys(path = ""): Read<string[]> {
    const object = this.at(path);
    const value = object.#read(isIgnoredBy);
    if (isMissing(value)) return value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return object.#wrong("an object");
    return Object.keys(value).sort();
  }

  /** Whether the program itself says nothing here, whatever the engine ignores. */
  isSilent(path = ""): boolean {
    return this.at(path).#walk() === undefined;
  }

  #read(ignores: (ignored: readonly string[], own: readonly string[]) => boolean): Value | Unknown {
    const ignored = this.resource.ignoreChanges.find((entry) => ignores(parsePath(entry), this.path));
    if (ignored !== undefined) {
      return {
        unknown: `${this.property} of ${titleOf(this.resource)} is under ignoreChanges: what is deployed may differ`,
      };
    }
    const value = this.#walk();
    if (value === UNKNOWN) {
      return { unknown: `${this.property} of ${titleOf(this.resource)} is not known before deployment` };
    }
    return value;
  }

  #walk(): Value {
    let value: Value = this.resource.props;
    for (const segment of this.path) {
      if (value === UNKNOWN) return UNKNOWN;
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
      value = (value as Readonly<Record<string, Value>>)[segment];
    }
    return value ?? undefined;
  }

  #wrong(expected: string): Unknown {
    return { unknown: `${this.property} of ${titleOf(this.resource)} is not ${expected}` };
  }
}

/** A fact with what it is when the program does not say it. */
export function orDefault<T>(read: Read<T>, value: T): T | Unknown {
  return read === undefined ? value : read;
}

function isMissing(value: Value | Unknown): value is undefined | Unknown {
  return value === undefined || isUnknown(value);
}

function isIgnoredBy(ignored: readonly string[], own: readonly string[]): boolean {
  return isUnder(own, ignored);
}
