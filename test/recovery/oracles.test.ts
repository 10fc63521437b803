import { describe, expect, it } from "vitest";
import { blocking, judgePlan } from "../../policies/judge";
import {
  type Alert,
  type Assessment,
  assess,
  awsBackup,
  type Bound,
  type Disruption,
  duration,
  factSeconds,
  isBounded,
  kubernetes,
  longestGap,
  nodeRestart,
  type Path,
  type Plan,
  placementOf,
  prometheusDetection,
  type Replica,
  type RestorePoints,
  reachBack,
  restoreTime,
  route53Redirection,
  type Schedule,
  type Series,
  type Setting,
  type Shares,
  seconds,
  spanFrom,
  spanOf,
  stoppedArchive,
  sum,
  type Term,
  type Versions,
} from "../../recovery";
import { cron, day, hour, only } from "./answers";
import {
  alert,
  asOf,
  asset,
  copy,
  here,
  path,
  plan,
  points,
  redundancy,
  series,
  source,
  step,
  term,
  there,
} from "./build";

const every = (minutes: number): Schedule => ({
  scheduler: "aws",
  expression: `rate(${minutes} minutes)`,
  timeZone: "Etc/UTC",
});
const taken = (edit: Partial<Series>, transfer = "10m"): RestorePoints =>
  points({ series: [series(edit)], transfer: term("transfer", transfer) });

/** Worst losses over a region, with every run succeeding and with one failed. */
function losses(edit: Partial<Series>, transfer?: string): Bound[] {
  const answer = only(plan({ protections: [taken(edit, transfer)] }));
  return answer.chosen?.rpo.map(({ total }) => total) ?? [];
}

const verdictOf = (rpo: string, protections: Plan["protections"], more: Partial<Plan> = {}, rto = "8h") =>
  only(plan({ assets: [asset({ region: [rpo, rto] })], protections, ...more })).verdict;

const span = (value: string): Setting => ({ value: duration(value), source: source(value) });
const total = (terms: readonly Term[]): Bound => sum(terms.map(({ value }) => value));
const part = ({ chosen }: Assessment, which: "before" | "after"): Bound =>
  total((chosen?.rpo[0].terms ?? []).filter((one) => one.part === which));

describe("the loss of scheduled restore points", () => {
  it("oracle 1: daily 02:00 UTC, 30 min and 10 min to transfer: 88,800 s, 175,200 s with one failed run", () => {
    expect(losses({})).toEqual([88_800, 175_200]);
  });

  it("oracle 2: the same by a CronJob in Europe/Berlin: 171,600 s, 258,000 s with one failed run", () => {
    expect(losses({ schedule: cron("0 2 * * *", "Europe/Berlin") })).toEqual([171_600, 258_000]);
  });

  it("oracle 3: the same by Debian's cron, which runs after the spring change: 92,400 s on the autumn day", () => {
    const schedule: Schedule = { scheduler: "debian", expression: "0 2 * * *", timeZone: "Europe/Berlin" };
    expect(losses({ schedule })[0]).toBe(92_400);
  });

  it("oracle 4: weekly on Sundays 01:00 in Europe/London, 6 h: 341 h, 509 h with one failed run", () => {
    const weekly = { schedule: cron("0 1 * * 0", "Europe/London"), run: term("run", "6h") };
    expect(losses(weekly, "0s")).toEqual([341 * hour, 509 * hour]);
  });

  it("oracle 5: AWS Backup daily with its default windows of 8 h and 7 d: 200 h", () => {
    const daily: Partial<Series> = {
      schedule: { scheduler: "aws", expression: "cron(0 5 * * ? *)", timeZone: "Etc/UTC" },
      // Its jobs run beside each other.
      overlap: "allow",
      startSlack: { ...term("start window", "0s"), value: factSeconds(awsBackup.startWindow) },
      run: { ...term("completion window", "0s"), value: factSeconds(awsBackup.completionWindow) },
    };
    expect(losses(daily, "0s")[0]).toBe(200 * hour);
  });

  it("oracle 6: hourly, up to 60 min late, 20 min: 2 h 20 min, which keeps 4 h and breaks 2 h", () => {
    const hourly = { schedule: cron("0 * * * *"), startSlack: term("slack", "60m"), run: term("run", "20m") };
    expect(losses(hourly, "0s")[0]).toBe(duration("2h20m"));
    const verdicts = ["4h", "2h"].map((rpo) => verdictOf(rpo, [taken(hourly, "0s")]));
    expect(verdicts).toEqual(["proven", "missed"]);
  });
});

