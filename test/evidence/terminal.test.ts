import { expect, test } from "vitest";
import { terminal } from "../../evidence";
import { displayWidth } from "../../evidence/text";
import type { Judgement } from "../../recovery/finding";
import { broken, from, healthy, meta } from "./judgement";

const plainly = (judgement: Judgement, width: number) => terminal(judgement, meta, { colour: false, width });

test("a healthy plan reads as one screen", () => {
  expect(plainly(healthy(), 120)).toMatchInlineSnapshot(`
    "Holdfast · prod · as of 2026-11-21 · offline (no cloud was asked)

      312 resources · 1 system · 1 asset · 2 protections                                                               2.9 s

      disruption    RPO target  worst case              RTO target  worst case  path                         verdict
      omendb
        process             0s          0s                under 2m      1m 32s  lease takeover               proven
        node          under 1m          0s                under 5m      1m 50s  lease takeover               proven
        zone          under 5m          0s               under 15m      1m 50s  lease takeover               proven
        region       under 15m      8m 10s (5m 10s)       under 1h     42m 30s  restore in eu-west-1         assumed ¹ ²
        corruption          1h     48m 10s (45m 10s)            2h     42m 30s  newest clean restore point   assumed ¹ ² ³
        compromise         24h   4h 8m 10s (4h 5m 10s)          8h     42m 30s  locked copy, clean-room      assumed ¹ ² ⁴ ⁵
                                                                                site
      In brackets: with every run succeeding. Worst cases hold through one failed run.

      0 findings · 5 assumptions · next drill due: omendb/data lease-takeover, in 9 days
      ¹ a page is acknowledged within 5m: The guide names a contact and no time (owner: omendb-oncall, until 2027-03-01)
      ² restore-in-eu-west-1 keeps its deadlines, not yet rehearsed (owner: omendb-oncall, until 2026-12-31)
      ³ corruption is noticed within 40m: The guide names a contact and no time (owner: security, until 2027-03-01)
      ⁴ compromise is noticed within 4h: The guide names a contact and no time (owner: security, until 2027-03-01)
      ⁵ site clean-room is as the register describes it (owner: platform, until 2027-03-01)

      Evidence: .holdfast/prod/   Why a number: npx holdfast explain omendb/data corruption
    "
  `);
});

test("a broken plan says what breaks, on which days, and what mends it", () => {
  expect(plainly(broken(), 120)).toMatchInlineSnapshot(`
    "Holdfast · prod · as of 2026-11-21 · offline (no cloud was asked)

      312 resources · 1 system · 1 asset · 2 protections                                                               2.9 s

      disruption    RPO target   worst case              RTO target  worst case  path                         verdict
      omendb
        process             0s           0s                under 2m      1m 32s  lease takeover               proven
        node          under 1m           0s                under 5m      1m 50s  lease takeover               proven
        zone          under 5m           0s               under 15m      1m 50s  lease takeover               proven
        region       under 15m  ✗ 4h 2m 10s (2h 2m 10s)    under 1h     42m 30s  restore in eu-west-1         missed ¹ ²
        corruption          1h      48m 10s (45m 10s)            2h     42m 30s  newest clean restore point   assumed ¹ ² ³
        compromise         24h            ?                      8h           ?  no path is known to survive  cannot prove
      In brackets: with every run succeeding. Worst cases hold through one failed run.

    ✗ omendb/data · region · RPO is under 15m, the plan can lose 4h 2m 10s (2h 2m 10s)                rpo-is-met · mandatory

        Thu 31 Dec 20:00 UTC      incremental starts: the newest state that will be usable
        Thu 31 Dec 22:00          incremental fails
        Fri  1 Jan 2027 00:00:10  incremental starts, as late as 10s
        Fri  1 Jan 2027 00:02:10  just before it is usable, the region is lost
        → lost 4h 2m 10s, 2h 2m 10s with every run succeeding; RPO is under 15m

        binding: longest gap with one failed run of CronJob omendb-backup-incremental, spec.schedule 0 */2 * * *: 12m 49s at
                 most
        fix:     spec.schedule of CronJob omendb-backup-incremental: "*/3 * * * *"
        checked: RPO 8m 10s (under 15m), RTO 42m 30s (under 1h)

    ✗ omendb/certificate and 3 more assets · compromise · the lock of Bucket omendb-restore-points cannot be read before
      deployment                                                         a-copy-cannot-be-deleted · mandatory · cannot prove
        assets: omendb/certificate, omendb/config, omendb/data, omendb/users
        at:     Bucket omendb-restore-points · objectLockConfiguration.rule.defaultRetention

    ! omendb/data · WALSizeGrowth names no runbook                                           alerts-have-runbooks · advisory
        at: PrometheusRule omendb · spec.groups[0].rules[3].annotations.runbook_url

    – omendb/data · runs of omendb-backup-full may overlap: concurrencyPolicy is Allow          runs-do-not-overlap · waived
        waived: until 2026-12-15 by db-team: the upgrade job needs it (OPS-12)

      3 findings, 2 mandatory: not to be deployed · 1 waived · 3 assumptions · next drill due: omendb/data lease-takeover,
      in 9 days
      ¹ a page is acknowledged within 5m: The guide names a contact and no time (owner: omendb-oncall, until 2027-03-01)
      ² restore-in-eu-west-1 keeps its deadlines, not yet rehearsed (owner: omendb-oncall, until 2026-12-31)
      ³ corruption is noticed within 40m: The guide names a contact and no time (owner: security, until 2027-03-01)

      Evidence: .holdfast/prod/   Why a number: npx holdfast explain omendb/data region
    "
  `);
});

