import type { Form } from "./form";
import { below, didYouMean, isMap, refuse, shown } from "./spot";

/** A map with some words as keys, each of which may be left out; `what` is said of a key: `a disruption`. */
export function perWord<W extends string, T>(
  words: readonly W[],
  form: Form<T>,
  what: string,
): Form<Partial<Record<W, T>>> {
  return {
    read: (value, at) => {
      if (!isMap(value)) return refuse(at, `must be a map with keys among ${words.join(", ")}, got ${shown(value)}`);
      const read = Object.entries(value).map(([key, one]) => {
        const known = words.some((each) => each === key);
        const near = didYouMean(key, words) || `; there is ${words.join(", ")}`;
        const spot = below(at, key);
        return [key, known ? form.read(one, spot) : refuse(spot, `is not ${what}${near}`)] as const;
      });
      if (read.some(([, one]) => one === undefined)) return undefined;
      return Object.fromEntries(read) as Partial<Record<W, T>>;
    },
    write: (value) =>
      Object.fromEntries(
        words.flatMap((each) => {
          const one = value[each];
          return one === undefined ? [] : [[each, form.write(one)]];
        }),
      ),
    schema: (definitions) => ({
      type: "object",
      additionalProperties: false,
      properties: Object.fromEntries(words.map((each) => [each, form.schema(definitions)])),
    }),
  };
}

/** A map with any names as keys. */
export function perName<T>(form: Form<T>): Form<Record<string, T>> {
  return {
    read: (value, at) => {
      if (!isMap(value)) return refuse(at, `must be a map of names, got ${shown(value)}`);
      const read = Object.entries(value).map(([key, one]) => [key, form.read(one, below(at, key))] as const);
      return read.some(([, one]) => one === undefined) ? undefined : (Object.fromEntries(read) as Record<string, T>);
    },
    write: (value) => Object.fromEntries(Object.entries(value).map(([key, one]) => [key, form.write(one)])),
    schema: (definitions) => ({ type: "object", additionalProperties: form.schema(definitions) }),
  };
}
