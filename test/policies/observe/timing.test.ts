import { describe, expect, it } from "vitest";
import type { Disruption } from "../../../recovery/objective";
import type { Path, Term } from "../../../recovery/plan";
import { edit, healthy, type Parts, read, registered } from "./program";

const pod = "spec.template.spec";
const liveness = `${pod}.containers[0].livenessProbe`;

/** Every default there is in the example: nothing tolerated, probed or routed by settings of its own. */
const silent = [
  `${pod}.tolerations`,
  `${pod}.terminationGracePeriodSeconds`,
  `${liveness}.periodSeconds`,
  `${liveness}.timeoutSeconds`,
  `${liveness}.failureThreshold`,
].reduce((parts, property) => edit(parts, "deployment", property, undefined), healthy());

function terms(parts: Parts, label: string, disruption: Disruption): Term[] {
  const { paths } = read(parts).plan;
  const path = paths.find((one: Path) => one.label === label && one.disruptions.includes(disruption));
  if (path === undefined) throw new Error(`no ${label} from ${disruption}`);
  return [...path.detect, ...path.steps.map(({ bound }) => bound)];
}

const factsOf = (all: readonly Term[]) => Object.fromEntries(all.map(({ name, facts }) => [name, facts]));

describe("a number that nobody set", () => {
  it("names the fact that gives it", () => {
    expect(factsOf(terms(silent, "container restart", "process"))).toMatchObject({
      "hung process is noticed": [
        "kubernetes.liveness-period",
        "kubernetes.liveness-timeout",
        "kubernetes.liveness-failures",
      ],
      "termination grace": ["kubernetes.termination-grace"],
      "restart back-off": ["kubernetes.restart-back-off"],
    });
    expect(factsOf(terms(silent, "reschedule", "node"))).toMatchObject({
      "pod is tolerated on it": ["kubernetes.toleration"],
    });
  });

  it("is no longer one where the program sets it", () => {
    const named = [
      ...terms(healthy(), "container restart", "process").filter(({ name }) => name !== "restart back-off"),
      ...terms(healthy(), "reschedule", "node"),
      ...terms(healthy(), "lease takeover", "node"),
    ].filter(({ facts }) => facts !== undefined);
    expect(named).toEqual([]);
  });

  it("is the wait of a group that no route sets, and its fact goes with it through branches", () => {
    const notification = (parts: Parts) =>
      read(parts)
        .plan.alerts.find(({ name }) => name === "OmenDBDown")
        ?.detect.at(-1);
    const unset = edit(healthy(), "alertmanager", "spec.route.groupWait", undefined);
    const branched = edit(unset, "alertmanager", "spec.route.routes", [{ receiver: "on-call" }]);
    for (const parts of [unset, branched]) {
      expect(notification(parts)).toMatchObject({ value: 30, facts: ["monitoring.group-wait"] });
    }
    const set = edit(unset, "alertmanager", "spec.route.routes", [{ receiver: "on-call", groupWait: "30s" }]);
    expect(notification(set)).not.toHaveProperty("facts");
  });

  it("names the fact by which a lost node lets a volume go", () => {
    const exclusive = edit(edit(healthy(), "wal", "spec.storageClassName", "ebs"), "wal", "spec.accessModes", [
      "ReadWriteOnce",
    ]);
    const [volume] = terms(exclusive, "reschedule", "node").filter(({ name }) => name.startsWith("volume"));
    expect(volume).toMatchObject({ value: 360, facts: ["kubernetes.force-detach"] });
    expect(volume?.source.name).toBe("PersistentVolumeClaim omendb-wal");
  });
});

describe("several tolerations of one taint", () => {
  it("let a pod stay for the shortest of them", () => {
    const tolerate = (tolerationSeconds?: number) => ({
      operator: "Exists",
      ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
    });
    const stays = (...tolerations: Parameters<typeof tolerate>[0][]) =>
      terms(edit(healthy(), "deployment", `${pod}.tolerations`, tolerations.map(tolerate)), "reschedule", "node")[1];
    expect(stays(40, 20, 30)?.value).toBe(20);
    expect(stays(undefined, 40)?.value).toBe(40);
    expect(stays(undefined)?.value).toHaveProperty("unbounded");
  });
});

describe("an interval of 0s", () => {
  const detect = (parts: Parts) => read(parts).plan.alerts.find(({ name }) => name === "OmenDBDown")?.detect ?? [];
  const values = (parts: Parts) => Object.fromEntries(detect(parts).map(({ name, value }) => [name, value]));

  it("is none to Prometheus, whose own configuration then decides", () => {
    expect(values(edit(healthy(), "rules", "spec.groups[0].interval", "0s")).evaluation).toEqual({
      unknown: "its group's interval is 0s: the Prometheus that loads it decides",
    });
    expect(values(edit(healthy(), "monitor", "spec.endpoints[0].interval", "0s")).scrape).toHaveProperty("unknown");
    expect(values(edit(healthy(), "monitor", "spec.endpoints[0].scrapeTimeout", "0s"))["scrape timeout"]).toBe(10);
  });
});

describe("drills of one path", () => {
  const drill = { asset: "omendb/data", path: "takeover", bytes: 1, verified: true };
  const grade = (...drills: { date: string; took: string }[]) =>
    terms(
      drills.reduce(
        (parts, one, i) => registered(parts, "drills", { ...drill, id: `d${i}`, ...one }),
        healthy() as Parts,
      ),
      "lease takeover",
      "node",
    ).at(-1)?.grade;

  it("measure its deadlines only where the slowest of them stayed within", () => {
    const fast = { date: "2026-11-01", took: "1m" };
    expect(grade(fast)).toBe("measured");
    expect(grade({ date: "2026-10-01", took: "66s" }, fast)).toBe("measured");
    expect(grade({ date: "2026-10-01", took: "67s" }, fast)).toBe("assumed");
    expect(grade({ date: "2026-08-01", took: "67s" }, fast)).toBe("measured");
  });
});
