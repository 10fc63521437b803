import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { comparedParts } from "../../evidence/comparison";
import { judge } from "../../policies/judge";
import { loadGraph } from "../../preview/offline";
import type { Judgement } from "../../recovery";
import { compareJudgements } from "../../recovery/compare";

const checkout = path.resolve(__dirname, "../..");
const asOf = Date.UTC(2026, 10, 21) / 1000;
const home = path.join(checkout, ".holdfast", "tests");
mkdirSync(home, { recursive: true });
const folder = mkdtempSync(path.join(home, "told-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const up = path.relative(folder, checkout).replaceAll(path.sep, "/");
const program = readFileSync(path.join(checkout, "index.ts"), "utf8").replaceAll('from "./', `from "${up}/`);
writeFileSync(path.join(folder, "index.ts"), program);
cpSync(path.join(checkout, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
cpSync(path.join(checkout, "registers"), path.join(folder, "registers"), { recursive: true });

/** Settings of production that this test changes. */
interface Settings {
  "holdfast:analytics"?: object;
  "holdfast:omniverse"?: object;
  "holdfast:sites": Record<string, { rolesBoundaries?: Record<string, string> }>;
  "holdfast:omendb": { recoveryKit: { lockedUntil: string } };
  "holdfast:platform": {
    recoveryKit: { lockedUntil: string };
    backups: { lock?: string };
    siteCheck?: { schedule: string };
    namespaces: string[];
    state: { bucket: string; stacks: string[] };
    dns: { zones: string[] };
    registry: { images: string[] };
    keys: { prefix: string; recipient: string };
  };
}

/** The systems of production that are asked about here, as they are, with some settings changed. */
async function production(change: (settings: Settings) => void): Promise<Judgement> {
  const written = parse(readFileSync(path.join(checkout, "Pulumi.prod.yaml"), "utf8")) as { config: Settings };
  delete written.config["holdfast:analytics"];
  delete written.config["holdfast:omniverse"];
  change(written.config);
  writeFileSync(path.join(folder, "Pulumi.prod.yaml"), stringify(written, { version: "1.1" }));
  const { graph } = await loadGraph({ program: folder, stack: "prod" });
  return judge(graph, asOf);
}

/** All that a reader of a pull request sees without unfolding anything. */
function loud(before: Judgement, after: Judgement): string[] {
  const comparison = compareJudgements(before, after, asOf);
  return comparedParts({ label: "main", isNew: false, rulesCompared: true, comparison }, asOf)
    .filter((part) => part.loud)
    .flatMap(({ lines }) => lines.filter(({ tone }) => tone !== "stronger").map(({ text }) => text));
}

const more = (settings: Settings) => {
  const { namespaces, state, dns, registry } = settings["holdfast:platform"];
  namespaces.push("shop-prod");
  state.stacks.push("organization/dns/main");
  dns.zones.push("Z0MORE");
  registry.images.push(`shop/web@sha256:${"3".repeat(64)}`);
};

/** Production with more to look after, loaded and judged once. */
let grown: Promise<Judgement> | undefined;
const withMore = () => {
  grown ??= production(more);
  return grown;
};

describe("what changes no number of production is told all the same:", () => {
  const every =
    "platform/clusters, platform/dns, platform/keys, platform/monitoring, platform/registry, platform/state";

  test("what the exports leave out, and what they are sealed to", async () => {
    const now = await production((settings) => {
      const { keys, state } = settings["holdfast:platform"];
      keys.prefix = "holdfast/prod/shop/";
      keys.recipient = `age1${"z".repeat(58)}`;
      state.bucket = "company-other-state";
    });
    expect(now.findings).toEqual([]);
    expect(loud(await withMore(), now).map((line) => line.replace(/age1([a-z])\w*/g, "age1$1"))).toEqual([
      "coverage removed · platform/clusters, platform/monitoring: was shop-prod",
      "coverage removed · platform/dns: was Z0MORE",
      "coverage removed · platform/keys: was holdfast/prod/",
      "coverage removed · platform/registry: was shop/web",
      "coverage removed · platform/state: was organization/dns/main",
      "coverage removed · platform/state: was s3://company-holdfast-state?region=eu-central-1",
      "keys that open restore points changed · platform/keys: age1q → age1z",
    ]);
  });

  test("locks that end sooner, checks that are rarer, roles that nothing bounds", async () => {
    const now = await production((settings) => {
      const { "holdfast:platform": platform, "holdfast:omendb": omendb, "holdfast:sites": sites } = settings;
      for (const { recoveryKit } of [platform, omendb]) recoveryKit.lockedUntil = "2026-12-24";
      platform.backups.lock = "40d";
      platform.siteCheck = { schedule: "50 5 1 1 *" };
      for (const site of Object.values(sites)) delete site.rolesBoundaries;
    });
    expect(now.findings).toEqual([]);
    const [ends, bucket] = ["2027-03-01 00:00 UTC → 2026-12-24 00:00 UTC", "Bucket platform-exports-bucket"];
    const kits = [
      "recovery-kit/omendb.json in Bucket omendb-backups-bucket",
      `recovery-kit/platform.json in ${bucket}`,
      "recovery-kit/users.htpasswd in Bucket omendb-backups-bucket",
    ];
    const lines = loud(await production(() => undefined), now);
    expect(lines.slice(0, -2)).toEqual([
      `lock shortened · ${bucket} · ${every}: 45d → 40d`,
      `end of the lock brought forward · ${kits.join(", ")}: ${ends}`,
      "schedule made rarer · site-check-analytics-primary, site-check-analytics-secondary, site-check-primary, site-check-secondary: 50 5 * * * Etc/UTC → 50 5 1 1 * Etc/UTC",
    ]);
    // Each role loses the bound of its own system.
    const lost = lines.slice(-2).map((line) => line.split(/ · |: was /));
    for (const [system, role] of [
      ["omendb", "omendb-prod-writer"],
      ["platform", "platform-export"],
    ] as const) {
      const [what, roles] =
        lost.find(([, , bound]) => bound?.endsWith(`:policy/holdfast-prod-${system}-boundary`)) ?? [];
      expect([system, what]).toEqual([system, "boundary removed"]);
      expect(roles).toContain(role);
    }
  });

  test("and nothing where nothing changes", async () => {
    expect(loud(await withMore(), await production(more))).toEqual([]);
  });
});
