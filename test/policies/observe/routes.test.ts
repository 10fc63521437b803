import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { edit, healthy, read } from "./program";

const branch = (more: { [key: string]: Value }, ...matchers: Value[]) => ({
  receiver: "slow",
  groupWait: "5m",
  matchers,
  ...more,
});
const matcher = (name: string, value: string, matchType = "=") => ({ name, value, matchType });

/** How long OmenDBDown, critical, waits for its notification under some branches. */
function waits(...routes: Value[]): unknown {
  const receivers = [
    { name: "on-call", webhookConfigs: [{ url: "https://page.example.com" }] },
    { name: "slow", emailConfigs: [{ to: "team@example.com" }] },
    { name: "mute" },
  ];
  const parts = edit(
    edit(healthy(), "alertmanager", "spec.receivers", receivers),
    "alertmanager",
    "spec.route.routes",
    routes,
  );
  return read(parts)
    .plan.alerts.find(({ name }) => name === "OmenDBDown")
    ?.detect.at(-1)?.value;
}

describe("routes", () => {
  it("takes the first branch that fits, and the next ones while it says so", () => {
    expect(waits(branch({}, matcher("severity", "critical")))).toBe(300);
    expect(waits(branch({}, matcher("severity", "warning")))).toBe(10);
    expect(waits(branch({ continue: true }, matcher("severity", "critical")), branch({ groupWait: "1m" }))).toBe(60);
    expect(waits(branch({ groupWait: "1m" }), branch({ groupWait: "0s" }))).toBe(60);
  });

  it("counts a branch that only labels of the series decide as taken where that is worse", () => {
    expect(waits(branch({}, matcher("pod", "a")))).toBe(300);
    expect(waits(branch({ groupWait: "0s" }, matcher("pod", "a")))).toBe(10);
    expect(waits(branch({}, matcher("pod", "a"), matcher("severity", "warning")))).toBe(10);
  });

  it.each([
    ["!=", "warning", 300],
    ["!=", "critical", 10],
    ["=~", "crit.*|page", 300],
    ["=~", "crit", 10],
    ["!~", "warn.*", 300],
    ["=~", "(", 300],
  ])("understands severity %s %s", (type, value, wait) => {
    expect(waits(branch({}, matcher("severity", value, type)))).toBe(wait);
  });

  it("has no bound where nobody is told", () => {
    expect(waits(branch({ receiver: "mute" }))).toEqual({ unbounded: "nobody is told: receiver mute sends nothing" });
    expect(waits(branch({ receiver: "gone" }))).toEqual({
      unbounded: "nobody is told: receiver gone is not among the receivers",
    });
    expect(waits(branch({ muteTimeIntervals: ["nights"] }))).toEqual({
      unbounded: "muteTimeIntervals keep it silent at times",
    });
  });

  it("does not know what branches that are not known do", () => {
    expect(waits(branch({ routes: UNKNOWN }))).toHaveProperty("unknown");
    expect(waits(branch({ groupWait: UNKNOWN }))).toHaveProperty("unknown");
  });
});
