import type { Form } from "./form";
import { below, pathOf, refuse, type Spot, shown } from "./spot";

/** What a list must be beside what its entries must be. */
export interface ListRules<T> {
  /** @default 0 */
  least?: number;
  /** What no two entries may share, by hand, and what it is called. */
  once?: { what: string; of(entry: T): string };
  /** What entries must be together, by hand; those that could not be read are left out. */
  check?(entries: readonly T[], at: Spot): void;
}

/** A list of things of one form. */
export function list<T>(form: Form<T>, { least = 0, once, check }: ListRules<T> = {}): Form<T[]> {
  return {
    read: (value, at) => {
      if (!Array.isArray(value)) return refuse(at, `must be a list, got ${shown(value)}; e.g. []`);
      const read = Array.from(value, (one, index) => form.read(one, below(at, index)));
      const entries = read.filter((one) => one !== undefined);
      if (at.reading.byHand && value.length < least) refuse(at, `must name at least ${least}, got an empty list`);
      if (at.reading.byHand && once) noteTwice(read, once, at);
      if (at.reading.byHand) check?.(entries, at);
      return entries.length === read.length ? entries : undefined;
    },
    write: (entries) => entries.map((one) => form.write(one)),
    schema: (definitions) => ({ type: "array", items: form.schema(definitions) }),
  };
}

function noteTwice<T>(read: readonly (T | undefined)[], once: NonNullable<ListRules<T>["once"]>, at: Spot): void {
  const seen = new Map<string, number>();
  for (const [index, entry] of read.entries()) {
    if (entry === undefined) continue;
    const key = once.of(entry);
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, index);
    else {
      const first = pathOf([...at.keys, earlier]);
      refuse(below(at, index), `must have ${once.what} of its own, got ${shown(key)} as ${first} has`);
    }
  }
}