test("a narrow terminal gets its rows stacked", () => {
  expect(plainly(broken(), 80)).toMatchInlineSnapshot(`
    "Holdfast · prod · as of 2026-11-21 · offline (no cloud was asked)

      312 resources · 1 system · 1 asset · 2 protections                       2.9 s

      omendb
        process     proven         lease takeover
          RPO 0s, target 0s                   RTO 1m 32s, target under 2m
        node        proven         lease takeover
          RPO 0s, target under 1m             RTO 1m 50s, target under 5m
        zone        proven         lease takeover
          RPO 0s, target under 5m             RTO 1m 50s, target under 15m
        region      missed ¹ ²     restore in eu-west-1
          RPO ✗ 4h 2m 10s (2h 2m 10s), target under 15m
          RTO 42m 30s, target under 1h
        corruption  assumed ¹ ² ³  newest clean restore point
          RPO 48m 10s (45m 10s), target 1h    RTO 42m 30s, target 2h
        compromise  cannot prove   no path is known to survive
          RPO ?, target 24h                   RTO ?, target 8h
      In brackets: with every run succeeding. Worst cases hold through one failed
      run.

    ✗ omendb/data · region · RPO is under 15m, the plan can lose
      4h 2m 10s (2h 2m 10s)                                   rpo-is-met · mandatory

        Thu 31 Dec 20:00 UTC      incremental starts: the newest state that will be
                                  usable
        Thu 31 Dec 22:00          incremental fails
        Fri  1 Jan 2027 00:00:10  incremental starts, as late as 10s
        Fri  1 Jan 2027 00:02:10  just before it is usable, the region is lost
        → lost 4h 2m 10s, 2h 2m 10s with every run succeeding; RPO is under 15m

        binding: longest gap with one failed run of CronJob
                 omendb-backup-incremental, spec.schedule 0 */2 * * *: 12m 49s at
                 most
        fix:     spec.schedule of CronJob omendb-backup-incremental: "*/3 * * * *"
        checked: RPO 8m 10s (under 15m), RTO 42m 30s (under 1h)

    ✗ omendb/certificate and 3 more assets · compromise · the lock of Bucket
      omendb-restore-points cannot be read before deployment
      a-copy-cannot-be-deleted · mandatory · cannot prove
        assets: omendb/certificate, omendb/config, omendb/data, omendb/users
        at:     Bucket omendb-restore-points
                · objectLockConfiguration.rule.defaultRetention

    ! omendb/data · WALSizeGrowth names no runbook   alerts-have-runbooks · advisory
        at: PrometheusRule omendb · spec.groups[0].rules[3].annotations.runbook_url

    – omendb/data · runs of omendb-backup-full may overlap: concurrencyPolicy is
      Allow                                             runs-do-not-overlap · waived
        waived: until 2026-12-15 by db-team: the upgrade job needs it (OPS-12)

      3 findings, 2 mandatory: not to be deployed · 1 waived · 3 assumptions · next
      drill due: omendb/data lease-takeover, in 9 days
      ¹ a page is acknowledged within 5m (owner: omendb-oncall, until 2027-03-01)
      ² restore-in-eu-west-1 keeps its deadlines, not yet rehearsed (owner:
        omendb-oncall, until 2026-12-31)
      ³ corruption is noticed within 40m (owner: security, until 2027-03-01)

      Evidence: .holdfast/prod/
      Why a number: npx holdfast explain omendb/data region
    "
  `);
});

