import type { Document, Statement } from "../../bootstrap/statement";

/** What somebody asks AWS to do. */
export interface Request {
  action: string;
  resource: string;
  /** Values of condition keys. */
  context?: Record<string, string | string[]>;
}

/** How the policies that concern a request decide: what no statement allows is refused, what one denies for good. */
export type Decision = "allowed" | "refused" | "denied";

/**
 * Decides as IAM does, for what the policies made here use: names with `*` and `?`, and the operators below. It is no
 * simulation of IAM: an operator that is not known here is an error.
 */
export function decide(document: Document, request: Request): Decision {
  const concerning = document.Statement.filter((one) => concerns(one, request));
  if (concerning.some(({ Effect }) => Effect === "Deny")) return "denied";
  return concerning.length > 0 ? "allowed" : "refused";
}

function concerns(statement: Statement, { action, resource, context = {} }: Request): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const named = (patterns: readonly string[], text: string) => patterns.some((pattern) => like(pattern, text));
  if (Action && !named(lower(Action), action.toLowerCase())) return false;
  if (NotAction && named(lower(NotAction), action.toLowerCase())) return false;
  if (Resource && !named(Resource, resource)) return false;
  if (NotResource && named(NotResource, resource)) return false;
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, [wanted].flat(), context[key])),
  );
}

function holds(operator: string, wanted: readonly string[], given: string | string[] | undefined): boolean {
  const values = given === undefined ? [] : [given].flat();
  switch (operator) {
    case "Bool":
    case "StringEquals":
      // A key that a request does not have equals nothing.
      return values.length === 1 && values.every((value) => wanted.includes(value));
    case "BoolIfExists":
      return values.every((value) => wanted.includes(value));
    case "StringNotEquals":
      return !values.some((value) => wanted.includes(value));
    case "Null":
      return wanted.includes(String(values.length === 0));
    case "ArnEquals":
      return values.length === 1 && values.every((value) => wanted.some((pattern) => like(pattern, value)));
    case "ForAnyValue:StringEquals":
      return values.some((value) => wanted.includes(value));
    case "ForAnyValue:StringLike":
      return values.some((value) => wanted.some((pattern) => like(pattern, value)));
    case "ForAllValues:StringLike":
      return values.every((value) => wanted.some((pattern) => like(pattern, value)));
    case "ForAllValues:StringEquals":
      return values.every((value) => wanted.includes(value));
    default:
      throw new Error(`the operator ${operator} is not known here`);
  }
}

/** A single name stands without brackets in policies that others make. */
function lower(patterns: string | readonly string[]): string[] {
  return [patterns].flat().map((pattern) => pattern.toLowerCase());
}

/** Whether a text is one that a pattern stands for; `*` reaches over slashes, too. */
function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
