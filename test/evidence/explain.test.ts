import { expect, test } from "vitest";
import { explain, InputError } from "../../evidence";
import { displayWidth } from "../../evidence/text";
import { broken, from, healthy } from "./judgement";
import { judged, objects } from "./plans";

const look = { colour: false, width: 120 };

test("a loss after damage is derived term by term, before and after it", () => {
  expect(explain(healthy(), "omendb/data", "corruption", look)).toMatchInlineSnapshot(`
    "omendb/data · corruption · assumed
      promise: RPO 1h, RTO 2h
      owner:   omendb-oncall
      reason:  guide, line 493
      path:    newest clean restore point

    RPO: what can be lost
            6m  longest gap with one failed run  CronJob omendb-backup-incremental · spec.schedule   guaranteed
           10s  start slack                      CronJob omendb-backup-incremental                   guaranteed
                                                 · spec.startingDeadlineSeconds
            2m  longest run                      CronJob omendb-backup-incremental                   guaranteed
                                                 · spec.jobTemplate.spec.activeDeadlineSeconds
      = 8m 10s  written before the damage, and lost
           40m  damage is noticed                assumption damage-noticed                           assumed: damage-noticed
         = 40m  written after the damage, and lost
       ───────
       48m 10s  RPO keeps target 1h, 11m 50s to spare
       45m 10s  with every run succeeding

    RTO: until service is verified
       1m 30s  OmenDBDown fires    PrometheusRule omendb · spec.groups[0].rules[0].for            guaranteed
           5m  acknowledge         assumption page                                                assumed: page
           5m  activate the site   CronJob omendb-restore-activate                                assumed: undrilled-restore
                                   · spec.jobTemplate.spec.activeDeadlineSeconds
          30m  restore             CronJob omendb-restore                                         assumed: undrilled-restore
                                   · spec.jobTemplate.spec.activeDeadlineSeconds
           1m  DNS answers expire  Record omendb · ttl                                            guaranteed
      ───────
      42m 30s  RTO keeps target 2h, 1h 17m 30s to spare

    Window: how far back a clean restore point must reach
      needed 4h, available 30d: enough

    After it
      nobody says how long until the next such loss would be survived

    Dropped
      lease takeover: copies the corruption

    Rests on
      damage-noticed · corruption is noticed within 40m: The guide names a contact and no time. It was agreed with the
        team. (owner: security, until 2027-03-01, drill: omendb-page)
      page · a page is acknowledged within 5m: The guide names a contact and no time. It was agreed with the team. (owner:
        omendb-oncall, until 2027-03-01, drill: omendb-page)
      undrilled-restore · restore-in-eu-west-1 keeps its deadlines, not yet rehearsed: The path is new. (owner:
        omendb-oncall, until 2026-12-31, drill: omendb-restore)

    Guarded by
      OmenDBDown (health, critical) notifies within 1m 30s · PrometheusRule omendb

    Rehearsed
      no drill of this path is on record
    "
  `);
});