describe("the loss of one failed run that an alert notices", () => {
  interface Watched {
    rpo: string;
    notified: string;
    run: string;
    ageFrom?: "capture" | "completion";
  }

  /** Whether runs some minutes apart keep an RPO through an alert that just lets healthy days pass. */
  const keeps = (minutes: number, { rpo, notified, run, ageFrom = "capture" }: Watched): boolean => {
    const watching: Alert = alert({
      threshold: seconds(minutes * 60 + duration(run)),
      detect: [term("notified", notified)],
      ageFrom,
      rerun: [],
    });
    const one = taken({ schedule: every(minutes), run: term("run", run) }, "0s");
    return verdictOf(rpo, [one], { alerts: [watching] }) === "proven";
  };
  const longest = ({ rpo, notified, run, ageFrom = "capture" }: Watched) =>
    longestGap({
      rpo: duration(rpo),
      detection: duration(notified),
      slack: 0,
      run: duration(run),
      transfer: 0,
      ageFrom,
    });

  it("oracle 7 (11.0: acknowledge 0): RPO 24 h, noticed in 30 min, 40 min: at most 22 h 10 min apart, so not daily; 21 h 30 min by age from completion", () => {
    const watched: Watched = { rpo: "24h", notified: "30m", run: "40m" };
    const verdicts = (of: Watched, ...minutes: number[]) => minutes.map((apart) => keeps(apart, of));
    expect(longest(watched)).toBe(duration("22h10m"));
    expect(verdicts(watched, 22 * 60 + 10, 22 * 60 + 11, 24 * 60)).toEqual([true, false, false]);
    const completed: Watched = { ...watched, ageFrom: "completion" };
    expect(longest(completed)).toBe(duration("21h30m"));
    expect(verdicts(completed, 21 * 60 + 30, 21 * 60 + 31)).toEqual([true, false]);
  });

  it("oracle 8 (11.0: acknowledge 0): RPO 4 h, noticed in 15 min, 30 min: runs at most 2 h 45 min apart", () => {
    const watched: Watched = { rpo: "4h", notified: "15m", run: "30m" };
    expect(longest(watched)).toBe(duration("2h45m"));
    expect([165, 166].map((minutes) => keeps(minutes, watched))).toEqual([true, false]);
  });
});

describe("runs longer than their gap", () => {
  const hourly = (overlap: Series["overlap"]) =>
    series({ schedule: cron("0 * * * *"), run: term("run", "90m"), overlap });

  it("oracle 9 (11.0: an upper bound, a tick in between is dropped): hourly runs of 90 min, Forbid 2 h apart, Replace never", () => {
    expect(spanOf(hourly("forbid"), 0, asOf)).toBe(2 * hour);
    expect(spanOf(hourly("replace"), 0, asOf)).toHaveProperty("unbounded");
  });
});

