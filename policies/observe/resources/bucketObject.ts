import { isUnknown, type Maybe } from "../../../recovery/bound";
import type { Resource } from "../../graph";
import { type Facts, facts, type Read } from "../read";
import type { Bucket } from "./bucket";
import type { Reader } from "./identity";

/** An object that the program itself puts into a bucket. */
export interface BucketObject {
  resource: Resource;
  facts: Facts;
  key: Read<string>;
  /** Mode of its own lock, as S3 spells it. */
  lockMode: Read<string>;
  /** Until when its own lock keeps it, in seconds since 1970. */
  lockedUntil: Maybe<number> | undefined;
}

/** S3 objects. */
export const bucketObjects: Reader<BucketObject> = {
  types: ["aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObject:BucketObject"],
  read(resource) {
    const own = facts(resource);
    return {
      resource,
      facts: own,
      key: own.text("key"),
      lockMode: own.text("objectLockMode"),
      lockedUntil: instantOf(own.text("objectLockRetainUntilDate")),
    };
  },
};

/** Whether an object is in a bucket: by dependency, else by name. */
export function isInBucket({ resource, facts: own }: BucketObject, bucket: Bucket): boolean {
  const name = own.text("bucket");
  if (typeof name === "string") return name === bucket.name;
  return (resource.propertyDependencies.bucket ?? []).includes(bucket.resource.urn);
}

/** Whether the text of an object names all of some things, each as a whole word; the text is never shown to anyone. */
export function namesAll({ facts: own }: BucketObject, names: readonly string[]): Maybe<boolean> {
  const content = own.text("content");
  if (isUnknown(content)) return content;
  if (content === undefined) return own.isSilent("source") ? false : { unknown: "its content is a file" };
  const words = new Set(content.split(/[^\w.-]+/));
  return names.every((name) => words.has(name));
}

function instantOf(text: Read<string>): Maybe<number> | undefined {
  if (text === undefined || isUnknown(text)) return text;
  const at = Date.parse(text);
  return Number.isNaN(at) ? { unknown: "objectLockRetainUntilDate is not an instant" } : at / 1_000;
}