test.each([80, 100, 110, 120, 160])("no line is wider than a terminal of %i columns", (width) => {
  for (const judgement of [healthy(), broken(), crowded()]) {
    const wide = plainly(judgement, width)
      .split("\n")
      // The hint stays on one line, so that it can be copied.
      .filter((line) => displayWidth(line) > width && !line.startsWith("  Why a number:"));
    expect(wide).toEqual([]);
  }
});

test("a terminal narrower than 80 columns is served as one of 80", () => {
  expect(plainly(broken(), 20)).toBe(plainly(broken(), 80));
});

test("without colour there is no control character but the line feed", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
  expect(plainly(crowded(), 120)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test.each([80, 120])("colour changes no letter and no column at %i columns", (width) => {
  const coloured = terminal(broken(), meta, { colour: true, width });
  expect(coloured).toContain("\u001b[");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing colours
  expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(plainly(broken(), width));
});

test("the same judgement prints the same text, whatever the order of its parts", () => {
  const shuffled = broken();
  shuffled.findings.reverse();
  shuffled.assessments.reverse();
  shuffled.notes.reverse();
  expect(plainly(shuffled, 120)).toBe(plainly(broken(), 120));
});

test("verdicts are the four words and no others", () => {
  const verdicts = [
    ...plainly(broken(), 160).matchAll(/^ {2}(?:\w+)? +\w+ .*? (proven|assumed|missed|cannot prove)(?: [¹²³ ]+)?$/gm),
  ];
  expect(verdicts.map(([, verdict]) => verdict)).toEqual([
    "proven",
    "proven",
    "proven",
    "missed",
    "assumed",
    "cannot prove",
  ]);
});

test("of several assets, the row is the one furthest from its promise, and says which", () => {
  const judgement = healthy();
  const region = judgement.assessments.find((one) => one.disruption === "region");
  if (region === undefined) throw new Error("no region");
  judgement.assessments.push({ ...region, asset: "omendb/users", verdict: "missed", broken: ["rto"] });
  const row = plainly(judgement, 160)
    .split("\n")
    .find((line) => line.includes(" region "));
  expect(row).toContain("✗ 42m 30s");
  expect(row).toContain("users: restore in eu-west-1");
  expect(plainly(judgement, 160)).toContain("furthest from its promise; 7 were judged.");
});

test("no path left reads as all lost, never back", () => {
  const judgement = healthy();
  judgement.assessments = judgement.assessments.slice(0, 1).map(({ chosen: _, ...one }) => ({
    ...one,
    verdict: "missed",
    broken: ["rpo", "rto"],
  }));
  expect(plainly(judgement, 120)).toMatch(/✗ all .* ✗ never +no path survives +missed/);
});

test("ten assets behind one missing lock are one finding with ten assets", () => {
  const judgement = healthy();
  const assets = Array.from({ length: 10 }, (_, index) => `omendb/part-${index}`);
  judgement.findings = assets.map((asset) => ({
    rule: "a-copy-cannot-be-deleted",
    level: "mandatory",
    assets: [asset],
    disruption: "compromise",
    source: from("Bucket omendb-restore-points"),
    message: "no lock keeps hostile credentials from deleting it",
  }));
  const text = plainly(judgement, 120);
  expect(text.match(/^✗/gm)).toHaveLength(1);
  expect(text).toContain("omendb/part-0 and 9 more assets");
  for (const asset of assets) expect(text).toContain(asset);
  expect(text).toContain("1 finding, 1 mandatory");
});

test("entries that claim the same by one owner until one day are one footnote, and each counts", () => {
  const judgement = healthy();
  const { register } = judgement.plan;
  const page = register.assumptions.find(({ id }) => id === "page");
  if (page === undefined) throw new Error("no such assumption");
  const beside = (owner: string) => {
    const other = { ...page, id: "page-too", reason: "Another.", owner };
    const plan = { ...judgement.plan, register: { ...register, assumptions: [...register.assumptions, other] } };
    const assessments = judgement.assessments.map((one) =>
      one.assumptions.includes("page") ? { ...one, assumptions: [...one.assumptions, "page-too"] } : one,
    );
    return plainly({ ...judgement, plan, assessments }, 120);
  };
  const told = (text: string) => text.match(/^ {2}[¹²³⁴⁵⁶] .*/gm);
  const [first, ...others] = told(plainly(judgement, 120)) ?? [];
  expect(told(beside(page.owner))).toEqual([first?.replace(/: The guide .*(?= \(owner)/, ""), ...others]);
  expect(beside(page.owner)).toContain("6 assumptions");
  expect(told(beside("somebody else"))).toHaveLength(6);
});

test("what else the same cause breaks is listed under it", () => {
  const judgement = broken();
  for (const finding of judgement.findings) finding.also = ["zone: RPO is under 5m, the plan can lose 4h 2m 10s"];
  expect(plainly(judgement, 120)).toContain("also:    zone: RPO is under 5m, the plan can lose 4h 2m 10s");
});

test("a waived finding stays visible and stops nothing", () => {
  const judgement = broken();
  judgement.findings = judgement.findings.filter((finding) => finding.waiver !== undefined);
  const text = plainly(judgement, 120);
  expect(text).toContain("waived: until 2026-12-15 by db-team: the upgrade job needs it (OPS-12)");
  expect(text).toContain("0 findings · 1 waived");
  expect(text).not.toContain("not to be deployed");
});

test("the next drill is the one due first: a record that ages, or an assumption that ends", () => {
  const judgement = healthy();
  expect(plainly(judgement, 120)).toContain("next drill due: omendb/data lease-takeover, in 9 days");
  judgement.plan.register.drills = [];
  expect(plainly(judgement, 120)).toContain("next drill due: omendb-restore, in 40 days");
  judgement.plan.register.assumptions = [];
  expect(plainly(judgement, 120)).toContain("next drill due: none is on record");
});

test("the hint can be copied into a shell as it is", () => {
  const where = { ...meta, stack: "staging", program: "examples/as-written/omendb" };
  expect(terminal(broken(), where, { colour: false, width: 120 })).toContain(
    "npx holdfast explain omendb/data region --stack staging --program examples/as-written/omendb\n",
  );
});

test("a program that promises nothing is told so", () => {
  expect(plainly({ ...healthy(), assessments: [] }, 120)).toContain("No asset promises anything");
});

/** Names as long and as hostile as a resource can have. */
function crowded(): Judgement {
  const judgement = broken();
  const long =
    "omniverse-nucleus-enterprise-asset-database-with-a-very-long-name-that-goes-on-and-on-and-on-and-on-and-on";
  judgement.assessments = judgement.assessments.flatMap((one, index) => [
    one,
    { ...one, system: "exr-inspector", asset: `exr-inspector/${long}` },
    {
      ...one,
      system: "日本語",
      asset: `日本語/データ${index}`,
      assumptions: ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"],
    },
  ]);
  judgement.findings.push({
    rule: "rto-is-met",
    level: "mandatory",
    assets: [`exr-inspector/${long}`],
    disruption: "zone",
    source: from(`CronJob ${long}`, `spec.${long}`),
    message: `evil\u001b[2J\nname ${long}`,
  });
  judgement.notes.push({ kind: "kept-by", message: long, assets: [long] });
  return judgement;
}
