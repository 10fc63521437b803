/** One statement of a policy of IAM. */
export interface Statement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Principal?: "*" | Record<string, string>;
  Action?: string[];
  NotAction?: string[];
  Resource?: string[];
  NotResource?: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A policy of IAM. */
export interface Document {
  Version: "2012-10-17";
  Statement: Statement[];
}

/** Characters that a policy may have; IAM does not count white space, and there is none in what is made here. */
export const limits = { inline: 10_240, managed: 6_144, trust: 2_048 } as const;

/** A policy of these statements, without those that would concern nothing. */
export function documentOf(statements: readonly Statement[]): Document {
  const used = statements.filter(({ Resource }) => Resource === undefined || Resource.length > 0);
  return { Version: "2012-10-17", Statement: [...used] };
}

/** A statement that allows actions on resources. */
export function allow(
  Sid: string,
  Action: string[],
  Resource: string[],
  Condition?: Statement["Condition"],
): Statement {
  return { Sid, Effect: "Allow", Action, Resource, ...(Condition ? { Condition } : {}) };
}

/** ARNs of buckets. */
export function bucketArns(buckets: readonly string[]): string[] {
  return buckets.map((bucket) => `arn:aws:s3:::${bucket}`);
}

/** ARNs of keys in each of the buckets. */
export function objectArns(buckets: readonly string[], keys: readonly string[]): string[] {
  return buckets.flatMap((bucket) => keys.map((key) => `arn:aws:s3:::${bucket}/${key}`));
}
