import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../policies/graph";
import { healthy, messages, type Parts, read, resource } from "./program";

const objective = { rpo: "1h", rto: "4h", owner: "me", reason: "because" };

/** Assets of a shop, each with what it depends on. */
function shop(depending: Readonly<Record<string, Value>>): Parts {
  const assets = Object.entries(depending).map(([name, dependsOn]) => {
    const asset: Record<string, Value> = {
      id: `shop/${name}`,
      kind: "table",
      objectives: { region: objective },
      bytes: 1,
      dependsOn,
    };
    return [name, resource("holdfast:asset:KeptAsset", name, { asset })] as const;
  });
  return { ...healthy(), ...Object.fromEntries(assets) };
}

const dependencies = (parts: Parts) =>
  read(parts)
    .plan.assets.filter(({ system }) => system === "shop")
    .map(({ id, dependsOn }) => [id, dependsOn]);
const told = (parts: Parts) => messages(parts).filter((one) => one.includes("depend"));

describe("what must be back before an asset", () => {
  it("is named by its promise, in one order and once", () => {
    const parts = shop({ orders: [], stock: null, bills: ["shop/stock", "shop/orders", "shop/stock"] });
    expect(dependencies(parts)).toEqual([
      ["shop/bills", ["shop/orders", "shop/stock"]],
      ["shop/orders", undefined],
      ["shop/stock", undefined],
    ]);
    expect(told(parts)).toEqual([]);
  });

  it("must be promised by somebody", () => {
    const parts = shop({ bills: ["shop/orders"] });
    expect(told(parts)).toEqual(["shop/bills depends on shop/orders, for which nothing promises objectives"]);
    expect(dependencies(parts)).toEqual([["shop/bills", undefined]]);
  });

  it("cannot be proven where it is not known before deployment", () => {
    const { problems } = read(shop({ bills: UNKNOWN }));
    expect(problems.filter(({ message }) => message.includes("dependsOn"))).toMatchObject([
      { asset: "shop/bills", cannotProve: true },
    ]);
  });

  it("must not wait for itself, by however many others", () => {
    const parts = shop({ orders: ["shop/stock"], stock: ["shop/bills"], bills: ["shop/orders"], till: ["shop/stock"] });
    expect(told(parts)).toEqual([
      expect.stringContaining("depend on each other in a circle: none of them comes back first"),
    ]);
    expect(dependencies(parts)).toContainEqual(["shop/till", ["shop/stock"]]);
    expect(dependencies(parts)).toContainEqual(["shop/orders", undefined]);
  });
});
