import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { show } from "../../recovery/duration";

/** One setting that cannot be, with what it must be. */
export interface ConfigProblem {
  /** `holdfast:omendb.objectives.region.rpo`. */
  key: string;
  message: string;
}

/** Configuration that cannot be used; the message lists every problem and is ready to print. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** Tells Pulumi that the reader has to mend this: it prints the message without a stack trace. */
  readonly __pulumiRunError = true;

  constructor(
    readonly file: string,
    readonly problems: readonly ConfigProblem[],
  ) {
    const width = Math.max(...problems.map(({ key }) => key.length));
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const lines = problems.map(({ key, message }) => `  ${key.padEnd(width)}   ${message}`);
    super([`${file} has ${count}:`, ...lines].join("\n"));
  }
}

/** Stands for a comparison with a setting whose value must not be printed either. */
export const AGREE = "must agree with the other settings";

/** The problems of a value that a schema refused; a value of a secret setting is not printed. */
export function problemsOf(
  schema: z.ZodType,
  value: unknown,
  keyOf: (path: readonly PropertyKey[]) => string,
  isSecret: (path: readonly PropertyKey[]) => boolean,
): ConfigProblem[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      const known = knownKeys(schema, issue.path);
      return issue.keys.map((key) => ({ key: keyOf([...issue.path, key]), message: notASetting(key, known) }));
    }
    // A schema that compares settings says both values itself.
    const compares = issue.message.includes(", got ");
    const message = isSecret(issue.path)
      ? `${compares ? AGREE : must(issue)}, got [secret]`
      : compares
        ? issue.message
        : `${must(issue)}, got ${show(at(value, issue.path))}`;
    return [{ key: keyOf(issue.path), message }];
  });
}

/** Says that a key is unknown, and which known one is nearest. */
export function notASetting(key: string, known: readonly string[]): string {
  const [nearest] = [...known].sort((a, b) => distance(key, a) - distance(key, b) || (a < b ? -1 : 1));
  if (nearest !== undefined && distance(key, nearest) <= Math.max(3, key.length / 2)) {
    return `is not a setting; did you mean ${JSON.stringify(nearest)}?`;
  }
  return known.length === 0 ? "is not a setting" : `is not a setting; there are ${[...known].sort().join(", ")}`;
}

function must(issue: z.core.$ZodIssue): string {
  const [text = ""] = issue.message.split(", got ");
  if (text.startsWith("must ")) return text;
  if (issue.code === "invalid_type") return `must be ${nouns[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value")
    return `must be one of ${issue.values.map((one) => JSON.stringify(one)).join(", ")}`;
  if (issue.code === "too_small") return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  return `must be right: ${text}`;
}

const nouns: Record<string, string> = {
  string: "a text",
  number: "a number such as 3",
  int: "a whole number such as 3",
  boolean: "true or false",
  object: "a group of settings",
  record: "a group of settings",
  array: "a list",
};

function unitOf(origin: string): string {
  return { string: " characters", array: " entries" }[origin] ?? "";
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const inner = unwrap(schema);
  const [key, ...rest] = path;
  if (key === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  if (inner instanceof z.ZodObject) {
    const child: unknown = inner.shape[key as string];
    return child instanceof z.ZodType ? knownKeys(child, rest) : [];
  }
  if (inner instanceof z.ZodRecord) return knownKeys(inner.valueType, rest);
  if (inner instanceof z.ZodArray) return knownKeys(inner.element, rest);
  return [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? unwrap(schema.in) : schema;
}