test("a broken promise shows how it breaks, the term that decides and the change that mends it", () => {
  expect(explain(broken(), "omendb/data", "region", look)).toMatchInlineSnapshot(`
    "omendb/data · region · missed
      promise: RPO under 15m, RTO under 1h
      owner:   omendb-oncall
      reason:  guide, line 493
      path:    restore in eu-west-1

    RPO: what can be lost
             4h  longest gap with one failed run  CronJob omendb-backup-incremental · spec.schedule               guaranteed
            10s  start slack                      CronJob omendb-backup-incremental                               guaranteed
                                                  · spec.startingDeadlineSeconds
             2m  longest run                      CronJob omendb-backup-incremental                               guaranteed
                                                  · spec.jobTemplate.spec.activeDeadlineSeconds
        ───────
      4h 2m 10s  RPO misses target under 15m by 3h 47m 10s
      2h 2m 10s  with every run succeeding

    RTO: until service is verified
       1m 30s  OmenDBDown fires    PrometheusRule omendb · spec.groups[0].rules[0].for            guaranteed
           5m  acknowledge         assumption page                                                assumed: page
           5m  activate the site   CronJob omendb-restore-activate                                assumed: undrilled-restore
                                   · spec.jobTemplate.spec.activeDeadlineSeconds
          30m  restore             CronJob omendb-restore                                         assumed: undrilled-restore
                                   · spec.jobTemplate.spec.activeDeadlineSeconds
           1m  DNS answers expire  Record omendb · ttl                                            guaranteed
      ───────
      42m 30s  RTO keeps target under 1h, 17m 30s to spare

    How it breaks
      Thu 31 Dec 20:00 UTC      incremental starts: the newest state that will be usable
      Thu 31 Dec 22:00          incremental fails
      Fri  1 Jan 2027 00:00:10  incremental starts, as late as 10s
      Fri  1 Jan 2027 00:02:10  just before it is usable, the region is lost
      → lost 4h 2m 10s, 2h 2m 10s with every run succeeding; RPO is under 15m
      binding: longest gap with one failed run 4h (CronJob omendb-backup-incremental · spec.schedule); at most 12m 49s would
               do
      fix:     spec.schedule of CronJob omendb-backup-incremental: "*/3 * * * *"
      checked: RPO 8m 10s (under 15m), RTO 42m 30s (under 1h)

    After it
      nobody says how long until the next such loss would be survived

    Dropped
      lease takeover: survives the loss of a zone at most

    Rests on
      page · a page is acknowledged within 5m: The guide names a contact and no time. It was agreed with the team. (owner:
        omendb-oncall, until 2027-03-01, drill: omendb-page)
      undrilled-restore · restore-in-eu-west-1 keeps its deadlines, not yet rehearsed: The path is new. (owner:
        omendb-oncall, until 2026-12-31, drill: omendb-restore)

    Guarded by
      OmenDBDown (health, critical) notifies within 1m 30s · PrometheusRule omendb

    Rehearsed
      no drill of this path is on record
    "
  `);
});

test("a narrow terminal has each source on the line below its number", () => {
  const lines = explain(healthy(), "omendb/data", "region", { colour: false, width: 80 }).split("\n");
  const at = lines.findIndex((line) => line.includes("start slack"));
  expect(lines[at]).toMatch(/^ +10s {2}start slack +guaranteed$/);
  expect(lines[at + 1]?.trim()).toBe("CronJob omendb-backup-incremental · spec.startingDeadlineSeconds");
});

test("without a disruption every promise of the asset is explained, in the order of reports", () => {
  const heads = explain(healthy(), "omendb/data", undefined, look).match(/^omendb\/data · \w+/gm);
  expect(heads).toEqual(
    ["process", "node", "zone", "region", "corruption", "compromise"].map((one) => `omendb/data · ${one}`),
  );
});

test("other ways that survive are listed with what they cost", () => {
  expect(explain(healthy(), "omendb/data", "zone", look)).toContain(
    "Other ways that survive\n  restore in eu-west-1: RPO 8m 10s (5m 10s), RTO 42m 30s",
  );
});

test("a way of which nobody can tell whether it survives is told apart from one that does not", () => {
  const text = explain(judged(objects()), "media/objects", "region", look);
  expect(text).toContain("\n  promotion: cannot tell, its place is not known: its region is an output\n");
  expect(text).toContain("\n  erasure code: nothing keeps its shares in more than one region\n");
});

test("no part of a source or of a name is cut where the source can stand below its number", () => {
  const judgement = healthy();
  const long = "omendb-restore-in-the-secondary-region-undrilled";
  const rto = judgement.assessments.find((one) => one.disruption === "region")?.chosen?.rto;
  for (const term of rto?.terms ?? []) if (term.assumption) term.assumption = long;
  const text = explain(judgement, "omendb/data", "region", look);
  expect(text).toContain(long);
  expect(text).toContain(
    "\n           CronJob omendb-restore-activate · spec.jobTemplate.spec.activeDeadlineSeconds\n",
  );
});

test("the last drill of the path is shown with its age", () => {
  expect(explain(healthy(), "omendb/data", "node", look)).toContain("2026-09-01, 81 days ago: took 58s, verified");
});

