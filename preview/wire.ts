import { UNKNOWN, type Value } from "../policies/graph";

/** How Pulumi writes a value it does not know yet; the offline engine also hands it out for encrypted configuration. */
export const unknownOnWire = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value as the SDK sends it to the engine. */
export type Wire = string | number | boolean | null | undefined | Wire[] | { [key: string]: Wire };

/** The key under which Pulumi says what an object on the wire or in a state stands for. */
export const kindKey = "4dabf18193072939515e22adb298388d";

/** What it says of a secret. */
export const secretKind = "1b47061264138c4ac30d75fd1eb44270";
const resourceKind = "5cf8f73096256a8f31e491e813e4eb8e";
const outputKind = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/**
 * What the engine shows a stack policy for a value on the wire: secrets in clear, resources as their id (components as
 * their URN), unknowns and files as `UNKNOWN`, keys that start with `__` left out.
 */
export function decode(wire: Wire): Value {
  // A text with an unknown part is unknown as a whole: no fact can be read from it.
  if (typeof wire === "string") return wire.includes(unknownOnWire) ? UNKNOWN : wire;
  if (typeof wire !== "object" || wire === null) return wire;
  if (Array.isArray(wire)) return wire.map(decode);
  switch (wire[kindKey]) {
    case secretKind:
      return decode(wire.value);
    case resourceKind:
      return referenceOf(wire) === unknownOnWire ? UNKNOWN : referenceOf(wire);
    case outputKind:
      return "value" in wire ? decode(wire.value) : UNKNOWN;
    case undefined:
      return decodeObject(wire);
    default:
      // A file or an archive: nobody reads facts from it.
      return UNKNOWN;
  }
}

/** The properties of a resource as the engine shows them to a stack policy. */
export function decodeObject(wire: { [key: string]: Wire }): Record<string, Value> {
  const entries = Object.entries(wire).filter(([key, value]) => !key.startsWith("__") && value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, decode(value)]));
}

/**
 * What a provider answers for inputs at preview: the same values, resources by id. A text with an unknown part is
 * wholly unknown, so that nothing is computed from the rest of it.
 */
export function echoObject(wire: { [key: string]: Wire }): { [key: string]: Wire } {
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, echo(value)]));
}

function echo(wire: Wire): Wire {
  if (typeof wire === "string") return wire.includes(unknownOnWire) ? unknownOnWire : wire;
  if (typeof wire !== "object" || wire === null) return wire;
  if (Array.isArray(wire)) return wire.map(echo);
  if (wire[kindKey] === resourceKind) return referenceOf(wire);
  return echoObject(wire);
}

function referenceOf(wire: { [key: string]: Wire }): string {
  if (!("id" in wire)) return String(wire.urn);
  return typeof wire.id === "string" && wire.id !== "" ? wire.id : unknownOnWire;
}
