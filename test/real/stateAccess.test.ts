import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Document } from "../../bootstrap/statement";
import { ensurePulumi } from "../../tools/pulumi";
import { type S3Server, startS3 } from "../../tools/s3";
import { declared, named, policyOf, program, root } from "../bootstrap/declared";
import { decide } from "../bootstrap/iam";
import { type AwsCommand, startAwsCommand } from "../support/aws/command";
import { type AwsWire, type Passed, startAwsWire } from "../support/awsWire";
import { fixtureRuns } from "../support/engine/fixture";
import { type EngineResult, runEngine } from "../support/engine/run";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "holdfast-state-access-"));
let s3: S3Server;
let cli: AwsCommand;
let wire: AwsWire;
let outputs: { backend: string; secretsProviders: Record<string, string> };
let policies: Record<"preview" | "deploy", Document>;
let env: Record<string, string>;
const kept = path.join(scratch, "kept");

/** Asks the server that stands in for AWS to make something, as nobody whom the wire sees. */
async function made(
  service: "s3" | "kms",
  region: string,
  to: { path?: string; method?: string; headers?: object; body: string },
) {
  const scope = `test/20261121/${region}/${service}/aws4_request`;
  const response = await fetch(`${s3.url}${to.path ?? "/"}`, {
    method: to.method ?? "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      ...to.headers,
    },
    body: to.body,
  });
  const text = await response.text();
  expect(response.status, text).toBeLessThan(300);
  return text;
}

async function kms(operation: string, body: object): Promise<Record<string, Record<string, string>>> {
  const headers = { "x-amz-target": `TrentService.${operation}`, "content-type": "application/x-amz-json-1.1" };
  const text = await made("kms", "eu-central-1", { headers, body: JSON.stringify(body) });
  return (text === "" ? {} : JSON.parse(text)) as Record<string, Record<string, string>>;
}

beforeAll(async () => {
  await ensurePulumi();
  cli = await startAwsCommand();
  s3 = await startS3();
  wire = await startAwsWire(s3.url);
  fs.mkdirSync(kept);
  const loaded = await declared({ "state.project": "fixture" });
  outputs = loaded.outputs as typeof outputs;
  policies = {
    preview: policyOf(named(loaded, "RolePolicy", "prod-preview-policy")),
    deploy: policyOf(named(loaded, "RolePolicy", "prod-deploy-policy")),
  };
  const { bucket } = named(loaded, "Bucket", "state-bucket").props;
  const { defaultRetention } = named(loaded, "BucketObjectLockConfiguration", "state-lock").props.rule as {
    defaultRetention: { mode: string; days: number };
  };
  const { mode, days } = defaultRetention;
  const rule = `<DefaultRetention><Mode>${mode}</Mode><Days>${days}</Days></DefaultRetention>`;
  for (const [name, region] of [
    [String(bucket), "eu-central-1"],
    [`${String(bucket)}-replica`, "eu-west-1"],
  ] as const) {
    await made("s3", region, {
      path: `/${name}`,
      method: "PUT",
      headers: { "x-amz-bucket-object-lock-enabled": "true" },
      body: `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`,
    });
    await made("s3", region, {
      path: `/${name}?object-lock`,
      method: "PUT",
      body: `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>${rule}</Rule></ObjectLockConfiguration>`,
    });
  }
  const { KeyMetadata } = await kms("CreateKey", {});
  await kms("CreateAlias", {
    AliasName: named(loaded, "Alias", "prod-secrets-alias").props.name,
    TargetKeyId: KeyMetadata?.KeyId ?? "",
  });
  env = {
    AWS_ENDPOINT_URL: wire.url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_CLI: cli.command,
    AWS_DEFAULT_REGION: "eu-west-1",
    KEPT: kept,
  };
});
afterAll(() => {
  wire?.stop();
  cli?.stop();
  s3?.stop();
  fs.rmSync(scratch, { recursive: true, force: true });
});

