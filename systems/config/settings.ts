import { z } from "zod";
import { type Duration, isProblem, parseDuration, wholeDays } from "../../recovery/duration";
import { type LimitText, parseLimit } from "../../recovery/objective";
import { parseCron } from "../../recovery/schedule/cron";
import { zoneOf } from "../../recovery/schedule/zone";

/** A setting of one kind: `must` says what is allowed, with an example. */
function setting<T>(must: string, accepts: (value: unknown) => boolean): z.ZodType<T, T> {
  return z.custom<T>(accepts, { error: () => `must be ${must}` });
}

/** A text of one form. */
export function matching(must: string, pattern: RegExp): z.ZodType<string, string> {
  return setting<string>(must, (value) => typeof value === "string" && pattern.test(value));
}

/** A span such as `"15m"`. */
export const span = () =>
  setting<Duration>('a duration such as "15m" or "1h30m"', (value) => !isProblem(parseDuration(value)));

/** A span of whole days such as `"45d"`. */
export const days = () =>
  setting<Duration>('a duration of whole days such as "45d"', (value) => {
    const read = parseDuration(value);
    return !isProblem(read) && read > 0 && read % 86_400 === 0 && wholeDays(read) > 0;
  });

/** A limit such as `"15m"` or `"under 15m"`. */
export const limit = () =>
  setting<LimitText>('a duration such as "15m" or "under 15m"', (value) => !isProblem(parseLimit(value)));

/** Five fields as the CronJob controller reads them. */
export const schedule = () =>
  setting<string>(
    'a five-field schedule as Kubernetes reads it, such as "*/15 * * * *"',
    (value) => typeof value === "string" && !isProblem(parseCron(value)),
  );

/** A time zone of the tz database. */
export const timeZone = () =>
  setting<string>(
    'a time zone such as "Etc/UTC" or "Europe/Berlin"',
    (value) => typeof value === "string" && value !== "" && !isProblem(zoneOf(value)),
  );

/** A calendar day. */
export const day = () =>
  setting<string>('a day such as "2027-03-01"', (value) => {
    if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
    const time = Date.parse(`${value}T00:00:00Z`);
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
  });

/** An image that cannot change under its name. */
export const image = () =>
  matching(
    'an image with its digest, such as "omendb/omendb@sha256:" and 64 hexadecimal digits (a tag can be moved)',
    /^[a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64}$/,
  );

/** A name of a Kubernetes object or one of ours: lower-case letters, digits and dashes. */
export const objectName = () =>
  matching(
    'a name of lower-case letters, digits and "-", such as "omendb-prod"',
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  );

/** A DNS name. */
export const dnsName = () =>
  matching(
    'a DNS name such as "omendb.example.com"',
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
  );

/** Name of an S3 bucket; without dots, which TLS names of buckets cannot have. */
export const bucketName = () =>
  matching('a bucket name such as "company-omendb-backups"', /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);

/** A public key of age, to which something is sealed. */
export const ageRecipient = () =>
  matching('a public key of age, "age1" and 58 more characters', /^age1[02-9ac-hj-np-z]{58}$/);

/** An AWS account number, quoted so that YAML keeps its zeros. */
export const awsAccount = () => matching('a quoted account number of 12 digits, such as "123456789012"', /^\d{12}$/);

const GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** An id of Azure or its directory. @param what such as "the id of a directory" */
export const guid = (what: string) =>
  matching(`${what}, such as "00000000-0000-0000-0000-000000000000"`, new RegExp(`^${GUID}$`));

/** An account of a site: of AWS, or a subscription of Azure. */
export const account = () =>
  matching(
    'a quoted account number of 12 digits, such as "123456789012", or the id of a subscription of Azure',
    new RegExp(`^(\\d{12}|${GUID})$`),
  );

/** Some text that says something. */
export const words = (example: string) =>
  setting<string>(
    `a text such as ${JSON.stringify(example)}`,
    (value) => typeof value === "string" && value.trim() !== "",
  );

/** A whole number within limits. */
export const whole = (min: number, max: number, example: number) =>
  setting<number>(
    `a whole number from ${min} to ${max}, such as ${example}`,
    (value) => typeof value === "number" && Number.isInteger(value) && value >= min && value <= max,
  );

/** `true` or `false`. */
export const flag = () => setting<boolean>("true or false", (value) => typeof value === "boolean");

/** One of a few words. */
export const oneOf = <const T extends string>(...allowed: readonly T[]) =>
  setting<T>(
    `one of ${allowed.map((one) => JSON.stringify(one)).join(", ")}`,
    (value) => typeof value === "string" && allowed.some((one) => one === value),
  );

/** A list of at least one entry. */
export const some = <T extends z.ZodType>(entry: T, example: string) =>
  z
    .array(entry, { error: () => `must be a list such as ${example}` })
    .min(1, { error: () => `must be a list such as ${example}` });

/** When a job runs and how long it may take; what is left out is the default. */
export const timing = (at: string, startWithin: string, deadline: string) =>
  z
    .strictObject({
      schedule: schedule().default(at),
      timeZone: timeZone().default("Etc/UTC"),
      startWithin: span().default(startWithin),
      deadline: span().default(deadline),
    })
    .prefault({});