describe("the loss of what is copied all the time", () => {
  it("oracle 10 (11.0: 270 s when the alert fires): a log shipped each 60 s in 30 s loses 90 s, stopped and noticed in 150 s 270 s", () => {
    const log = plan({
      protections: [
        points(),
        {
          kind: "archive",
          id: "log",
          asset: "s/data",
          label: "log",
          base: "points",
          ship: term("shipped every", "60s"),
          upload: term("upload", "30s"),
          copies: [copy()],
          source: source("log"),
        },
      ],
      paths: [path({ protection: "log" })],
    });
    expect(only(log).chosen?.rpo[0].total).toBe(90);
    expect(stoppedArchive(60, 30, 150)).toBe(270);
  });

  it("oracle 11: a lag of 300 s keeps an RPO of 5m and breaks one of under 5m", () => {
    const replica: Replica = {
      kind: "replica",
      id: "replica",
      asset: "s/data",
      label: "second region",
      at: there,
      lag: term("lag", "300s"),
      carries: "data",
      source: source("replica"),
    };
    const verdicts = ["5m", "under 5m"].map((rpo) =>
      verdictOf(rpo, [replica], { paths: [path({ protection: "replica" })] }),
    );
    expect(verdicts).toEqual(["proven", "missed"]);
  });

  it("oracle 12: assets weekly on Sundays 01:00 and a database daily at 02:00 that refers to them: 191 h", () => {
    const member = (id: string, expression: string): RestorePoints => ({
      ...taken({ schedule: cron(expression), run: term("run", "0s") }, "0s"),
      id: `${id}/points`,
      asset: id,
    });
    const pair = plan({
      assets: ["s/assets", "s/db"].map((id) => asset({ region: ["192h", "8h"] }, { id })),
      protections: [member("s/assets", "0 1 * * 0"), member("s/db", "0 2 * * *")],
      paths: ["s/assets", "s/db"].map((id) => path({ id: `${id}/restore`, asset: id, protection: `${id}/points` })),
      groups: [
        {
          id: "s/pair",
          members: [
            { asset: "s/assets", refersTo: [] },
            { asset: "s/db", refersTo: ["s/assets"] },
          ],
          source: source("pair"),
        },
      ],
    });
    expect(assess(pair, asOf).map(({ chosen }) => chosen?.rpo[0].total)).toEqual([191 * hour, 191 * hour]);
  });
});

describe("the time until a pod serves again", () => {
  const lost = (volume: "none" | "exclusive", edit: { toleration?: string; pull?: string; start?: string }): Bound => {
    const { toleration, pull = "0s", start = "0s" } = edit;
    const { detect, steps } = nodeRestart({
      workload: "Deployment",
      nodeGrace: spanFrom(kubernetes.nodeGrace),
      toleration: toleration === undefined ? spanFrom(kubernetes.toleration) : span(toleration),
      volume: { value: volume, source: source("volume") },
      imagePull: span(pull),
      start: span(start),
    });
    return total([...detect, ...steps]);
  };

  it("oracle 13: with the defaults 350 s, 710 s with a volume of one node, before it is scheduled", () => {
    expect([lost("none", {}), lost("exclusive", {})]).toEqual([350, 710]);
  });

  it("oracle 14: tolerated for 30 s 80 s, 440 s with a volume of one node", () => {
    expect([lost("none", { toleration: "30s" }), lost("exclusive", { toleration: "30s" })]).toEqual([80, 440]);
  });

  it("oracle 15: the latter with 60 s of pulling and 930 s of starting: 1,430 s, more than 5 min and 15 min", () => {
    const restart = lost("exclusive", { toleration: "30s", pull: "60s", start: "930s" });
    expect(restart).toBe(1_430);
    const verdicts = ["5m", "15m", "1430s"].map((rto) =>
      verdictOf(
        "30h",
        [redundancy({ survives: "region" })],
        {
          paths: [path({ protection: "storage", steps: [step("reschedule", restart)] })],
        },
        rto,
      ),
    );
    expect(verdicts).toEqual(["missed", "missed", "proven"]);
  });
});

