import * as aws from "@pulumi/aws";
import { notPublic } from "../../../components/storage/privateAccess";
import { BUCKET } from "./runbook";
import { mends } from "./variant";

/** The runbook's bucket as it is named there: without versions, a lock, or a rule that deletes. */
export function declareUpload(provider: aws.Provider): void {
  const tags = {
    "holdfast.dev/assumed": `the runbook says of its bucket nothing but the name; mended: ${mends.upload}`,
  };
  const store = new aws.s3.Bucket("upload", { bucket: BUCKET, tags }, { provider });
  // As Amazon makes every bucket by itself.
  const block = { bucket: BUCKET, ...notPublic };
  new aws.s3.BucketPublicAccessBlock("upload-public-access", block, { provider, dependsOn: [store] });
}
