import { describe, expect, it } from "vitest";
import { awsBackup, cronJobs, dns, type Fact, factSeconds, gaps, kubernetes } from "../../../recovery";
import golden from "../schedule/cron-vectors.json";

const total = (...parts: Fact[]) => parts.map(factSeconds).reduce((a, b) => a + b, 0);

describe("the numbers of the facts add up to what is known of the whole", () => {
  it.each<[string, number, number]>([
    ["a lost node, before anything moves", total(kubernetes.nodeGrace, kubernetes.toleration), 350],
    ["and with a volume", total(kubernetes.nodeGrace, kubernetes.toleration, kubernetes.forceDetach), 710],
    [
      "a daily AWS backup with the windows that nobody set",
      86_400 + total(awsBackup.startWindow, awsBackup.completionWindow),
      200 * 3_600,
    ],
    [
      "Route 53 with a TTL",
      total(dns.route53Interval) * (dns.route53Threshold.value ?? 0) + total(dns.route53Ttl),
      150,
    ],
    ["and fast", total(dns.route53FastInterval) * (dns.route53Threshold.value ?? 0) + total(dns.route53Ttl), 90],
    [
      "Traffic Manager, from a fault right after a probe",
      total(dns.trafficManagerInterval) * (1 + (dns.trafficManagerTolerated.value ?? 0)) +
        total(dns.trafficManagerTimeout),
      130,
    ],
  ])("%s", (_, sum, expected) => {
    expect(sum).toBe(expected);
  });
});

describe("a measured gap", () => {
  const years = { from: Date.UTC(2025, 0) / 1_000, to: Date.UTC(2035, 0) / 1_000 };

  const measured: [Fact, string, string][] = [
    [cronJobs.dailyGapInUtc, "0 2 * * *", "Etc/UTC"],
    [cronJobs.dailyGapAcrossSpring, "0 2 * * *", "Europe/Berlin"],
    [cronJobs.dailyGapAcrossSpring, "0 2 * * *", "America/New_York"],
    [cronJobs.dailyGapInAutumn, "0 1 * * *", "Europe/Berlin"],
    [cronJobs.weeklyGapAcrossSpring, "0 2 * * 0", "Europe/Berlin"],
    [cronJobs.weeklyGapAcrossSpring, "0 1 * * 0", "Europe/London"],
    [cronJobs.halfHourZoneGap, "0 2 * * *", "Australia/Lord_Howe"],
    [cronJobs.lastDayGap, "0 2 31 * *", "Etc/UTC"],
    [cronJobs.workdayGap, "0 2 * * 1-5", "Etc/UTC"],
  ];

  it.each(
    measured.map(([fact, expression, timeZone]): [string, string, string, Fact] => [
      fact.id,
      expression,
      timeZone,
      fact,
    ]),
  )("%s is what the model finds for %s in %s", (_, expression, timeZone, fact) => {
    const found = gaps({ scheduler: "kubernetes", expression, timeZone }, { ...years, missed: 0 });
    expect(found).toMatchObject({ maxGapSeconds: [factSeconds(fact)] });
  });

  it("was measured over the years of the golden vectors", () => {
    expect([golden.from, golden.to].map((day) => day.slice(0, 10))).toEqual(["2025-01-01", "2035-01-01"]);
  });
});
