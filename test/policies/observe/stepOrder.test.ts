import { describe, expect, it } from "vitest";
import type { Value } from "../../../policies/graph";
import { cronJob, edit, healthy, messages, type Parts, read, secondary } from "./program";

const link = (key: string) => `metadata.annotations["holdfast.dev/${key}"]`;

/** A step more on the path of the example. */
function step(name: string, links: Record<string, Value>): Parts {
  const common = { role: "recovery", path: "restore-in-secondary", disruptions: "region,compromise", step: name };
  return { [name]: cronJob(`omendb-restore-${name}`, { ...common, ...links }, { suspend: true }, secondary) };
}

const wrong = (text: string) => `the steps of path restore-in-secondary are in no order that recovers: ${text}`;

describe("the order of a recovery", () => {
  it("lets one step restore and verify, and others wait for it or it for them", () => {
    const parts = edit(healthy(), "restore", link("after"), "find");
    expect(messages({ ...parts, ...step("find", {}), ...step("resume", { after: "dns" }) })).toEqual([]);
  });

  it("notes a step that may run while another restores", () => {
    expect(messages({ ...healthy(), ...step("start", {}) })).toEqual([
      wrong("start may run at the same time as restore, which restores"),
    ]);
  });

  it("notes that nothing verifies, or before anything is restored", () => {
    const blind = edit(healthy(), "restore", link("effect"), "restores");
    const unchecked = "none has the effect verifies, so nobody checks what was restored";
    expect(messages(blind)).toEqual([wrong(unchecked)]);
    const early = { ...edit(blind, "restore", link("after"), "verify"), ...step("verify", { effect: "verifies" }) };
    expect(messages(early)).toEqual([wrong("verify verifies before restore has restored")]);
  });

  it("notes clients that are sent to what nobody has verified yet", () => {
    const parts = edit(healthy(), "restore", link("effect"), "restores");
    const verify = step("verify", { after: "restore", effect: "verifies" });
    expect(messages({ ...parts, ...verify })).toEqual([wrong("dns sends clients there before verify has verified it")]);
    expect(messages({ ...edit(parts, "dns", link("after"), "verify"), ...verify })).toEqual([]);
  });

  it("leaves a path in which nothing restores to be excluded", () => {
    const parts = edit(healthy(), "restore", link("effect"), "verifies");
    expect(messages(parts)).toEqual([]);
    const paths = read(parts).plan.paths.filter(({ id }) => id.startsWith("omendb/data/restore-in-secondary"));
    expect(paths.map(({ excluded }) => Object.values(excluded))).toEqual([
      ["none of its steps restores anything"],
      ["none of its steps restores anything"],
    ]);
  });

  it("sends clients elsewhere on every path out of a lost place, where one path does", () => {
    const other = (disruptions: string) => step("other", { path: "other", disruptions, effect: "restores,verifies" });
    expect(messages({ ...healthy(), ...other("region") })).toEqual([
      expect.stringMatching(/^path other is for the disruption region, .* as path restore-in-secondary does/),
    ]);
    expect(messages({ ...healthy(), ...other("corruption") })).toEqual([]);
  });
});
