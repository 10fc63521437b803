import type { Resource, ResourceGraph, Value } from "../../../policies/graph";

/** What of the declared resources decides which rights a call needs. */
export interface Estate {
  /** Account that everything is in. */
  account: string;
  /** Whether objects of a bucket are sealed with a key of KMS; false as well for a bucket of somebody else. */
  sealed(bucket: string): boolean;
  /** Region of a bucket; undefined for one of somebody else. */
  regionOf(bucket: string): string | undefined;
  /** Tags of the one key of the system in a region. */
  keyTags(region: string): Readonly<Record<string, string>>;
  /** Names of the parameter and subnet groups of the database in a region. */
  groups(region: string): { parameters: string[]; subnets: string[] };
}

/** Reads the estate of one system from a graph. */
export function estateOf({ resources }: ResourceGraph, system: string): Estate {
  const own = resources.filter(({ urn }) => urn.includes(`holdfast:${system}:`));
  const ofType = (end: string) => own.filter(({ type }) => type.endsWith(end));
  const region = ({ provider }: Resource) => String(provider?.props.region);
  const text = ({ props }: Resource, key: string) => String(props[key]);
  const buckets = new Map(ofType("s3/bucket:Bucket").map((one) => [text(one, "bucket"), region(one)]));
  const sealed = new Set(
    ofType(":BucketServerSideEncryptionConfiguration")
      .filter(({ props }) => JSON.stringify(props.rules).includes('"aws:kms"'))
      .map((one) => text(one, "bucket")),
  );
  const [role] = ofType("iam/role:Role");
  const account = /arn:aws:iam::(\d{12}):/.exec(String(role?.props.assumeRolePolicy))?.[1];
  if (account === undefined) throw new Error(`${system} has no role in AWS`);
  return {
    account,
    sealed: (bucket) => sealed.has(bucket),
    regionOf: (bucket) => buckets.get(bucket),
    keyTags: (where) => {
      const [key, ...others] = ofType("kms/key:Key").filter((one) => region(one) === where);
      if (!key || others.length > 0) throw new Error(`${system} must have one key in ${where}`);
      return tagsOf(key.props.tags);
    },
    groups: (where) => ({
      parameters: ofType(":ParameterGroup").flatMap((one) => (region(one) === where ? [text(one, "name")] : [])),
      subnets: ofType(":SubnetGroup").flatMap((one) => (region(one) === where ? [text(one, "name")] : [])),
    }),
  };
}

function tagsOf(tags: Value | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries((tags ?? {}) as object).map(([key, value]) => [key, String(value)]));
}
