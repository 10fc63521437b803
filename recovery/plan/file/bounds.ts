import type { Bound } from "../../bound";
import { type Form, type Json, text } from "./form";
import { map, may } from "./map";
import { isMap, refuse, type Spot } from "./spot";
import { span } from "./values";

/** Why there is no number. */
export const why = text("nobody has measured it");

const whyNot = map<{ unbounded?: string; unknown?: string }>({
  unbounded: may(why, "Why nothing limits it."),
  unknown: may(why, "Why nobody can say."),
});

/** A span, or why there is none. */
export const bound: Form<Bound> = {
  read: (value, at) => (isMap(value) ? readWhyNot(value, at) : span.read(value, at)),
  write: (value): Json => {
    if (typeof value === "number") return value;
    return "unbounded" in value ? { unbounded: value.unbounded } : { unknown: value.unknown };
  },
  schema: (definitions) => ({ anyOf: [span.schema(definitions), whyNot.schema(definitions)] }),
};

function readWhyNot(value: unknown, at: Spot): Bound | undefined {
  const read = whyNot.read(value, at);
  if (read === undefined) return undefined;
  const { unbounded, unknown } = read;
  if (unbounded !== undefined && unknown === undefined) return { unbounded };
  if (unknown !== undefined && unbounded === undefined) return { unknown };
  return refuse(at, "must say either unbounded or unknown, with the reason; e.g. { unknown: nobody has measured it }");
}
