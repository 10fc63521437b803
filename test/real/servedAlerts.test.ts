import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadGraph } from "../../preview/offline";
import { say } from "../../tools/packages";
import { ensurePromtool } from "../../tools/promtool";

const folder = fs.mkdtempSync(path.join(tmpdir(), "holdfast-served-"));
let rules: { alert?: string }[] = [];
beforeAll(async () => {
  const { graph } = await loadGraph({ program: path.resolve(__dirname, "../.."), stack: "prod" });
  const found = graph.resources.find(({ name }) => name === "omniverse-primary-alerts-rules")?.props.spec;
  rules = (found as never as { groups: { rules: typeof rules }[] }).groups
    .flatMap((group) => group.rules)
    .filter(({ alert }) => alert?.startsWith("OmniverseServedCertificate"));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const DAY = 86_400;
const labels = 'asset="omniverse/database",instance="omniverse/database",job="holdfast",role="certificates"';
/** What the job pushed, as it is scraped for three days: when the certificate ends, and when it looked. */
function pushed(endsAfterDays: number, looksUntilHour = 72): Record<string, string> {
  const minutes = looksUntilHour * 60;
  return {
    [`holdfast_served_certificate_end_timestamp_seconds{${labels},service="nginx"}`]: `${60 * DAY}x4320`,
    [`holdfast_served_certificate_end_timestamp_seconds{${labels},service="nucleus-server"}`]: `${endsAfterDays * DAY}x4320`,
    [`holdfast_measured_timestamp_seconds{${labels},what="certificates"}`]: `0+60x${minutes} ${minutes * 60}x${4320 - minutes}`,
  };
}

/** Says what promtool finds wrong: `fires` is by alert, and by the hour after the start. */
function wrong(series: Record<string, string>, fires: [alert: string, hour: number, yes: boolean][]): string {
  expect(rules).toHaveLength(2);
  const [groups, test] = [path.join(folder, "rules.json"), path.join(folder, "test.json")];
  fs.writeFileSync(groups, JSON.stringify({ groups: [{ name: "served", interval: "1m", rules }] }));
  const checks = fires.map(([alert, hour, yes]) => ({
    expr: `(count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)) > bool 0`,
    eval_time: `${hour}h`,
    exp_samples: [{ labels: "{}", value: yes ? 1 : 0 }],
  }));
  const input = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const tests = [{ interval: "1m", input_series: input, promql_expr_test: checks }];
  fs.writeFileSync(test, JSON.stringify({ rule_files: [groups], evaluation_interval: "1m", tests }));
  const said = say(ensurePromtool(), ["test", "rules", test]);
  return said.ok ? "" : said.output;
}

const OLD = "OmniverseServedCertificateOld";
const ENDS = "OmniverseServedCertificateEnds";

describe("the alerts on served certificates", () => {
  it.each<[string, Record<string, string>, [string, number, boolean][]]>([
    [
      "are silent while all last longer than half of what they are renewed before",
      pushed(19),
      [
        [OLD, 70, false],
        [ENDS, 70, false],
      ],
    ],
    [
      "tell of one that should have been replaced, an hour after it is noticed",
      pushed(16),
      [
        [OLD, 20, false],
        [OLD, 26, true],
        [ENDS, 70, false],
      ],
    ],
    [
      "wake somebody five days before its end",
      pushed(6),
      [
        [ENDS, 23, false],
        [ENDS, 25, true],
      ],
    ],
    [
      "tell when nobody looks any more",
      pushed(40, 2),
      [
        [OLD, 20, false],
        [OLD, 60, true],
        [ENDS, 70, false],
      ],
    ],
    ["tell when nobody ever looked", {}, [[OLD, 2, true]]],
  ])("%s", (_, series, fires) => {
    expect(wrong(series, fires)).toBe("");
  });
});
