import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Value } from "../../../policies/graph";
import { observe } from "../../../policies/observe";
import { asOf, declaredGraph, edit, healthy, type Parts, read, without } from "./program";

const canary = "CANARY-7f3a";

describe("observe", () => {
  it("reads a program in which everything agrees without a problem", () => {
    const { plan, problems, recognised } = read(healthy());
    expect(problems).toEqual([]);
    expect(plan.assets.map(({ id }) => id)).toEqual(["omendb/data"]);
    expect(plan.protections.map(({ id }) => id)).toEqual(["omendb/data/redundancy", "omendb/data/restore-points"]);
    expect(plan.paths.map(({ id }) => id)).toEqual([
      "omendb/data/takeover@process",
      "omendb/data/takeover@node+zone",
      "omendb/data/reschedule@process",
      "omendb/data/reschedule@node+zone",
      "omendb/data/restore-in-secondary@region",
      "omendb/data/restore-in-secondary@compromise",
    ]);
    expect(recognised).toBeGreaterThan(10);
  });

  it("recognises nothing in an empty program and in one that says nothing about recovery", () => {
    expect(read({}).recognised).toBe(0);
    const silent = healthy();
    expect(read({ config: silent.config ?? never(), record: silent.record ?? never() }).recognised).toBe(0);
  });

  it("reads the same whatever the order of the resources", () => {
    const broken = without(
      edit(healthy(), "incremental", 'metadata.annotations["holdfast.dev/copies-to"]', "gone"),
      "wal",
    );
    for (const parts of [healthy(), broken]) {
      const { resources } = declaredGraph(parts);
      const expected = observe({ resources }, asOf);
      fc.assert(
        fc.property(fc.shuffledSubarray([...resources], { minLength: resources.length }), (shuffled) => {
          expect(observe({ resources: shuffled }, asOf)).toEqual(expected);
        }),
        { numRuns: 50 },
      );
    }
  });

  it("does not change the graph it reads", () => {
    const graph = declaredGraph(healthy());
    const before = structuredClone(graph);
    observe(graph, asOf);
    expect(graph).toEqual(before);
  });

  it.each(secretPlaces(healthy()))("never shows a secret in %s", (_where, parts) => {
    const answer = JSON.stringify(read(parts));
    expect(answer).not.toContain(canary);
  });

  it("never shows a secret from a configuration file that cannot be read", () => {
    const parts = edit(healthy(), "config", 'data["omendb.toml"]', `password = ${canary}`);
    const answer = read(parts);
    expect(answer.problems.length + answer.plan.protections.length).toBeGreaterThan(0);
    expect(JSON.stringify(answer)).not.toContain(canary);
  });
});

function secretPlaces(parts: Parts): [string, Parts][] {
  const job = "spec.jobTemplate.spec.template.spec.containers[0]";
  const places: [string, string, Value][] = [
    ["deployment", "spec.template.spec.containers[0].env[0].value", canary],
    ["deployment", "spec.template.spec.containers[0].env[1]", { name: "OMENDB_DATA_DIR", value: `/${canary}` }],
    ["deployment", "spec.template.spec.containers[0].args", [canary]],
    ["deployment", "spec.template.spec.containers[0].command", [canary]],
    ["deployment", 'metadata.annotations["example.com/token"]', canary],
    ["deployment", "metadata.labels.token", canary],
    ["incremental", `${job}.env[0].value`, canary],
    ["dns", `${job}.env[1].value`, canary],
    ["incremental", `${job}.args`, [canary]],
    ["config", "data.token", canary],
    ["config", 'data["omendb.toml"]', `[database]\ndata_dir = "/var/lib/omendb/data"\ntoken = "${canary}"\n`],
    ["config", 'data["omendb.toml"]', `[database]\ndata_dir = "/${canary}"\n[wal]\nenabled = "${canary}"\n`],
    ["monitor", "spec.endpoints[0].basicAuth", canary],
    ["alertmanager", "spec.receivers", [{ name: canary }]],
    ["rules", "spec.groups[0].rules[0].labels.token", canary],
    ["bucket", "tags", { token: canary }],
    ["record", "records", [canary]],
  ];
  return places.map(([part, path, value]) => [`${path} of ${part}`, edit(parts, part, path, value)]);
}

function never(): never {
  throw new Error("the example lacks a part");
}
