import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../../policies/graph";
import { assumption, cronJob, edit, messages, type Parts, read, registered, without } from "../program";
import { asset, native, promised, tags } from "./parts";

/** A Data Lake, and copies in a container of another one, under a policy of the container. */
function copied(): Parts {
  const job = cronJob("lake-full", { role: "full", protects: asset, "copies-to": "copies/orders", capture: "start" });
  return {
    ...promised(),
    lake: native("storage:StorageAccount", "lake", {
      accountName: "lake",
      sku: { name: "Standard_ZRS" },
      isHnsEnabled: true,
      tags,
    }),
    copies: native("storage:StorageAccount", "copies", {
      accountName: "copies",
      sku: { name: "Standard_LRS" },
      isHnsEnabled: true,
      location: "northeurope",
    }),
    container: native("storage:BlobContainer", "orders", { accountName: "copies", containerName: "orders" }),
    policy: native("storage:BlobContainerImmutabilityPolicy", "policy", {
      accountName: "copies",
      containerName: "orders",
      immutabilityPeriodSinceCreationInDays: 40,
    }),
    job:
      edit({ job }, "job", "spec.jobTemplate.spec.template.spec.containers[0].env[0].value", "copies/orders").job ??
      job,
  };
}

function copy(parts: Parts) {
  const points = read(parts).plan.protections.find(({ kind }) => kind === "restore-points");
  return points?.kind === "restore-points" ? points.copies[0] : undefined;
}

describe("a container that jobs copy to", () => {
  it("is where its account is, belongs to the asset whose copies it holds, and is named by the job", () => {
    expect(copy(copied())?.at).toMatchObject({ region: "northeurope", zones: ["a zone of northeurope"] });
    expect(read(copied()).plan.stores.map(({ asset: id }) => id)).toEqual([asset, asset]);
    const silent = edit(copied(), "job", "spec.jobTemplate.spec.template.spec.containers[0].env[0].value", "elsewhere");
    expect(messages(silent).join()).toContain("no environment value of it names that container");
  });

  it("is locked once somebody answers for the call that locks its policy, which no program makes", () => {
    expect(copy(copied())?.lock).toMatchObject({ mode: "governance", keptFor: { value: 40 * 86_400 } });
    const entry = assumption("container-lock", undefined, { id: "called", assets: ["nucleus/*"] });
    expect(copy(registered(copied(), "assumptions", entry))?.lock).toMatchObject({
      mode: "compliance",
      keptFor: { value: 40 * 86_400, grade: "assumed", assumption: "called" },
    });
  });

  it("is not locked by what its policy says of itself, which Azure does not read", () => {
    expect(copy(edit(copied(), "policy", "state", "Locked"))?.lock.mode).toBe("governance");
    expect(
      copy(edit(copied(), "policy", "immutabilityPeriodSinceCreationInDays", UNKNOWN))?.lock.keptFor.value,
    ).toHaveProperty("unknown");
  });

  it.each<[string, Parts]>([
    ["without a policy", without(copied(), "policy")],
    ["with a policy of another container", edit(copied(), "policy", "containerName", "others")],
    ["with a policy without days", edit(copied(), "policy", "immutabilityPeriodSinceCreationInDays", undefined)],
  ])("is not locked %s", (_, parts) => {
    expect(copy(parts)?.lock.mode).toBe("none");
  });

  it.each<[string, string[], unknown]>([
    ["its own", ["orders/"], 20 * 86_400],
    ["a folder of it", ["orders/2026"], 20 * 86_400],
    ["another", ["others/"], { unbounded: "no lifecycle rule deletes them" }],
  ])("is emptied by a rule for %s", (_, prefixMatch, value) => {
    const definition: Value = {
      filters: { prefixMatch },
      actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 20 } } },
    };
    const rules = native("storage:ManagementPolicy", "rules", {
      accountName: "copies",
      policy: { rules: [{ definition }] },
    });
    expect(copy({ ...copied(), rules })?.keptFor.value).toEqual(value);
  });
});
