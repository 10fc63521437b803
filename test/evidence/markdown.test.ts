import { expect, test } from "vitest";
import { markdown } from "../../evidence";
import { broken, from, healthy, meta } from "./judgement";

/** What is seen before anything is unfolded. */
function unfolded(text: string): string {
  let depth = 0;
  const seen: string[] = [];
  for (const line of text.split("\n")) {
    if (line === "<details>") depth++;
    if (depth === 0) seen.push(line);
    if (line === "</details>") depth--;
  }
  expect(depth).toBe(0);
  return seen.join("\n").replace(/\n{3,}/g, "\n\n");
}

test("the first line of a healthy plan is its verdict, and nothing else stands open", () => {
  expect(unfolded(markdown(healthy(), meta))).toMatchInlineSnapshot(`
    "**✓ prod keeps all 6 recovery promises (3 assumed, 3 proven)**

    prod · as of 2026-11-21 · offline (no cloud was asked) · commit 4fc09e4

    312 resources · 1 system · 1 asset · 2 protections · why a number: \`npx holdfast explain omendb/data corruption\`
    "
  `);
});

test("the findings of a broken plan stand open below its verdict", () => {
  expect(unfolded(markdown(broken(), meta))).toMatchInlineSnapshot(`
    "**✗ prod does not keep 2 of 6 recovery promises (1 missed, 1 cannot prove, 1 assumed, 3 proven), and 2 mandatory findings stop the deployment**

    prod · as of 2026-11-21 · offline (no cloud was asked) · commit 4fc09e4

    #### ✗ omendb/data · region

    RPO is under 15m, the plan can lose 4h 2m 10s (2h 2m 10s) (rpo-is-met · mandatory)

    - **Thu 31 Dec 20:00 UTC** incremental starts: the newest state that will be usable
    - **Thu 31 Dec 22:00 UTC** incremental fails
    - **Fri 1 Jan 2027 00:00:10 UTC** incremental starts, as late as 10s
    - **Fri 1 Jan 2027 00:02:10 UTC** just before it is usable, the region is lost
    - → **lost 4h 2m 10s, 2h 2m 10s with every run succeeding; RPO is under 15m**
    - binding: longest gap with one failed run of CronJob omendb-backup-incremental, spec.schedule 0 \\*/2 \\* \\* \\*: 12m 49s at most
    - fix: spec.schedule of CronJob omendb-backup-incremental: "\\*/3 \\* \\* \\* \\*"
    - checked: RPO 8m 10s (under 15m), RTO 42m 30s (under 1h)

    #### ✗ omendb/certificate and 3 more assets · compromise

    the lock of Bucket omendb-restore-points cannot be read before deployment (a-copy-cannot-be-deleted · mandatory · cannot prove)

    - assets: omendb/certificate, omendb/config, omendb/data, omendb/users
    - at: Bucket omendb-restore-points · objectLockConfiguration.rule.defaultRetention

    #### ! omendb/data

    WALSizeGrowth names no runbook (alerts-have-runbooks · advisory)

    - at: PrometheusRule omendb · spec.groups\\[0\\].rules\\[3\\].annotations.runbook\\_url

    312 resources · 1 system · 1 asset · 2 protections · why a number: \`npx holdfast explain omendb/data region\`
    "
  `);
});

test("no table has more than three columns", () => {
  const rows = markdown(broken(), meta)
    .split("\n")
    .filter((line) => line.startsWith("|"));
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter((row) => row.split("|").length !== 5)).toEqual([]);
});

test("an auditor finds every promise, register entry and drill", () => {
  const text = markdown(healthy(), meta);
  for (const { id } of healthy().plan.register.assumptions) expect(text).toContain(`\`${id}\``);
  expect(text.match(/<summary>omendb\/data · \w+ · \w+<\/summary>/g)).toHaveLength(6);
  expect(text).toContain("2026-09-01 omendb/data lease-takeover: took 58s, verified");
});

test("advisory findings alone do not read as a stop", () => {
  const judgement = healthy();
  judgement.findings = broken().findings.filter((finding) => finding.level === "advisory");
  expect(markdown(judgement, meta).split("\n")[0]).toBe(
    "**✓ prod keeps all 6 recovery promises (3 assumed, 3 proven), with 1 advisory finding**",
  );
});

test("a mandatory finding stops the deployment even where every promise is kept", () => {
  const judgement = healthy();
  judgement.findings = broken().findings.filter((finding) => finding.cannotProve);
  expect(markdown(judgement, meta).split("\n")[0]).toBe(
    "**✗ prod keeps all 6 recovery promises (3 assumed, 3 proven), but 1 mandatory finding stops the deployment**",
  );
});

test("a name cannot add markup, break a table or notify a person", () => {
  const judgement = broken();
  judgement.findings = [
    {
      rule: "r",
      level: "mandatory",
      assets: [],
      source: from("Bucket x"),
      message: "@octocat <img src=x> | **a** [b](c) `d`",
    },
  ];
  const first = judgement.assessments[0]?.chosen?.rto.terms[0];
  if (first) first.name = "a | b";
  const text = markdown(judgement, meta);
  expect(text).toContain("@<!-- -->octocat &lt;img src=x&gt; &#124; \\*\\*a\\*\\* \\[b\\](c) \\`d\\`");
  expect(text).toContain("| a &#124; b<br>guaranteed |");
});

test("it fits into a comment however many promises there are, and counts what it left out", () => {
  const judgement = healthy();
  judgement.assessments = Array.from({ length: 12 }, (_, index) => index).flatMap((index) =>
    healthy().assessments.map((one) => ({ ...one, asset: `omendb/part-${index}` })),
  );
  const text = markdown(judgement, meta);
  expect(text.length).toBeLessThan(65_536);
  expect(text).toMatch(/\d+ more derivations did not fit here: see the JSON evidence\./);
});

test("the same judgement gives the same bytes, whatever the order of findings and however long it took", () => {
  const shuffled = broken();
  shuffled.findings.reverse();
  expect(markdown(shuffled, { ...meta, seconds: 99 })).toBe(markdown(broken(), meta));
});