/** The commands of the guide that have this in them. */
function guide(part: string): string {
  const text = fs.readFileSync(path.join(root, "docs/ci.md"), "utf8");
  const blocks = [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
  return blocks.find((code) => code.includes(part)) ?? `no block of the guide has ${part}`;
}

const keptText = (file: string) => fs.readFileSync(path.join(kept, file), "utf8");

/** How a policy decides of what passed the wire; of a key the wire knows no more than that it was asked. */
function decision(policy: Document, { action, resource }: Passed): string {
  if (!action.startsWith("kms:")) return decide(policy, { action, resource });
  const context = { "kms:ResourceAliases": ["alias/holdfast-prod"] };
  return decide(policy, { action, resource: "arn:aws:kms:eu-central-1:111111111111:key/mrk-1", context });
}

describe("Pulumi's own backend, with the bucket and the key that the bootstrap declares on a server like AWS,", () => {
  /** The guide's commands for a lost region, for the fixture and without its pack. */
  const elsewhere = guide("company-holdfast-state-replica")
    .replaceAll("/stacks/holdfast/", "/stacks/fixture/")
    .replace("--policy-pack policies", "--expect-no-changes")
    .replaceAll("npx pulumi", "pulumi");

  /** What a team does once, CI then does every day, and a team on the day that a region is lost. */
  const script = `
    unset PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE
    rm Pulumi.prod.yaml
    as() { curl --silent --fail "$AWS_ENDPOINT_URL/as/$1"; }

    as administrator
    pulumi login "$BACKEND"
    pulumi stack init prod --secrets-provider "$SECRETS_PROVIDER"
    pulumi config set --secret kubeconfig KUBE-CANARY
    pulumi config set --secret key KEY-CANARY

    as deploy
    pulumi login "$BACKEND"
    pulumi up --yes --stack prod
    pulumi up --yes --stack prod --expect-no-changes
    pulumi stack export --stack prod > "$KEPT/deploy.json"

    as preview
    pulumi login "$BACKEND"
    pulumi preview --stack prod --expect-no-changes
    pulumi refresh --preview-only --stack prod
    pulumi stack export --stack prod > "$KEPT/preview.json"

    as replication
    aws() { "$AWS_CLI" --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
    aws s3 cp --recursive "s3://$BUCKET" "s3://$BUCKET-replica" > "$KEPT/copied.txt"

    as elsewhere
    ${elsewhere}
    pulumi config get key > "$KEPT/key.txt"
  `;
  let result: EngineResult;
  const by = (who: string) => wire.passed.filter((one) => one.by === who);

  beforeAll(async () => {
    const { backend, secretsProviders } = outputs;
    const more = { BACKEND: backend, SECRETS_PROVIDER: secretsProviders.prod ?? "", BUCKET: "company-holdfast-state" };
    result = await runEngine(fixtureRuns(scratch)("up", { script, env: { ...env, ...more } }));
  });

  it("does all that a deployment and a night do", () => {
    expect([result.code, result.stderr, result.errors]).toEqual([0, "Created stack 'prod'\n", []]);
    expect(JSON.parse(keptText("preview.json"))).toEqual(JSON.parse(keptText("deploy.json")));
    expect(keptText("deploy.json")).toContain("ciphertext");
    expect(keptText("deploy.json")).not.toContain("CANARY");
  });

  it.each(["deploy", "preview"] as const)("asks nothing that the role to %s may not", (who) => {
    const refused = by(who).filter((one) => decision(policies[who], one) !== "allowed");
    expect(refused).toEqual([]);
    expect(by(who).filter(({ status }) => status >= 400 && status !== 404)).toEqual([]);
    const actions = [...new Set(by(who).map(({ action }) => action))].sort();
    const reads = ["kms:Decrypt", "s3:GetObject", "s3:ListBucket"];
    expect(actions).toEqual(
      who === "preview" ? reads : [...reads.slice(0, 1), "s3:DeleteObject", ...reads.slice(1), "s3:PutObject"],
    );
  });

  it("needs of the deploying role what the previewing one must not", () => {
    const refused = by("deploy").filter((one) => decision(policies.preview, one) !== "allowed");
    expect([...new Set(refused.map(({ action }) => action))].sort()).toEqual(["s3:DeleteObject", "s3:PutObject"]);
  });

  it("sends a checksum with every upload, without which a bucket with a lock takes none", () => {
    const uploads = wire.passed.filter(({ action, copied }) => action === "s3:PutObject" && !copied);
    expect(uploads.length).toBeGreaterThan(5);
    expect(uploads.filter(({ checksum }) => !checksum)).toEqual([]);
  });

  it("goes on in the other region by the guide's commands, with the state and the key that are there", () => {
    expect(keptText("key.txt").trim()).toBe("KEY-CANARY");
    const asked = by("elsewhere");
    expect(asked.filter(({ resource }) => resource.startsWith("arn:aws:s3:::company-holdfast-state/"))).toEqual([]);
    expect(asked.map(({ action }) => action)).toContain("kms:Decrypt");
    expect(asked.filter(({ action, region }) => action.startsWith("kms:") && region !== "eu-west-1")).toEqual([]);
  });
});

describe("the bootstrap's own state", () => {
  /** The guide's commands, in a workspace that is the program's own folder. */
  const script = guide("stack import")
    .replaceAll("npx pulumi -C bootstrap", "pulumi")
    .replaceAll("npx pulumi", "pulumi")
    .replaceAll("bootstrap/", "");

  it("moves from a folder to the bucket by the guide's commands, and nothing of it changes", async () => {
    expect(script.split("\n").filter((line) => line.startsWith("pulumi "))).toHaveLength(5);
    const run = {
      program,
      stack: "main",
      config: {},
      configFile: path.join(program, "Pulumi.main.yaml"),
      operation: "up",
      state: path.join(scratch, "bootstrap"),
    } as const;
    const begun = await runEngine(run);
    expect(begun.code).toBe(0);
    const moved = await runEngine({
      ...run,
      script: `unset PULUMI_BACKEND_URL; pulumi login "file://$FROM"\n${script}\npulumi stack export --stack main > "$KEPT/moved.json"; test ! -e moving.json`,
      env: { ...env, FROM: path.join(scratch, "bootstrap", "backend") },
    });
    expect([moved.code, moved.stderr, moved.errors]).toEqual([0, "Created stack 'main'\n", []]);
    const { deployment } = JSON.parse(keptText("moved.json")) as { deployment: { resources: { urn: string }[] } };
    expect(deployment.resources.map(({ urn }) => urn)).toEqual(begun.resources.map(({ urn }) => urn));
    expect(wire.passed.some(({ resource }) => resource.endsWith("/.pulumi/stacks/holdfast-bootstrap/main.json"))).toBe(
      true,
    );
  });
});