test.each(["unshift", "push"] as const)("of two records of one day the worse is shown (%s)", (add) => {
  const judgement = healthy();
  const [drill] = judgement.plan.register.drills;
  if (drill === undefined) throw new Error("no drill");
  judgement.plan.register.drills[add]({ ...drill, id: "2026-09-01-a", verified: false });
  expect(explain(judgement, "omendb/data", "node", look)).toContain("took 58s, NOT verified (2026-09-01-a)");
});

test.each(["unshift", "push"] as const)("of two records of one day and result the first by id is shown (%s)", (add) => {
  const judgement = healthy();
  const [drill] = judgement.plan.register.drills;
  if (drill === undefined) throw new Error("no drill");
  judgement.plan.register.drills[add]({ ...drill, id: "2026-09-01-a" });
  expect(explain(judgement, "omendb/data", "node", look)).toContain("took 58s, verified (2026-09-01-a)");
});

test("a total that is no plain sum says so", () => {
  const judgement = healthy();
  const rpo = judgement.assessments.find((one) => one.disruption === "region")?.chosen?.rpo[1];
  rpo?.terms.push({ ...(rpo.terms[0] as (typeof rpo.terms)[0]), name: "another gap" });
  expect(explain(judgement, "omendb/data", "region", look)).toContain("The terms overlap");
  expect(explain(healthy(), "omendb/data", "region", look)).not.toContain("The terms overlap");
});

test("a term without bound says why, and the promise is missed", () => {
  const judgement = healthy();
  const chosen = judgement.assessments.find((one) => one.disruption === "region")?.chosen;
  const endless = { unbounded: "the run has no deadline" };
  chosen?.rto.terms.push({ name: "restore", value: endless, grade: "guaranteed", source: from("CronJob x") });
  if (chosen) chosen.rto.total = endless;
  const text = explain(judgement, "omendb/data", "region", { ...look, width: 160 });
  expect(text).toMatch(/unbounded {2}restore \(the run has no deadline\)/);
  expect(text).toContain("RTO misses target under 1h: the run has no deadline");
});

test("exactly the target is kept by `1h` and missed by `under 1h`", () => {
  const judgement = healthy();
  const region = judgement.assessments.find((one) => one.disruption === "region");
  if (region?.chosen === undefined) throw new Error("no region");
  region.objective.rto.seconds = region.chosen.rto.total as typeof region.objective.rto.seconds;
  expect(explain(judgement, "omendb/data", "region", look)).toContain(
    "RTO misses target under 42m 30s, which it only equals",
  );
  region.objective.rto.strict = false;
  expect(explain(judgement, "omendb/data", "region", look)).toContain("RTO keeps target 42m 30s, exactly");
});

test.each([
  ["omendb/dta", undefined, "omendb/dta is not an asset; did you mean omendb/data? (there is omendb/data)"],
  ["omendb", undefined, "omendb is a system; ask for one of its assets: omendb/data"],
  [
    "omendb/data",
    "regoin",
    "regoin is not a disruption that omendb/data promises anything for; did you mean region? (there is compromise, corruption, node, process, region and zone)",
  ],
])("asking for %s %s names what exists", (asset, disruption, message) => {
  const ask = () => explain(healthy(), asset, disruption, look);
  expect(ask).toThrow(InputError);
  expect(ask).toThrow(expect.objectContaining({ name: "InputError", message }));
});

test("an asset without objective is told apart from one that does not exist", () => {
  const judgement = {
    ...healthy(),
    assessments: healthy().assessments.map((one) => ({ ...one, asset: "omendb/users" })),
  };
  expect(() => explain(judgement, "omendb/data", undefined, look)).toThrow("omendb/data has no objective");
});

test.each([80, 120, 160])("no line is wider than %i columns", (width) => {
  const text = explain(broken(), "omendb/data", undefined, { colour: false, width });
  expect(text.split("\n").filter((line) => displayWidth(line) > width)).toEqual([]);
});

test("colour changes no letter", () => {
  const coloured = explain(broken(), "omendb/data", undefined, { ...look, colour: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing colours
  expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(explain(broken(), "omendb/data", undefined, look));
});
