import { isUnknown } from "../../recovery/bound";
import { isProblem, parseDuration, type Seconds, show } from "../../recovery/duration";
import type { Problems } from "./problems";
import type { Facts } from "./read";

/** Reads the fields of one entry of a register, noting every bad one with what is allowed and an example. */
export class RegisterEntry {
  #complete = true;

  constructor(
    readonly facts: Facts,
    private readonly title: string,
    private readonly problems: Problems,
  ) {}

  /** Whether every field read so far was good. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** A text that must be there. */
  text(field: string, example: string): string {
    const value = this.facts.value(field);
    if (isText(value)) return value;
    return this.#wrong(field, `must be a text such as "${example}"`, "");
  }

  /** A text that may be absent. */
  optionalText(field: string): string | undefined {
    const value = this.facts.value(field);
    if (value === undefined || isText(value)) return value;
    return this.#wrong(field, "must be a text that is not empty", undefined);
  }

  /** A span that must be there. */
  span(field: string): Seconds {
    return this.optionalSpan(field) ?? this.#wrong(field, 'must be a duration such as "15m" or "1h30m"', 0 as Seconds);
  }

  /** A span that may be absent. */
  optionalSpan(field: string): Seconds | undefined {
    const value = this.facts.value(field);
    if (value === undefined) return undefined;
    const span = parseDuration(value);
    return isProblem(span) ? this.#wrong(field, 'must be a duration such as "15m" or "1h30m"', undefined) : span;
  }

  /** A count that must be there; `least` is the smallest allowed. */
  count(field: string, least: number, example: number): number {
    if (this.facts.value(field) !== undefined) return this.optionalCount(field, least, example) ?? least;
    return this.#wrong(field, `must be a whole number from ${least} on, such as ${example}`, least);
  }

  /** A count that may be absent; `least` is the smallest allowed. */
  optionalCount(field: string, least: number, example: number): number | undefined {
    const value = this.facts.value(field);
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
    return this.#wrong(field, `must be a whole number from ${least} on, such as ${example}`, undefined);
  }

  /** A truth value that must be there. */
  flag(field: string): boolean {
    const value = this.facts.value(field);
    return typeof value === "boolean" ? value : this.#wrong(field, "must be true or false", false);
  }

  /** One of some words. */
  oneOf<T extends string>(field: string, allowed: readonly T[], fallback: T): T {
    const value = this.facts.value(field);
    const found = allowed.find((word) => word === value);
    return found ?? this.#wrong(field, `must be one of ${allowed.join(", ")}`, fallback);
  }

  /** A list of texts that may be absent. */
  texts(field: string, example: string): string[] | undefined {
    const value = this.facts.texts(field);
    const items = this.facts.items(field);
    const given = Array.isArray(items) ? items.length : 0;
    if (value === undefined || (Array.isArray(value) && value.length === given)) return value;
    return this.#wrong(field, `must be a list of texts such as ["${example}"]`, undefined);
  }

  /** A day, as epoch seconds of its start in UTC. */
  day(field: string): number {
    const value = this.facts.value(field);
    const at = typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : Number.NaN;
    const isDay = !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === value;
    return isDay ? at / 1000 : this.#wrong(field, 'must be a day such as "2027-03-01"', 0);
  }

  /** Notes that a field is wrong; for rules that a single field cannot express. */
  refuse(field: string, rule: string): void {
    this.#wrong(field, rule, undefined);
  }

  #wrong<T>(field: string, rule: string, fallback: T): T {
    this.#complete = false;
    const value = this.facts.value(field);
    const where = `${this.title}: ${field}`;
    if (isUnknown(value)) {
      this.problems.unknown(this.facts.source(field), `${where} ${rule}, but it is not known before deployment`);
    } else {
      this.problems.add(this.facts.source(field), `${where} ${rule}, got ${show(value)}`);
    }
    return fallback;
  }
}

/** Blanks name nobody, and around a name they hide that two names are one. */
function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value === value.trim();
}
