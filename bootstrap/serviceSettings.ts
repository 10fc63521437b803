import { z } from "zod";
import { bucketName, matching } from "../systems/config/settings";

/** Objects of a bucket by what their keys begin with. */
export const objectsIn = matching(
  'objects of a bucket such as "company-backups/recovery-kit/*"',
  /^[a-z0-9][a-z0-9-]{1,62}\/[^*?]+\*?$/,
);

/** The name of an IAM role. */
export const roleSetting = matching('the name of a role such as "platform-export"', /^[\w+=,.@-]{3,64}$/);

/** A name or, with `*` at its end, what names begin with; at least three characters, so that no policy is about all. */
const names = (what: string, sample: string, letters: RegExp) =>
  z.array(matching(`${what}, or several as "${sample}"`, letters)).default([]);

/** A bucket whose objects S3 copies to another one. */
const replication = z.strictObject({
  from: bucketName(),
  to: bucketName(),
  /** Role by which S3 copies; the system makes it. */
  role: roleSetting,
});

/** What a system has in services of AWS besides buckets, names and roles. */
export const services = z.strictObject({
  /** Existing VPCs in which it makes security groups. */
  networks: z.array(matching('the id of a VPC such as "vpc-0123456789abcdef0"', /^vpc-[0-9a-f]{8,17}$/)).default([]),
  /** Instances of RDS, with their parameter groups and subnet groups. */
  databases: names("the identifier of an instance of RDS", "omniverse-prod*", /^[a-z][a-z0-9-]{2,62}\*?$/),
  /** Secrets of Secrets Manager that it makes, and whose values its jobs read. */
  secrets: names("the name of a secret", "omniverse-prod-*", /^[\w+=.@/-]{3,}\*?$/),
  replications: z.array(replication).default([]),
  /** Objects that jobs delete: a marker hides them, and their versions stay. */
  hidden: z
    .array(matching('objects of a bucket such as "company-assets/*"', /^[a-z0-9][a-z0-9-]{1,62}\/[^*?]*\*?$/))
    .default([]),
  alarms: names("the name of an alarm of CloudWatch", "Omniverse*", /^[\w-]{3,}\*?$/),
  /** Load balancers, with what they listen on and send to. */
  balancers: names("the name of a load balancer", "omniverse-prod*", /^[A-Za-z0-9][A-Za-z0-9-]{2,31}\*?$/),
  /** Names of sites, and names in certificates: a deployment writes them and what validates them, and no job does. */
  hosts: z.array(matching('a DNS name such as "omniverse.company.com"', /^[a-z0-9.-]{3,253}$/)).default([]),
  /** Topics of SNS that alarms tell, and nobody else. */
  topics: names("the name of a topic of SNS", "omniverse-prod-*", /^[\w-]{3,}\*?$/),
});

/** What a system says of them. */
export type ServiceSettings = z.output<typeof services>;
