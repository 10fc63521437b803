/** Settings of `BucketPublicAccessBlock` that shut out the public. */
export const notPublic = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

/** ARNs of a bucket and of all its objects. */
export function wholeBucket(bucket: string): [bucket: string, objects: string] {
  return [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
}

/** A statement of a bucket's policy that refuses what is not encrypted on its way. */
export function tlsOnly(bucket: string) {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: wholeBucket(bucket),
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
