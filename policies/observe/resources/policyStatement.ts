import { isUnknown } from "../../../recovery/bound";
import type { Facts } from "../read";

/** One statement of a policy of AWS. */
export interface Statement {
  denies: boolean;
  /** Accounts and ARNs; of a role's own policy, which names nobody, none. */
  principals: readonly string[] | "others" | "all";
  isAbout: (action: string) => boolean;
  /** Whether it is about what has an ARN. */
  isOn: (arn: string) => boolean;
  /** `Bool aws:SecureTransport false` for each; several values have commas between. */
  conditions: readonly string[];
}

/** The statements of a policy that is written as JSON, or why nobody can tell which it has. */
export function statementsOf(policy: Facts): { list: Statement[] } | { unknown: string } {
  const text = policy.text();
  const title = policy.source().name;
  if (isUnknown(text)) return text;
  try {
    const parsed: unknown = JSON.parse(text ?? "");
    const list = isObject(parsed) ? listOf(parsed.Statement) : [];
    return { list: list.filter(isObject).map(statementOf) };
  } catch {
    return { unknown: `the policy of ${title} is not JSON` };
  }
}

function statementOf(one: Record<string, unknown>): Statement {
  const { Principal: who, NotPrincipal: others } = one;
  const aws = isObject(who) ? texts(who.AWS) : texts(who);
  const actions = { are: texts(one.Action), not: texts(one.NotAction) };
  const resources = { are: texts(one.Resource), not: texts(one.NotResource) };
  return {
    denies: one.Effect === "Deny",
    principals: others === undefined ? (aws.includes("*") ? "all" : aws) : "others",
    isAbout: (action) => among(actions, action.toLowerCase(), (pattern) => pattern.toLowerCase()),
    isOn: (object) => among(resources, object, (same) => same),
    conditions: conditionsOf(one.Condition),
  };
}

function among(
  { are, not }: { are: readonly string[]; not: readonly string[] },
  value: string,
  spelled: (pattern: string) => string,
): boolean {
  const fits = (pattern: string) => globOf(spelled(pattern)).test(value);
  return not.length > 0 ? !not.some(fits) : are.some(fits);
}

function conditionsOf(condition: unknown): string[] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).map(([key, values]) => `${operator} ${key} ${texts(values).join(",")}`)
      : [operator],
  );
}

/** A pattern of a policy, in which `*` is anything and `?` one character. */
export function globOf(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}

function texts(value: unknown): string[] {
  return listOf(value).flatMap((one) =>
    typeof one === "string" || typeof one === "boolean" || typeof one === "number" ? [String(one)] : [],
  );
}

function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
