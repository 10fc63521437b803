import { describe, expect, it } from "vitest";
import {
  type Assumption,
  azureStorage,
  facts,
  type Managed,
  type ManagedSettings,
  managed,
  managedFailover,
  rds,
  recoveryTerms,
  seconds,
} from "../../../recovery";
import { path, source, term } from "../build";
import { type Given, keepsTheLaws, span, total } from "./laws";

const entry = (value: number): Assumption => ({
  id: "failover-time",
  term: "failover",
  assets: ["s/data"],
  seconds: seconds(value),
  owner: "platform",
  reason: "the longest of three in the last year",
  drill: "reboot-with-failover",
  expires: "2027-03-01",
});
const settings: ManagedSettings = {
  detect: [term("alert", "2m")],
  decide: [term("acknowledge", "5m"), term("decide", "10m")],
  redirect: [term("ttl", "5s")],
  source: source("instance"),
};
const whole = (which: Managed, more: Partial<ManagedSettings> = {}) =>
  total(recoveryTerms(path(managedFailover(which, { ...settings, ...more }))));
const vendors = (which: Managed, more: Partial<ManagedSettings> = {}) =>
  managedFailover(which, { ...settings, ...more }).steps[0]?.bound;

describe("a failover that a vendor carries out", () => {
  it("has no bound where its time is only typical, or published nowhere", () => {
    expect(whole(managed.rdsMultiAzInstance)).toEqual({
      unbounded: "rds.multi-az-failover is typical and no promise: a register entry has to answer for it",
    });
    expect(whole(managed.rdsReplicaPromotion)).toEqual({
      unbounded: "rds.promotion is promised by nobody: a register entry has to answer for it",
    });
  });

  it.each(Object.entries(managed))("has no bound by itself as %s, whose vendor promises none", (_name, which) => {
    expect(facts).toContainEqual(which.time);
    expect(vendors(which)).toMatchObject({ grade: "assumed", facts: [which.time.id] });
    expect(vendors(which)?.value).toHaveProperty("unbounded");
    expect(whole(which)).toHaveProperty("unbounded");
  });

  it("counts with a register entry, which it names", () => {
    expect(vendors(managed.rdsMultiAzInstance, { assumption: entry(120) })).toEqual({
      name: "standby takes over",
      value: 120,
      grade: "assumed",
      source: { resource: "register:failover-time", name: "Register entry failover-time" },
      assumption: "failover-time",
      facts: ["rds.multi-az-failover"],
    });
  });

  it("counts as it was measured, before any entry", () => {
    const measured = { measured: seconds(90), assumption: entry(120) };
    expect(vendors(managed.rdsMultiAzCluster, measured)).toMatchObject({ value: 90, grade: "measured" });
    expect(vendors(managed.rdsMultiAzCluster, measured)).not.toHaveProperty("assumption");
  });

  it("counts as its vendor promises it, whatever else is said", () => {
    const promised = { ...managed.rdsMultiAzInstance, time: { ...rds.multiAzFailover, standing: "contract" as const } };
    expect(vendors(promised, { measured: seconds(20), assumption: entry(10) })).toMatchObject({
      value: 120,
      grade: "contractual",
    });
  });

  it.each<[string, Managed, number]>([
    ["notices and decides by itself where it is automatic", managed.rdsMultiAzInstance, 120 + 5],
    ["waits for an alert and for people where it is not", managed.azureStorageRegion, 120 + 900 + 120 + 5],
  ])("%s", (_what, which, expected) => {
    expect(whole(which, { assumption: entry(120) })).toBe(expected);
  });

  it("has no bound with an entry that names no time", () => {
    const { seconds: _, ...timeless } = entry(1);
    expect(whole(managed.azureStorageZone, { assumption: timeless })).toHaveProperty("unbounded");
    expect(azureStorage.zoneFailover.value).toBeUndefined();
  });

  it("keeps the laws", () => {
    const term_ = (name: string, given: Given) => ({ ...term(name, "0s"), value: span(given).value });
    const parts = (given: Record<"detect" | "decide" | "redirect", Given>, time: number) => ({
      detect: [term_("detect", given.detect)],
      decide: [term_("decide", given.decide)],
      redirect: [term_("redirect", given.redirect)],
      assumption: entry(time),
    });
    keepsTheLaws({
      spans: ["detect", "decide", "redirect"],
      total: (given) => whole(managed.eventHubsPromotion, parts(given, 60)),
    });
    expect(Number(whole(managed.eventHubsPromotion, { assumption: entry(61) }))).toBeGreaterThan(
      Number(whole(managed.eventHubsPromotion, { assumption: entry(60) })),
    );
  });
});
