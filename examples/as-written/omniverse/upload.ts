import * as aws from "@pulumi/aws";
import { BUCKET } from "./runbook";
import { mends } from "./variant";

/** The runbook's bucket as it is named there: without versions, a lock, or a rule that deletes. */
export function declareUpload(provider: aws.Provider): void {
  const tags = {
    "holdfast.dev/assumed": `the runbook says of its bucket nothing but the name; mended: ${mends.upload}`,
  };
  new aws.s3.Bucket("upload", { bucket: BUCKET, tags }, { provider });
}
