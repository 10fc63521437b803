import { describe, expect, it } from "vitest";
import { assess, type Disruption, type Path, type Place } from "../../../recovery";
import { against, taken } from "../answers";
import { asOf, asset, copy, here, path, plan, points, step, there } from "../build";

const zone = (...zones: string[]): Place => ({ ...here, zones });
const [a, b] = [zone("a"), zone("b")];

/** The verdict on an asset in zone a of which a copy, what runs its recovery, or both, are somewhere. */
const verdict = (disruption: Disruption, at: Place, edit: Partial<Path> = {}, struck = a) =>
  against(disruption, taken({}, { copies: [copy({ at })] }), {
    assets: [asset({ [disruption]: ["60h", "2h"] }, { at: struck })],
    paths: [path(edit)],
  }).verdict;

describe("what is in one zone, when an asset in another single zone is struck,", () => {
  it.each<[string, Place]>([
    ["a copy", b],
    ["a copy on one node", { ...b, node: "disk" }],
  ])("outlives the loss of that zone or of a node there: %s", (_, at) => {
    expect(verdict("zone", at)).toBe("proven");
    expect(verdict("node", at)).toBe("proven");
  });

  it("is lost with the region", () => {
    expect(verdict("region", b)).toBe("missed");
  });

  it("can run the recovery", () => {
    expect(verdict("zone", there, { runsAt: b })).toBe("proven");
    expect(verdict("zone", there, { runsAt: a })).toBe("missed");
  });

  it.each<[string, Place, Place]>([
    ["it is the same zone", a, a],
    ["the asset is in several, and may lose any", b, zone("a", "b")],
    ["the asset is in several that may be called otherwise", b, zone("zone 1", "zone 2", "zone 3")],
    ["its zone is named by another account", { ...b, account: "2" }, a],
    ["the asset spans the region by itself", b, zone()],
  ])("counts as lost where %s", (_, at, struck) => {
    expect(verdict("zone", at, {}, struck)).toBe("missed");
  });

  it("is not waited for, though all of it is in the region", () => {
    const waiting = plan({
      assets: [
        asset({ zone: ["60h", "2h"], region: ["60h", "2h"] }, { id: "s/a", at: a, dependsOn: ["s/b"] }),
        asset({}, { id: "s/b", at: b }),
      ],
      protections: ["s/a", "s/b"].map((id) => points({ id: `${id}/points`, asset: id })),
      paths: [
        path({ id: "s/a/restore", asset: "s/a", protection: "s/a/points" }),
        path({ id: "s/b/restore", asset: "s/b", protection: "s/b/points", steps: [step("restore", "10h")] }),
      ],
    });
    const said = assess(waiting, asOf).map((one) => [one.disruption, one.verdict]);
    expect(said).toEqual([
      ["zone", "proven"],
      ["region", "missed"],
    ]);
  });
});
