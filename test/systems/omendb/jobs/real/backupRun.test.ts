import * as http from "node:http";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKUP_PREFIX } from "../../../../../systems/omendb/jobWork";
import { type S3Server, startS3 } from "../../../../../tools/s3";
import { type AwsCommand, startAwsCommand } from "../../../../support/aws/command";
import { declaredGraph } from "../../../../support/declaredGraph";
import { type RunResult, run } from "../../../../support/doubles";
import { canaries, type OmendbRun, startOmendb } from "../../../../support/omendbRun";
import type { JobRun } from "../../../../support/runToDeadline";

let s3: S3Server;
let cli: AwsCommand;
let wire: Wire;
let at: OmendbRun;
let real: string;
let zone: string;

beforeAll(async () => {
  cli = await startAwsCommand();
  s3 = await startS3();
  wire = await startWire(s3.url);
  const graph = await declaredGraph("prod");
  at = await startOmendb(graph, (folder) => ({ commands: [path.join(folder, "commands-real")] }));
  // The real command; a pod gets endpoint, region and credentials from its cluster.
  const settings = "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=eu-west-1";
  const noFiles = "AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null";
  real = at.commands("real", {
    aws: `exec env ${settings} ${noFiles} '${cli.command}' --endpoint-url ${wire.url} "$@"`,
  });

  const { name, region, lock } = at.bucket;
  await s3api("create-bucket", "--object-lock-enabled-for-bucket", ...option({ LocationConstraint: region }));
  const rule = { DefaultRetention: { Mode: lock.mode, Days: lock.days } };
  const configuration = JSON.stringify({ ObjectLockEnabled: "Enabled", Rule: rule });
  await s3api("put-object-lock-configuration", "--object-lock-configuration", configuration);
  const created = await aws("route53", "create-hosted-zone", "--name", "example.com", "--caller-reference", name);
  zone = (JSON.parse(created.stdout) as { HostedZone: { Id: string } }).HostedZone.Id.replace("/hostedzone/", "");
});
afterAll(() => {
  at?.close();
  wire?.stop();
  cli?.stop();
  s3?.stop();
});

/** Runs the real command; it must succeed unless the test asks how it fails. */
async function aws(...words: string[]): Promise<RunResult> {
  const result = await attempt(...words);
  expect(result.code, result.stderr).toBe(0);
  return result;
}
const attempt = (...words: string[]) =>
  run([path.join(real, "aws"), "--output", "json", "--region", at.bucket.region, ...words], { timeoutMs: 120_000 });
const s3api = (operation: string, ...words: string[]) => aws("s3api", operation, "--bucket", at.bucket.name, ...words);
const option = (configuration: object) => ["--create-bucket-configuration", JSON.stringify(configuration)];

interface Version {
  Key: string;
  VersionId: string;
}
async function versions(folder: string): Promise<Version[]> {
  const listed = await s3api("list-object-versions", "--prefix", `${BACKUP_PREFIX}/${folder}`);
  return (JSON.parse(listed.stdout) as { Versions?: Version[] }).Versions ?? [];
}

function ok(result: JobRun | undefined): void {
  expect(result?.code, result?.stderr).toBe(0);
}

/** Only the step that writes to Route 53 knows a zone; the server's has a number of its own. */
const inZone = (step: string) => (step === "dns" ? { replace: { HOSTED_ZONE_ID: zone } } : {});

describe("the backups that prod declares, with the real aws command on an S3 server", () => {
  let good: Record<string, string>;

  it("make restore points that the declared recovery brings back into service byte for byte", async () => {
    ok(await at.backup("full"));
    at.write("data/batch_2.parquet", "four\u0000\n");
    at.write("wal/wal_000001.log", "three\nfive\n");
    ok(await at.backup("incremental"));
    good = at.files("primary");
    const idle = await at.backup("incremental");
    ok(idle);
    expect(idle.stderr).toContain("No changes found since last backup");
    expect(await versions("points/")).toHaveLength(3);

    const steps = await at.recover(inZone);
    for (const result of steps.values()) ok(result);
    expect([...steps.keys()].at(-1)).toBe("resume");
    expect(at.files("secondary")).toEqual(good);
    const records = await aws("route53", "list-resource-record-sets", "--hosted-zone-id", zone);
    expect(records.stdout).toContain("omendb.eu-west-1.example.com");
  });

  it("are refused deletion by the server, with the right to bypass a governance lock too", async () => {
    const all = await versions("");
    expect(all.length).toBeGreaterThan(5);
    for (const { Key, VersionId } of all.slice(0, 3)) {
      const words = ["--bucket", at.bucket.name, "--key", Key, "--version-id", VersionId];
      const refused = await attempt("s3api", "delete-object", ...words, "--bypass-governance-retention");
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain("AccessDenied");
    }
    expect(await versions("")).toEqual(all);
  });

  it("are restored although somebody overwrote and deleted every one of them", async () => {
    const all = await versions("");
    for (const { Key } of all) {
      await s3api("put-object", "--key", Key, "--body", __filename, "--checksum-algorithm", "SHA256");
      await s3api("delete-object", "--key", Key);
    }
    ok((await at.recover(inZone, "restore")).get("restore"));
    expect(at.files("secondary")).toEqual(good);
  });

  it("are not restored when an object comes back damaged, and the data that is there stays", async () => {
    wire.damage = "data/batch_1.parquet";
    const steps = await at.recover(inZone, "restore");
    const restore = steps.get("restore");
    expect(restore?.code).toBe(1);
    expect(restore?.stderr).toMatch(/cannot read .*batch_1\.parquet|batch_1\.parquet is damaged/);
    expect(wire.damaged).toBeGreaterThan(0);
    expect(at.files("secondary")).toEqual(good);
    wire.damage = "";
    ok((await at.recover(inZone, "restore")).get("restore"));
  });

  it("show no value of a Secret in any output or command line", () => {
    const seen = [at.said(), ...at.commandLines()].join("\n");
    expect(seen).toContain("aws s3api --region eu-west-1 --output json put-object");
    for (const secret of canaries) expect(seen).not.toContain(secret);
  });
});

/** What lies between command and server: it can damage what comes back, which a lock keeps anybody from doing there. */
interface Wire {
  url: string;
  /** End of the path of the objects whose first byte comes back wrong; none when empty. */
  damage: string;
  /** How many came back wrong. */
  damaged: number;
  stop(): void;
}

async function startWire(target: string): Promise<Wire> {
  const wire: Wire = { url: "", damage: "", damaged: 0, stop: () => undefined };
  const server = http.createServer((request, response) => {
    const { method, headers, url = "/" } = request;
    const onward = http.request(new URL(url, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      const [file = ""] = url.split("?");
      let wrong = method === "GET" && wire.damage !== "" && decodeURIComponent(file).endsWith(wire.damage);
      answer.on("data", (chunk: Buffer) => {
        if (wrong) {
          chunk.writeUInt8((chunk.readUInt8(0) + 1) % 256, 0);
          wire.damaged++;
          wrong = false;
        }
        response.write(chunk);
      });
      answer.on("end", () => response.end());
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  wire.url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  wire.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return wire;
}
