import { createHash } from "node:crypto";

/** A value as it travels between the engine and a provider: JSON, with marked objects for secrets and assets. */
export type Value = null | boolean | number | string | Value[] | Values;

/** Properties of a resource on the wire. */
export interface Values {
  [name: string]: Value;
}

/** The engine's sentinel for a value that is not known at preview; stands for a value of any type. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Marks a value as secret. */
export function secret(value: Value): Values {
  return { [signature]: secretSignature, value };
}

/** The value without its mark, if it has one. */
export function reveal(value: Value | undefined): Value | undefined {
  return isValues(value) && value[signature] === secretSignature ? value.value : value;
}

/** The values with no mark at any depth. */
export function revealed(value: Value): Value {
  const open = reveal(value) ?? null;
  if (Array.isArray(open)) return open.map(revealed);
  if (!isValues(open)) return open;
  return Object.fromEntries(Object.entries(open).map(([name, one]) => [name, revealed(one)]));
}

/** Whether an object is a marked one: a secret, an asset, a reference, and not the program's own. */
export function isMarked(values: Values): boolean {
  return signature in values;
}

/** Whether a value is an object. */
export function isValues(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a dotted path, unmarked. */
export function at(values: Value | undefined, dotted: string): Value | undefined {
  return dotted.split(".").reduce<Value | undefined>((value, name) => {
    const object = reveal(value);
    return isValues(object) ? object[name] : undefined;
  }, values);
}

/** The text at a dotted path; undefined when it is not known or no text. */
export function textAt(values: Values, dotted: string): string | undefined {
  const value = reveal(at(values, dotted));
  return typeof value === "string" && value !== unknown ? value : undefined;
}

/** The values with another one at a dotted path. */
export function withValue(values: Values, dotted: string, value: Value): Values {
  const [name = "", ...rest] = dotted.split(".");
  if (rest.length === 0) return { ...values, [name]: value };
  const inner = reveal(values[name]);
  return { ...values, [name]: withValue(isValues(inner) ? inner : {}, rest.join("."), value) };
}

/** Whether two values are the same; a value not yet known equals nothing. */
export function same(left: Value | undefined, right: Value | undefined): boolean {
  if (left === unknown || right === unknown) return false;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => same(item, right[index]));
  if (isValues(left) && isValues(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names].every((name) => same(left[name], right[name]));
  }
  return left === right;
}

/** A short text that is always the same for the same parts. */
export function digest(length: number, ...parts: string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, length);
}
