import type { Source } from "../term";
import { type Form, type Json, named, type Schema, text } from "./form";
import {
  type About,
  below,
  didYouMean,
  isMap,
  own,
  owned,
  placeInFile,
  refuse,
  type Spot,
  shown,
  textIn,
  thereIs,
} from "./spot";

/** A setting of a map. */
export interface Field<T> {
  form: Form<T>;
  description: string;
  /** What it is when the file leaves it out: refused, left out as well, or what the map around it says. */
  absent: "refused" | "left out" | ((map: Record<string, unknown>, at: Spot) => T);
}

/** A setting that must be there. */
export function must<T>(form: Form<T>, description: string): Field<T> & { absent: "refused" } {
  return { form, description, absent: "refused" };
}

/** A setting that may be left out. */
export function may<T>(form: Form<T>, description: string): Field<T> & { absent: "left out" } {
  return { form, description, absent: "left out" };
}

/** A setting that means something when it is left out. */
export function or<T>(
  form: Form<T>,
  description: string,
  absent: (map: Record<string, unknown>, at: Spot) => T,
): Field<T> & { absent: typeof absent } {
  return { form, description, absent };
}

/** The settings of a map: one for each key of the type that they make, which may be left out where the key may. */
export type FieldsOf<T> = {
  [K in keyof T]-?: undefined extends T[K]
    ? Field<Exclude<T[K], undefined>> & { absent: "left out" }
    : Field<T[K]> & { absent: "refused" | ((map: Record<string, unknown>, at: Spot) => T[K]) };
};

/** What a map is beside its settings. */
export interface MapRules<T> {
  /** What people call it, from its texts (empty where there is none): makes it the source of the numbers below, unless its setting `source` says otherwise. */
  title?(textOf: (key: string) => string, at: Spot): string;
  /** What the numbers below are about. */
  about?(map: Record<string, unknown>): About;
  /** What settings must be together, by hand; those that could not be read are left out. */
  check?(found: Partial<T>, at: Spot): void;
}

/** A map of settings. */
export function map<T extends object>(fields: FieldsOf<T>, rules: MapRules<T> = {}): Form<T> {
  const all = Object.entries(fields) as [string, Field<unknown>][];
  const keys = all.map(([key]) => key);
  return {
    read: (value, at) => {
      if (!isMap(value)) return refuse(at, `must be a map of settings (${keys.join(", ")}), got ${shown(value)}`);
      for (const key of Object.keys(value).filter((one) => !keys.includes(one))) {
        refuse(below(at, key), `is not a setting${didYouMean(key, keys) || thereIs(keys)}${cutOff(value[key])}`);
      }
      const spot = spotOf(value, at, rules);
      const read = all.map(([key, field]) => [key, readField(value, key, field, spot)] as const);
      const good = read.filter(([, one]) => one !== undefined && one !== leftOut);
      const found = Object.fromEntries(good) as Partial<T>;
      if (at.reading.byHand) rules.check?.(found, spot);
      return read.every(([, one]) => one !== undefined) ? (found as T) : undefined;
    },
    write: (value) => {
      const parts = all.map(([key, { form }]) => {
        const one = (value as Record<string, unknown>)[key];
        return [key, one === undefined ? undefined : form.write(one)] as const;
      });
      return Object.fromEntries(parts.filter(([, one]) => one !== undefined));
    },
    schema: (definitions) => schemaOf(all, definitions),
  };
}

/** In YAML's braces a comma ends a text, and what follows is a setting without a value. */
function cutOff(value: unknown): string {
  return value === null ? "; a text with a comma in it needs quotes" : "";
}

const leftOut = Symbol("left out");

function readField(value: Record<string, unknown>, key: string, field: Field<unknown>, at: Spot): unknown {
  const one = own(value, key);
  const spot = below(at, key);
  if (one !== undefined || field.absent === "refused") return field.form.read(one, spot);
  return field.absent === "left out" ? leftOut : field.absent(value, spot);
}

function spotOf<T>(value: Record<string, unknown>, at: Spot, { title, about }: MapRules<T>): Spot {
  const spot = about ? { ...at, about: { ...at.about, ...about(value) } } : at;
  if (title === undefined) return spot;
  const name = title((key) => textIn(value, key) ?? "", at);
  const here = placeInFile(at, name);
  const given = own(value, "source");
  const said = given === undefined ? undefined : sourceForm.read(given, unheard(below(owned(at, here), "source")));
  return owned(spot, said ?? here);
}

/** The setting is read again in its turn, and then its problems count. */
function unheard(at: Spot): Spot {
  return { ...at, reading: { ...at.reading, problems: [] } };
}

function schemaOf(all: readonly [string, Field<unknown>][], definitions: Record<string, Schema>): Schema {
  const required = all.filter(([, { absent }]) => absent === "refused").map(([key]) => key);
  return {
    type: "object",
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
    properties: Object.fromEntries(
      all.map(([key, { form, description }]): [string, Json] => [key, { ...form.schema(definitions), description }]),
    ),
  };
}

const exactSource = {
  resource: text("orders.yaml#/protections/0"),
  name: text("CronJob orders-dump"),
  property: text("spec.schedule"),
};

/** Where a number was read: a text for people, or all that reports say of it. */
export const sourceForm: Form<Source> = named("source", {
  read: (value, at) => {
    if (typeof value !== "object") {
      const name = exactSource.name.read(value, at);
      return name === undefined ? undefined : { resource: at.owner.resource, name };
    }
    return wholeSource.read(value, at);
  },
  write: (source) => wholeSource.write(source),
  schema: (definitions) => ({ anyOf: [{ type: "string" }, wholeSource.schema(definitions)] }),
});

const wholeSource = map<Source>({
  resource: must(exactSource.resource, "URN of a resource, `register:<entry>`, or a place in a file."),
  name: must(exactSource.name, "What people call it: `CronJob omendb-backup`."),
  property: may(exactSource.property, "The property inside the resource: `spec.schedule`."),
});

/** The source that a map itself is, unless its setting `source` says otherwise. */
export const ownSource: Field<Source> & { absent: (map: Record<string, unknown>, at: Spot) => Source } = or(
  sourceForm,
  "Where it was read, a text for people or exactly. @default this place of the file",
  (_, at) => at.owner,
);
