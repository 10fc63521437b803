import { distance } from "fastest-levenshtein";
import { byText, listed } from "./words";

/** Something a person asked for that does not exist; its message says what does. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** A name that is none of those that exist: says which do, the nearest first. */
export function unknownName(kind: string, name: string, existing: readonly string[]): InputError {
  if (existing.length === 0) return new InputError(`${name} is not ${kind}; there is none`);
  const near = [...existing].sort((a, b) => distance(name, a) - distance(name, b) || byText(a, b))[0] ?? "";
  const known = listed([...existing].sort(byText));
  const close = distance(name, near) <= Math.max(2, near.length / 2);
  return new InputError(`${name} is not ${kind}${close ? `; did you mean ${near}?` : ""} (there is ${known})`);
}
