import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type S3Server, startS3 } from "../../../../../tools/s3";
import { type AwsCommand, startAwsCommand } from "../../../../support/aws/command";
import { buckets, closeAll, makeRecovery, type Recovery } from "../recoverFixture";

const ran = promisify(execFile);
const FIRST = "eu-central-1";
const OTHER = "eu-west-1";
/** Above the 5 MiB that S3 wants of every part but the last. */
const LARGE = 6 * 1024 ** 2;
const KEYS = ["a b.usd", "c+d&e.usd", "f%20g.usd", "ünï/x?y=1.usd"];

let s3: S3Server;
let cli: AwsCommand;
let at: Recovery;
let real: Record<string, string>;

const aws = async (region: string, ...args: string[]) => {
  const { stdout } = await ran(
    path.join(at.before, "aws"),
    ["--region", region, "--output", "json", "s3api", ...args],
    {
      env: { ...process.env, ...real },
    },
  );
  return (stdout === "" ? {} : JSON.parse(stdout)) as Record<string, unknown>;
};
const put = (bucket: string, region: string, key: string, body: string) => {
  const file = path.join(at.dir, "body");
  fs.writeFileSync(file, body);
  return aws(
    region,
    "put-object",
    "--bucket",
    bucket,
    "--key",
    key,
    "--body",
    file,
    "--content-type",
    "model/usd",
    "--metadata",
    "author=ann",
  );
};
const read = async (key: string) => {
  const file = path.join(at.dir, "read");
  const seen = await aws(FIRST, "get-object", "--bucket", buckets.first, "--key", key, file);
  return [fs.readFileSync(file, "utf8"), seen.ContentType, seen.Metadata];
};
const second = () => new Promise((done) => setTimeout(done, 2_100));
const now = () => `${new Date().toISOString().slice(0, 19)}Z`;

beforeAll(async () => {
  s3 = await startS3();
  cli = await startAwsCommand();
  at = await makeRecovery();
  // The command line of AWS is the real one here, and the S3 behind it another's; the cluster stays a double.
  const bin = path.join(at.dir, "bin");
  fs.mkdirSync(bin);
  fs.symlinkSync(cli.command, path.join(bin, "aws"));
  at.before = bin;
  real = {
    AWS_ENDPOINT_URL: s3.url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  for (const [bucket, region] of [
    [buckets.first, FIRST],
    [buckets.other, OTHER],
  ] as const) {
    await aws(
      region,
      "create-bucket",
      "--bucket",
      bucket,
      "--create-bucket-configuration",
      `LocationConstraint=${region}`,
    );
    await aws(region, "put-bucket-versioning", "--bucket", bucket, "--versioning-configuration", "Status=Enabled");
  }
});
afterAll(() => {
  closeAll();
  cli?.stop();
  s3.stop();
});

describe("a recovery of the files with the command line of AWS itself", () => {
  it("brings back what was overwritten or deleted, whatever its name and size, with its metadata", async () => {
    const large = "0123456789abcdef".repeat(LARGE / 16);
    for (const key of KEYS) await put(buckets.first, FIRST, key, `good ${key}`);
    await put(buckets.first, FIRST, "large.usd", large);
    await second();
    const RESTORE_BEFORE = now();
    await second();
    for (const key of [...KEYS.slice(0, 3), "large.usd"]) await put(buckets.first, FIRST, key, "encrypted");
    await aws(FIRST, "delete-object", "--bucket", buckets.first, "--key", KEYS[3] ?? "");

    const env = { ...real, RESTORE_BEFORE, COPY_LIMIT: String(LARGE - 1), COPY_PART: String(5 * 1024 ** 2) };
    const done = await at.steps("assets-in-place", ["stop", "restore", "verify"], env);
    expect(done).toMatchObject({ moment: RESTORE_BEFORE, read: 5 });
    for (const key of KEYS) expect(await read(key)).toEqual([`good ${key}`, "model/usd", { author: "ann" }]);
    expect(await read("large.usd")).toEqual([large, "model/usd", { author: "ann" }]);
    expect(await at.steps("assets-in-place", ["restore"], env)).toMatchObject({ changed: 0 });
    const { Versions: versions } = await aws(FIRST, "list-object-versions", "--bucket", buckets.first);
    expect(versions).toHaveLength(5 + 4 + 5 + 1);
  });

  it("finds out what has not arrived in the other region", async () => {
    await put(buckets.other, OTHER, "arrived.usd", "x");
    const taken = await at.steps("assets-in-secondary", ["take", "verify"], real);
    expect(taken).toMatchObject({ read: 1 });
    // Here no version has arrived, because nothing replicates between the buckets of this server.
    expect(JSON.parse(at.noted()["assets.object-replica.take"] ?? "{}")).toMatchObject({ exact: true, pending: 14 });
  });
});
