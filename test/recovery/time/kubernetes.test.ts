import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  evictionWait,
  facts,
  kubernetes,
  type NodeSettings,
  nodeRestart,
  processRestart,
  type Restart,
  spanFrom,
  type ZoneNodes,
  zoneRestart,
} from "../../../recovery";
import { source } from "../build";
import { type Given, keepsTheLaws, listed, span, total } from "./laws";

const whole = ({ detect, steps }: Restart) => total([...detect, ...steps]);
const use = (value: NodeSettings["volume"]["value"]) => ({ value, source: source("volume") });

/** A pod on default settings that needs no image and no time to start: what passes before it is scheduled. */
const bare: NodeSettings = {
  workload: "Deployment",
  nodeGrace: spanFrom(kubernetes.nodeGrace),
  toleration: spanFrom(kubernetes.toleration),
  volume: use("none"),
  imagePull: span(0),
  start: span(0),
};
const exclusive = { ...bare, volume: use("exclusive") };
const hasty = { toleration: span(30) };

describe("a pod whose node is lost", () => {
  it.each([
    ["without a volume", bare, 350],
    ["with a shared volume", { ...bare, volume: use("shared") }, 350],
    ["with a volume of its node alone", exclusive, 710],
    ["that is evicted after 30 s", { ...bare, ...hasty }, 80],
    ["that is evicted after 30 s, with a volume of its node alone", { ...exclusive, ...hasty }, 440],
    [
      "that pulls for 60 s and starts for 930 s as well",
      { ...exclusive, ...hasty, imagePull: span(60), start: span(930) },
      1_430,
    ],
  ])("%s is back after so many seconds", (_what, settings, expected) => {
    expect(whole(nodeRestart(settings))).toBe(expected);
  });

  it("is noticed first, and then moves", () => {
    const { detect, steps } = nodeRestart({ ...exclusive, imagePull: span(60), start: span(930) });
    expect(listed(detect)).toEqual([
      ["silent node counts as lost", 50],
      ["pod is tolerated on it", 300],
    ]);
    expect(listed(steps)).toEqual([
      ["volume leaves the lost node", 360],
      ["image is pulled", 60],
      ["start", 930],
    ]);
  });

  it("never comes back by itself where it belongs to a StatefulSet", () => {
    expect(whole(nodeRestart({ ...bare, workload: "StatefulSet" }))).toEqual({
      unbounded: "a pod of a StatefulSet stays Terminating on a lost node until someone acts",
    });
  });

  it("waits for nobody knows how long where nobody knows whether its volume is shared", () => {
    expect(whole(nodeRestart({ ...bare, volume: use({ unknown: "not yet" }) }))).toEqual({ unknown: "not yet" });
  });

  it("names the facts that it rests on, all of which there are", () => {
    const { detect, steps } = nodeRestart(exclusive);
    const named = [...detect, ...steps].flatMap((term) => term.facts ?? []);
    expect(named).toEqual(["kubernetes.node-grace", "kubernetes.toleration", "kubernetes.force-detach"]);
    expect(facts.map(({ id }) => id)).toEqual(expect.arrayContaining(named));
    expect(nodeRestart(bare).steps[0]?.facts).toBeUndefined();
  });

  it("keeps the laws", () => {
    keepsTheLaws({
      spans: ["nodeGrace", "toleration", "imagePull", "start"],
      total: (given) => {
        const { nodeGrace, toleration, imagePull, start } = given;
        return whole(
          nodeRestart({
            ...exclusive,
            nodeGrace: span(nodeGrace),
            toleration: span(toleration),
            imagePull: span(imagePull),
            start: span(start),
          }),
        );
      },
    });
  });
});

describe("a process that is lost", () => {
  const hung = (given: Record<"hang" | "terminationGrace" | "backOff" | "start", Given>) =>
    processRestart({
      hang: span(given.hang),
      terminationGrace: span(given.terminationGrace),
      backOff: span(given.backOff),
      start: span(given.start),
    });

  it("is noticed, ended and started again where it hung", () => {
    const restart = processRestart({ hang: span(31), terminationGrace: span(30), start: span(930) });
    expect(listed([...restart.detect, ...restart.steps])).toEqual([
      ["hung process is noticed", 31],
      ["termination grace", 30],
      ["restart back-off", 10],
      ["start", 930],
    ]);
    expect(restart.detect[2]?.facts).toEqual(["kubernetes.restart-back-off"]);
  });

  it("is started again at once where it crashed", () => {
    const restart = processRestart({ terminationGrace: span(30), start: span(930) });
    expect(listed([...restart.detect, ...restart.steps])).toEqual([
      ["restart back-off", 10],
      ["start", 930],
    ]);
  });

  it("keeps the laws", () => {
    keepsTheLaws({
      spans: ["hang", "terminationGrace", "backOff", "start"],
      total: (given) => whole(hung(given)),
    });
  });
});

describe("a zone that is lost", () => {
  const nodes = (all: number, lost: number, othersStand = true): ZoneNodes => ({ all, lost, othersStand });

  it.each<[string, ZoneNodes, number]>([
    ["the only node it has", nodes(1, 1), 0],
    ["all three nodes", nodes(3, 3), 20],
    ["two of three, too few to count as a disruption", nodes(3, 2), 10],
    ["54 %", nodes(50, 27), 260],
    ["55 % of more nodes than a small cluster has", nodes(60, 33), 3_200],
    ["54 % of as many", nodes(100, 54), 530],
  ])("evicts the pods of the last node in its turn when it loses %s", (_what, given, expected) => {
    expect(evictionWait(given)).toBe(expected);
  });

  it.each<[string, ZoneNodes | undefined, string]>([
    ["55 % of its nodes", nodes(20, 11), "evictions stop when 11 of the 20 nodes of a zone are lost"],
    ["all but one of its nodes", nodes(50, 49), "evictions stop when 49 of the 50 nodes of a zone are lost"],
    ["all nodes, as every other zone does", nodes(3, 3, false), "evictions stop when no node of any zone answers"],
    ["nobody knows how many", undefined, "evictions may stop when most nodes of a zone are lost"],
  ])("evicts nothing when it loses %s", (_what, given, unbounded) => {
    expect(evictionWait(given)).toEqual({ unbounded });
  });

  it("adds the wait for its turn to the loss of a node", () => {
    const given = { value: nodes(3, 3), source: source("nodes") };
    const { detect, steps } = zoneRestart({ ...exclusive, nodes: given });
    expect(listed(detect)).toEqual([
      ["silent node counts as lost", 50],
      ["its node's turn to be evicted", 20],
      ["pod is tolerated on it", 300],
    ]);
    expect(detect[1]?.facts).toContain("kubernetes.zone-eviction-stop");
    expect(steps).toEqual(nodeRestart(exclusive).steps);
    expect(whole(zoneRestart(exclusive))).toHaveProperty("unbounded");
    expect(evictionWait({ unknown: "not yet" })).toEqual({ unknown: "not yet" });
  });

  it("never gets a turn sooner when more nodes are lost, short of all", () => {
    const some = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(some, some, some, (all, a, b) => {
        fc.pre(Math.max(a, b) < all);
        const [fewer, more] = [evictionWait(nodes(all, Math.min(a, b))), evictionWait(nodes(all, Math.max(a, b)))];
        if (typeof more === "number") expect(Number(fewer)).toBeLessThanOrEqual(more);
        else expect(more).toHaveProperty("unbounded");
      }),
    );
  });
});
