import { describe, expect, it } from "vitest";
import type { Value } from "../../../policies/graph";
import { assumption, edit, healthy, messages, type Parts, read } from "./program";

/** The example served by an engine that no reader knows: it mounts no omendb.toml. */
function engine(entries: readonly object[] = []): Parts {
  const pod = "spec.template.spec";
  const { register } = healthy();
  const written = register?.props.assumptions as readonly Value[];
  let parts = edit(healthy(), "register", "assumptions", [...written, ...entries] as Value);
  parts = edit(parts, "deployment", `${pod}.volumes[2]`, { name: "config", emptyDir: {} });
  return edit(parts, "deployment", `${pod}.containers[0].volumeMounts[2].mountPath`, "/tmp");
}

const held = (claims: Value, parts = engine()) =>
  edit(parts, "deployment", 'metadata.annotations["holdfast.dev/holds"]', claims);

const redundancy = (parts: Parts) => {
  const found = read(parts).plan.protections.find((one) => one.kind === "redundancy");
  if (found?.kind !== "redundancy") throw new Error("no redundancy");
  return found;
};

describe("an engine that no reader knows", () => {
  it("may lose anything that it acknowledged, until somebody answers for it, and then that is assumed", () => {
    expect(redundancy(engine()).loss).toEqual([
      expect.objectContaining({
        value: {
          unknown:
            "no reader knows when Deployment prod-omendb acknowledges a write: it mounts no omendb.toml, and Register has no assumption write-loss for omendb/data",
        },
      }),
    ]);
    expect(redundancy(engine([assumption("write-loss", "30s")])).loss).toEqual([
      expect.objectContaining({ value: 30, grade: "assumed", assumption: "omendb-write-loss" }),
    ]);
  });

  it("is not believed where a reader does know it", () => {
    const { register } = healthy();
    const entries = [...((register?.props.assumptions ?? []) as readonly Value[]), assumption("write-loss", "30s")];
    const parts = edit(healthy(), "register", "assumptions", entries as Value);
    expect(redundancy(parts).loss).toEqual([expect.objectContaining({ value: 0, grade: "guaranteed" })]);
  });

  it("keeps its asset on every claim that it writes to, or on those that it says hold it", () => {
    const zonal = edit(engine(), "wal", "spec.storageClassName", "ebs");
    expect(redundancy(zonal).survives).toBe("node");
    expect(redundancy(held("omendb-data", zonal)).survives).toBe("zone");
    expect(redundancy(held("omendb-data,omendb-wal", zonal)).survives).toBe("node");
  });

  it("is told of a claim that its pods do not write to, which then excuses nothing", () => {
    const zonal = edit(engine(), "wal", "spec.storageClassName", "ebs");
    const wrong = held("omendb-data,omendb-attic", zonal);
    expect(messages(wrong)).toContain(
      "holdfast.dev/holds of Deployment prod-omendb names omendb-attic, which is no claim that its pods may write to",
    );
    expect(redundancy(wrong).survives).toBe("node");
  });

  it("changes nothing for an engine whose folders are known", () => {
    const zonal = edit(healthy(), "wal", "spec.storageClassName", "ebs");
    expect(redundancy(held("omendb-data", zonal)).survives).toBe("node");
  });

  it("may be copied by a job that asks it by its name, and by no other", () => {
    const job = "spec.jobTemplate.spec";
    const apart = (parts: Parts) => {
      let changed = parts;
      for (const volume of [0, 2])
        changed = edit(changed, "incremental", `${job}.template.spec.volumes[${volume}]`, {
          name: `v${volume}`,
          emptyDir: {},
        });
      return changed;
    };
    const asks = (parts: Parts, name: string) =>
      edit(parts, "incremental", `${job}.template.spec.containers[0].env`, [
        { name: "BUCKET", value: "omendb-copies" },
        { name: "SERVER", value: name },
      ]);
    const says = (parts: Parts) => messages(parts).filter((one) => one.includes("it mounts no volume of Deployment"));
    expect(says(asks(apart(engine()), "elsewhere"))).toHaveLength(1);
    expect(says(asks(apart(engine()), "prod-omendb"))).toEqual([]);
    expect(says(asks(apart(healthy()), "prod-omendb"))).toHaveLength(1);
  });
});
