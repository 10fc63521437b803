import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asNobody } from "../../tools/postgres";
import { ensureAwsCli, type S3Server, startS3 } from "../../tools/s3";
import { type AwsCommand, startAwsCommand } from "../support/aws/command";
import { run } from "../support/doubles";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-aws-test-"));
const settings = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_DEFAULT_REGION: "eu-west-1",
};
let s3: S3Server;
let quick: AwsCommand;

beforeAll(async () => {
  quick = await startAwsCommand();
  s3 = await startS3();
  const where = ["--create-bucket-configuration", "LocationConstraint=eu-west-1"];
  const made = await run(
    [quick.command, "--endpoint-url", s3.url, "s3api", "create-bucket", "--bucket", "one", ...where],
    {
      env: settings,
    },
  );
  expect(made.code, made.stderr).toBe(0);
});
afterAll(() => {
  quick?.stop();
  s3?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe("the command line of AWS that is loaded once", () => {
  it.each<[string, string[]]>([
    ["its version", ["--version"]],
    ["an answer", ["s3api", "list-buckets", "--query", "Buckets[].Name", "--output", "text"]],
    ["an error of the service", ["s3api", "head-object", "--bucket", "one", "--key", "none"]],
    ["words that it does not know", ["s3api", "--nonsense"]],
    ["a setting of the environment", ["configure", "list"]],
  ])("says what the command itself says: %s", async (_, words) => {
    const options = { env: { ...settings, AWS_ENDPOINT_URL: s3.url } };
    const itself = await run([ensureAwsCli(), ...words], options);
    expect(await run([quick.command, ...words], options)).toMatchObject({
      code: itself.code,
      stdout: itself.stdout,
      stderr: itself.stderr,
    });
  });

  it("has its caller's folder, mask, input and output, also where that is nobody", async () => {
    const aws = `'${quick.command}' --endpoint-url '${s3.url}' s3 cp`;
    const script = `cd '${folder}'; umask 027; printf 'from the input' | ${aws} - s3://one/key; ${aws} s3://one/key here; ${aws} s3://one/key -`;
    const { code, stdout, stderr } = await run([...asNobody(), "bash", "-ec", script], { env: settings });
    expect([code, stdout.endsWith("from the input")], stderr).toEqual([0, true]);
    expect(fs.statSync(path.join(folder, "here")).mode & 0o777).toBe(0o640);
  });

  it("ends when its caller is killed", async () => {
    const ended = new Promise<void>((resolve) => {
      // Takes a request, and never answers.
      silent.on("connection", (socket) => {
        socket.on("data", () => caller.kill("SIGKILL"));
        socket.on("close", () => resolve());
        socket.on("error", () => undefined);
      });
    });
    await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
    const { port } = silent.address() as net.AddressInfo;
    const words = ["--endpoint-url", `http://127.0.0.1:${port}`, "s3api", "list-buckets"];
    const caller = spawn(quick.command, words, { env: { ...process.env, ...settings }, stdio: "ignore" });
    await ended;
    silent.close();
  });
});

const silent = net.createServer();
