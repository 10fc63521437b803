import { didYouMean, refuse, type Spot, shown, thereIs } from "./spot";

/** A value as JSON writes it; what is undefined is left out. */
export type Json = string | number | boolean | undefined | readonly Json[] | { readonly [key: string]: Json };

/** A part of a JSON Schema. */
export type Schema = { readonly [key: string]: Json };

/** How a file says a value of the plan: one definition to read it, to write it and to describe it. */
export interface Form<T> {
  /** Undefined where a problem was noted. */
  read(value: unknown, at: Spot): T | undefined;
  /** Written so that reading gives the same value. */
  write(value: T): Json;
  /** What a file may hold; parts with a name are put into the definitions. */
  schema(definitions: Record<string, Schema>): Schema;
}

/** A form with a name in the schema, described there once. */
export function named<T>(name: string, form: Form<T>): Form<T> {
  return {
    ...form,
    schema: (definitions) => {
      if (!Object.hasOwn(definitions, name)) {
        definitions[name] = {};
        definitions[name] = form.schema(definitions);
      }
      return { $ref: `#/$defs/${name}` };
    },
  };
}

/** A text, by hand never empty and without blanks around it: those hide that two names are one. */
export function text(example: string): Form<string> {
  return {
    read: (value, at) => {
      if (typeof value !== "string") return refuse(at, `must be a text such as ${shown(example)}, got ${shown(value)}`);
      if (!at.reading.byHand || (value !== "" && value === value.trim())) return value;
      return refuse(
        at,
        `must be a text such as ${shown(example)}, not empty and without blanks around it, got ${shown(value)}`,
      );
    },
    write: (value) => value,
    schema: () => ({ type: "string" }),
  };
}

/** One of some words. */
export function word<T extends string>(words: readonly T[]): Form<T> {
  return {
    read: (value, at) => {
      const found = words.find((one) => one === value);
      if (found !== undefined) return found;
      const near = typeof value === "string" ? didYouMean(value, words) : "";
      const allowed = words.length === 1 ? shown(words[0]) : `one of ${words.join(", ")}`;
      return refuse(at, `must be ${allowed}, got ${shown(value)}${near}`);
    },
    write: (value) => value,
    schema: () => ({ enum: [...words] }),
  };
}

/** True or false. */
export const flag: Form<boolean> = {
  read: (value, at) => (typeof value === "boolean" ? value : refuse(at, `must be true or false, got ${shown(value)}`)),
  write: (value) => value,
  schema: () => ({ type: "boolean" }),
};

/** A whole number from `least` to `most`. */
export function whole(least: number, example: number, most: number = Number.MAX_SAFE_INTEGER): Form<number> {
  return {
    read: (value, at) => {
      if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
      const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
      return refuse(at, `must be a whole number ${range}, such as ${example}, got ${shown(value)}`);
    },
    write: (value) => value,
    schema: () => ({ type: "integer", minimum: least, maximum: most }),
  };
}

/** The name of something else in the file; by hand it must be there. `what` is said of it: `an asset of this plan`. */
export function reference(what: string, example: string, known: (at: Spot) => readonly string[]): Form<string> {
  const plain = text(example);
  return {
    ...plain,
    read: (value, at) => {
      const name = plain.read(value, at);
      if (name === undefined || !at.reading.byHand) return name;
      const names = [...new Set(known(at))];
      if (names.includes(name)) return name;
      return refuse(at, `must be ${what}, got ${shown(name)}${didYouMean(name, names) || thereIs(names)}`);
    },
  };
}