describe("the time until a loss is noticed and clients follow", () => {
  const prometheus = (scrape: string, evaluation: string, holds: string, wait: string): Bound =>
    total(
      prometheusDetection({
        scrape: span(scrape),
        scrapeTimeout: span("10s"),
        evaluation: span(evaluation),
        for: span(holds),
        wait: span(wait),
      }),
    );

  it("oracle 16: scrape 30, timeout 10, evaluation 30, for 60, group_wait 30: 160 s; group_interval 300: 430 s", () => {
    expect(prometheus("30s", "30s", "60s", "30s")).toBe(160);
    expect(prometheus("30s", "30s", "60s", "300s")).toBe(430);
  });

  it("oracle 17: scrape 15, timeout 10, evaluation 15, for 20, group_wait 30: the 20 are two evaluations, 100 s", () => {
    expect(prometheus("15s", "15s", "20s", "30s")).toBe(100);
  });

  it("oracle 18: Route 53 with 3 checks each 30 s and a TTL of 60 s: 150 s; each 10 s: 90 s", () => {
    const route53 = (interval: string): Bound => {
      const { detect, redirect } = route53Redirection({
        interval: span(interval),
        timeout: span("0s"),
        threshold: { value: 3, source: source("threshold") },
        ttl: span("60s"),
        clientCache: span("0s"),
      });
      return total([...detect, ...redirect]);
    };
    expect([route53("30s"), route53("10s")]).toEqual([150, 90]);
  });

  it("oracle 19: 2.3 PB at 4.2 GB/s: 547,620 s; in 4 h at 159.7 GB/s and a little", () => {
    const baseBytes = 2_300_000_000_000_000;
    const restored = (bytesPerSecond: number) =>
      restoreTime(points({ restoreRate: { perLink: term("link", "0s"), bytesPerSecond, baseBytes } }), asOf);
    expect(restored(4_200_000_000)).toBe(547_620);
    const enough = Math.ceil(baseBytes / (4 * hour));
    expect([restored(enough), restored(enough - 1)]).toEqual([4 * hour, 4 * hour + 1]);
    expect(Math.floor(enough / 1e8) / 10).toBe(159.7);
  });
});

describe("damage that is noticed later", () => {
  const noticing = (detect: string, decide: string, restore = "4h"): Partial<Path> => ({
    detect: [term("noticed", detect)],
    decide: [term("decided", decide)],
    steps: [
      step("stop writes", "0s", { stopsWrites: true }),
      step("restore", restore, { restores: true, after: ["stop writes"] }),
    ],
  });
  const damaged = (protection: Plan["protections"][number], noticed: Partial<Path>) =>
    only(
      plan({
        assets: [asset({ corruption: ["400h", "400h"] })],
        protections: [protection],
        paths: [path({ protection: protection.id, ...noticed })],
      }),
    );
  const kept = (text: string, run = "0s") => ({
    ...taken({ run: term("run", run) }, "0s"),
    copies: [copy({ keptFor: term("kept", text) })],
  });

  it("oracle 20: daily, noticed after 3 d, decided in 1 h, restored in 4 h: 24 h before, 73 h after, 101 h back: 168 h do, 96 h do not", () => {
    const long = damaged(kept("168h"), noticing("3d", "1h"));
    expect([part(long, "before"), part(long, "after")]).toEqual([24 * hour, 73 * hour]);
    // The verdict stands through one failed run, and so looks one day further back.
    expect(long.chosen?.window?.needed).toBe(101 * hour + day);
    expect([long.verdict, damaged(kept("96h"), noticing("3d", "1h")).verdict]).toEqual(["proven", "missed"]);
  });

  it("oracle 21: versions vacuumed after 168 h, damage noticed after 8 d: no bound", () => {
    const versions: Versions = {
      kind: "versions",
      id: "versions",
      asset: "s/data",
      label: "table versions",
      at: here,
      undoes: ["overwrite", "delete"],
      keptFor: term("kept", "168h"),
      lock: { mode: "none", keptFor: term("locked", "0s") },
      source: source("table"),
    };
    expect(damaged(versions, noticing("8d", "0s")).chosen?.rpo[0].total).toHaveProperty("unbounded");
    expect(isBounded(damaged(versions, noticing("6d", "0s")).chosen?.rpo[0].total ?? { unknown: "" })).toBe(true);
  });

  it("oracle 22 (11.0: 24 h 30 min before it struck): noticed in 10 min, 40 min of run: what is in flight then is not usable", () => {
    expect(part(damaged(kept("30d", "40m"), noticing("10m", "0s")), "before")).toBe(duration("24h30m"));
  });
});

