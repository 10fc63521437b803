import type { Bound } from "../../bound";
import { facts } from "../../facts";
import { type Grade, grades, type Term } from "../term";
import { bound, why } from "./bounds";
import { assumption, entryOf, registerSource } from "./entries";
import { type Form, named, reference, text, word } from "./form";
import { list } from "./list";
import { map, may, sourceForm } from "./map";
import { below, isMap, own, refuse, type Spot, shown, sourceAt } from "./spot";
import { span } from "./values";

/** A number position with everything that may be said of it. */
interface Parts extends Partial<Term> {
  unbounded?: string;
  unknown?: string;
}

const parts = map<Parts>({
  value: may(bound, "The number: a duration or whole seconds. @default what the assumption says"),
  unbounded: may(why, "Instead of a value: why nothing limits it."),
  unknown: may(why, "Instead of a value: why nobody can say."),
  name: may(text("replication lag"), "What reports call it. @default its place in the file"),
  grade: may(word(grades), "How well it is founded. @default guaranteed, assumed with an assumption"),
  assumption: may(assumption, "The entry of the register that stands for it."),
  source: may(sourceForm, "Where it was read. @default this place of the file"),
  facts: may(
    list(reference("a fact of recovery/facts", "kubernetes.toleration", () => facts.map(({ id }) => id))),
    "Facts that it was reckoned from.",
  ),
  part: may(word(["before", "after"]), "For damage noticed later: lost before it struck, or written after it."),
});

/** What reports call a number that does not say it. */
export type TermName = string | ((at: Spot) => string);

/** A number position: a span, or a map that says more of it. */
export function term(name: TermName): Form<Term> {
  return named("term", {
    read: (value, at) => readTerm(value, at, typeof name === "string" ? name : name(at)),
    write: (value) => parts.write(value),
    schema: (definitions) => ({ anyOf: [span.schema(definitions), parts.schema(definitions)] }),
  });
}

/** Numbers that are added up: a list of them, or one alone. */
export function terms(name: TermName, one: Form<Term> = term(name)): Form<Term[]> {
  const several = list(one);
  return named("terms", {
    read: (value, at) => {
      if (Array.isArray(value)) return several.read(value, at);
      const only = one.read(value, at);
      return only && [only];
    },
    write: (all) => several.write(all),
    schema: (definitions) => ({ anyOf: [one.schema(definitions), several.schema(definitions)] }),
  });
}

/**
 * A number that a person or a recovery has to keep: its deadline proves when it has failed, not that it succeeds, so by
 * hand it says itself how it is known.
 */
export function founded(form: Form<Term>): Form<Term> {
  return {
    ...form,
    read: (value, at) => {
      const read = form.read(value, at);
      if (read === undefined || !at.reading.byHand || typeof read.value !== "number") return read;
      if (isMap(value) && (own(value, "grade") !== undefined || own(value, "assumption") !== undefined)) return read;
      const written = typeof value === "string" ? value : "15m";
      return refuse(
        at,
        `must say how it is known, got ${shown(value)}; e.g. { value: ${written}, assumption: <id> }, or { value: ${written}, grade: measured } after a verified drill`,
      );
    },
  };
}

function readTerm(value: unknown, at: Spot, name: string): Term | undefined {
  if (isMap(value)) return readParts(value, at, name);
  if (typeof value !== "string" && typeof value !== "number") {
    return refuse(
      at,
      `must be a duration such as "15m", or a map with value, unbounded or unknown, got ${shown(value)}`,
    );
  }
  const seconds = span.read(value, at);
  return seconds === undefined ? undefined : { name, value: seconds, grade: "guaranteed", source: sourceAt(at) };
}

function readParts(value: Record<string, unknown>, at: Spot, name: string): Term | undefined {
  const read = parts.read(value, at);
  const known = read && boundOf(read, at);
  if (read === undefined || known === undefined) return undefined;
  const { assumption: entry, unbounded: _, unknown: __, ...rest } = read;
  const grade = read.grade ?? (entry === undefined ? "guaranteed" : "assumed");
  if (at.reading.byHand) noteGrade(known, grade, entry, at);
  // What an entry says was read there; what it only answers for was read here.
  const said = entry !== undefined && own(value, "value") === undefined;
  return {
    ...rest,
    name: read.name ?? name,
    value: known,
    grade,
    source: read.source ?? (said ? registerSource(entry) : sourceAt(at)),
    ...(entry === undefined ? {} : { assumption: entry }),
  };
}

function boundOf({ value, unbounded, unknown, assumption: entry }: Parts, at: Spot): Bound | undefined {
  const [first, second] = [
    ...(value === undefined ? [] : [value]),
    ...(unbounded === undefined ? [] : [{ unbounded }]),
    ...(unknown === undefined ? [] : [{ unknown }]),
  ];
  if (second !== undefined) return refuse(at, "must say one of value, unbounded and unknown, got several");
  const assumed = entryOf(entry, at)?.seconds;
  if (first === undefined) {
    if (assumed !== undefined) return span.read(assumed, at);
    const without = entry === undefined ? "" : `: assumption ${shown(entry)} states no value`;
    return refuse(at, `must say a value, unbounded or unknown${without}; e.g. { value: 15m }`);
  }
  if (!at.reading.byHand || assumed === undefined || typeof first !== "number" || first === assumed) return first;
  return refuse(
    below(at, "value"),
    `must be what assumption ${shown(entry)} says, ${assumed} seconds, got ${first}; leave it out`,
  );
}

function noteGrade(value: Bound, grade: Grade, entry: string | undefined, at: Spot): void {
  // What is endless or unknown is the worst there is: nobody has to answer for it.
  if (entry === undefined && grade === "assumed" && typeof value === "number") {
    refuse(below(at, "grade"), "must name the entry of the register that answers for it; e.g. assumption: acknowledge");
  }
  if (entry !== undefined && grade !== "assumed") {
    refuse(below(at, "grade"), `must be assumed where assumption ${shown(entry)} stands for it, got ${grade}`);
  }
}
