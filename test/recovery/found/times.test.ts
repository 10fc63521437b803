import { describe, expect, it } from "vitest";
import { assess, criticalPath, fixOf, type Step } from "../../../recovery";
import { against, hour, losses, taken } from "../answers";
import { asOf, asset, path, plan, step, term } from "../build";

const minute = 60;

describe("writes stop", () => {
  const stopping = (web: string, batch: string) => {
    const steps = [
      step(web, "5m", { stopsWrites: true }),
      step(batch, "3h", { stopsWrites: true }),
      step("restore", "1h", { after: [web, batch] }),
    ];
    const paths = [path({ detect: [term("d", "5m")], decide: [term("decide", "5m")], steps })];
    return losses(against("corruption", taken(), { paths }, ["60h", "80h"]))[1];
  };

  it("when the last of the steps that stop them has ended, whatever they are called", () => {
    // Two gaps, 20 of the 30 minutes of a run beyond noticing, 10 minutes of noticing, and the 3 hours of the batch.
    const lost = 48 * hour + 20 * minute + 10 * minute + 3 * hour;
    expect([stopping("a-web", "z-batch"), stopping("z-web", "a-batch")]).toEqual([lost, lost]);
  });
});

/** Layers of two steps that share a thing, each after both of the layer before; and more that share that of the last. */
function layered(layers: number, rivals: number): Step[] {
  const named = (layer: number) => [`${layer}a`, `${layer}b`];
  const steps = Array.from({ length: layers }, (_, layer) =>
    named(layer).map((name) =>
      step(name, "1m", { after: layer === 0 ? [] : named(layer - 1), uses: [`thing ${layer}`] }),
    ),
  ).flat();
  const more = Array.from({ length: rivals }, (_, place) =>
    step(`rival ${place}`, "1m", { uses: [`thing ${layers - 1}`] }),
  );
  return [...steps, ...more];
}

describe("many steps that share something", () => {
  it("take turns: those of each layer, and in the end all that share the last thing", () => {
    const { total } = criticalPath(layered(11, 40));
    // 11 layers of two minutes, and 40 rivals.
    expect(total).toBe((22 + 40) * minute);
  });

  it("are reckoned at once however many chains there are", () => {
    // 2^40 chains, and 400 rivals.
    expect(criticalPath(layered(40, 400)).total).toBe((80 + 400) * minute);
  });

  it("need no search where no three changes can take off what is too much", () => {
    const one = plan({
      assets: [asset({ region: ["60h", "10m"] })],
      paths: [path({ steps: layered(11, 40) })],
    });
    const [missed] = assess(one, asOf);
    if (missed === undefined) throw new Error("nothing was assessed");
    expect(fixOf(one, missed, asOf)).toBeUndefined();
  });
});
