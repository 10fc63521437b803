import type { Facts } from "../read";
import { type Statement, statementsOf } from "./policyStatement";

/** Whether somebody may do something, and why not. */
export type Permission =
  | { allowed: true }
  | { allowed: false; reason: string }
  | { allowed: "unknown"; reason: string };

/** An action of an account on an object; without an account that of anybody. */
export interface Request {
  action: string;
  /** ARNs of objects: one that is asked for is enough to refuse, and to allow. */
  objects: readonly string[];
  account?: string;
}

/** Conditions that everybody meets who speaks TLS. */
const harmless = /^(Bool aws:SecureTransport false|NumericLessThan s3:TlsVersion [\d.]+)$/;

/** Whether a bucket policy allows an account of its own accord to do something: another account needs that. */
export function allows(policy: Facts, request: Request): Permission {
  const refused = refuses(policy, request);
  if (refused !== undefined) return { allowed: refused.certain ? false : "unknown", reason: refused.reason };
  const statements = statementsOf(policy);
  if ("unknown" in statements) return { allowed: "unknown", reason: statements.unknown };
  const granting = statements.list.filter((one) => !one.denies && isFor(one, request) && names(one, request.account));
  const title = policy.source().name;
  const account = `account ${request.account ?? "of anybody"}`;
  if (granting.some(({ conditions }) => conditions.length === 0)) return { allowed: true };
  return granting.length > 0
    ? { allowed: "unknown", reason: `${title} lets ${account} ${request.action} under conditions only` }
    : { allowed: false, reason: `${title} does not let ${account} ${request.action}` };
}

/** What in a bucket policy refuses something to an account, or to everybody where the request names none. */
export function refuses(policy: Facts, request: Request): { certain: boolean; reason: string } | undefined {
  const statements = statementsOf(policy);
  if ("unknown" in statements) return { certain: false, reason: statements.unknown };
  const denying = statements.list.filter((one) => {
    const reaches = one.principals === "all" || (request.account !== undefined && names(one, request.account));
    return one.denies && reaches && isFor(one, request);
  });
  const title = policy.source().name;
  if (denying.some(({ conditions }) => conditions.length === 0)) {
    return { certain: true, reason: `${title} denies ${request.action}` };
  }
  const limited = denying.some(({ conditions }) => !conditions.some((one) => harmless.test(one)));
  return limited ? { certain: false, reason: `${title} denies ${request.action} under conditions` } : undefined;
}

function isFor({ isAbout, isOn }: Statement, { action, objects }: Request): boolean {
  return isAbout(action) && objects.some(isOn);
}

function names({ principals }: Statement, account: string | undefined): boolean {
  if (principals === "all") return true;
  if (account === undefined) return false;
  // Everybody but some: whether the account's own identities are among those is not read.
  if (principals === "others") return true;
  return principals.some((one) => one === account || new RegExp(`^arn:[^:]*:[^:]*::${account}:`).test(one));
}