describe("what survives", () => {
  it("oracle 23: a replica of 15 min and 6 h and a backup of 24 h and 1 h do not keep 1 h and 2 h together", () => {
    const ways: Partial<Plan> = {
      protections: [
        redundancy({ id: "replica", survives: "region", loss: [term("lag", "15m")] }),
        redundancy({ id: "backup", survives: "region", loss: [term("age", "24h")] }),
      ],
      paths: [
        path({ id: "promote", protection: "replica", steps: [step("promote", "6h")] }),
        path({ id: "restore", protection: "backup", steps: [step("restore", "1h")] }),
      ],
    };
    const promised = (rpo: string, rto: string) => only(plan({ assets: [asset({ region: [rpo, rto] })], ...ways }));
    expect(promised("1h", "2h").verdict).toBe("missed");
    expect([promised("1h", "6h").verdict, promised("24h", "2h").verdict]).toEqual(["proven", "proven"]);
  });

  it("oracle 24: 4 of 6 shares on 7 members: one lost 6/7 degraded, two lost nothing unreadable, three 4/7", () => {
    const answers = [1, 2, 3].map((lost) => placementOf(6, 4, 7, lost));
    expect(answers[0]?.degraded).toEqual({ of: 6, in: 7 });
    expect(answers.map(({ unreadable }) => unreadable.of)).toEqual([0, 0, 4]);
    expect(answers[2]?.unreadable.in).toBe(7);
  });

  it("oracle 25: 4 of 6 shares, two in each rack: one rack may be lost, two may not", () => {
    const racks: Shares = { needed: 4, total: 6, together: { zone: 2 } };
    const against = (survives: Shares, disruption: Disruption) =>
      only(
        plan({
          assets: [asset({ [disruption]: ["0s", "8h"] })],
          protections: [redundancy({ survives })],
          paths: [path({ protection: "storage" })],
        }),
      ).verdict;
    expect(against(racks, "zone")).toBe("proven");
    expect(against({ ...racks, away: 1 }, "zone")).toBe("missed");
  });

  it("oracle 26 (11.0: window, two cycles and a run, one full may fail): full weekly with increments, kept 7 d reaches no moment back", () => {
    const chain: RestorePoints = points({
      series: [
        series({ schedule: cron("0 1 * * 0"), run: term("run", "4h") }),
        series({ name: "increments", role: "incremental", schedule: cron("0 1 * * 1-6") }),
      ],
      transfer: term("transfer", "0s"),
    });
    const reach = (text: string) => reachBack(chain, duration(text), asOf);
    expect(reach("7d")).toBe(0);
    expect([reach("44d4h"), reach("14d4h"), reach("14d5h")]).toEqual([30 * day, 0, hour]);
  });

  it("oracle 27: a retention that is not known at preview stops the deployment", () => {
    const keptFor = term("backupRetentionPeriod", { unknown: "backupRetentionPeriod is not known before deployment" });
    const judgement = judgePlan(
      {
        plan: plan({
          assets: [asset({ corruption: ["300h", "300h"] }, { retention: { atLeast: duration("7d") } })],
          protections: [points({ copies: [copy({ keptFor })] })],
        }),
        problems: [],
        asOf,
      },
      1,
    );
    expect(judgement.assessments[0]?.verdict).toBe("cannot prove");
    const found = blocking(judgement).filter(({ message }) => message.includes("backupRetentionPeriod is not known"));
    expect(found.map(({ rule, level, cannotProve }) => [rule, level, cannotProve])).toContainEqual([
      "restore-points-are-kept",
      "mandatory",
      true,
    ]);
  });
});
