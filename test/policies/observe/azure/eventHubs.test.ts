import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../../policies/graph";
import { way, ways } from "../nucleus";
import { assumption, edit, forgotten, messages, type Parts, read, registered } from "../program";
import { asset, native, promised, raw, tags } from "./parts";

const location = (locationName: string, roleType: string, more: Record<string, Value> = {}) => ({
  locationName,
  roleType,
  ...more,
});
const both = [location("westeurope", "Primary"), location("North Europe", "Secondary")];

function namespace(name: string, geo: Value, more: Record<string, Value> = {}, apiVersion = "2026-01-01") {
  const sku = { name: "Premium", tier: "Premium" };
  return raw("Microsoft.EventHub/namespaces", name, apiVersion, {
    sku,
    tags,
    properties: { geoDataReplication: geo },
    ...more,
  });
}

/** A namespace that is replicated. */
function replicated(lag: Value = 300, locations: Value = both): Parts {
  return {
    ...promised(),
    namespace: namespace("topics", { maxReplicationLagDurationInSeconds: lag, locations }),
    hub: native("eventhub:EventHub", "placed", {
      namespaceName: "topics",
      eventHubName: "placed",
      messageRetentionInDays: 7,
    }),
  };
}

function protection(parts: Parts, name: string) {
  return read(parts).plan.protections.find(({ id }) => id === `${asset}/${name}`);
}

const lag = (parts: Parts) => {
  const found = protection(parts, "geo-replica");
  return found?.kind === "replica" ? found.lag : undefined;
};

describe("a namespace that Event Hubs replicates", () => {
  it("is at most as far behind as it says, for writes are held back beyond that", () => {
    expect(messages(replicated())).toEqual([]);
    expect(lag(replicated())).toMatchObject({ value: 300, grade: "guaranteed", facts: ["event-hubs.lag-least"] });
    expect(protection(replicated(), "geo-replica")).toMatchObject({ at: { region: "northeurope" }, carries: "data" });
    expect(lag(replicated(0))).toMatchObject({ value: 0, facts: ["event-hubs.synchronous-lag"] });
    expect(lag(replicated(86_400))?.value).toBe(86_400);
  });

  it.each<[string, Value]>([
    ["1 s", 1],
    ["299 s", 299],
    ["86,401 s", 86_401],
    ["nothing", null],
    ["what is not known", UNKNOWN],
  ])("is refused with a lag of %s", (_, value) => {
    expect(lag(replicated(value))?.value).toHaveProperty("unknown");
    expect(messages(replicated(value))).toHaveLength(1);
  });

  it("is known to previews of the API, and not to what came between", () => {
    const geo = { maxReplicationLagDurationInSeconds: 300, locations: both };
    const by = (version: string): Parts => ({ ...replicated(), namespace: namespace("topics", geo, {}, version) });
    expect(lag(by("2024-05-01-preview"))?.value).toBe(300);
    expect(lag(by("2024-01-01"))?.value).toHaveProperty("unknown");
    const typed = native("eventhub:Namespace", "topics", {
      namespaceName: "topics",
      sku: { name: "Premium" },
      tags,
      geoDataReplication: geo,
    });
    expect(messages({ ...replicated(), namespace: typed }).join()).toContain(
      "by azure-native.resources.Resource with apiVersion 2026-01-01",
    );
  });

  it("is not replicated at all with one location, which is how Azure writes that", () => {
    expect(protection(replicated(0, [location("westeurope", "Primary")]), "geo-replica")).toBeUndefined();
  });

  it("needs a cluster for each location where it is in one", () => {
    const at = (more: Record<string, Value>) => [
      location("westeurope", "Primary", { clusterArmId: "/a" }),
      location("northeurope", "Secondary", more),
    ];
    const cluster = (more: Record<string, Value>) =>
      edit(replicated(300, at(more)), "namespace", "properties.clusterArmId", "/a");
    expect(lag(cluster({ clusterArmId: "/b" }))?.value).toBe(300);
    expect(lag(cluster({}))?.value).toHaveProperty("unknown");
  });

  it("is promoted in a time that a register entry of its own answers for", () => {
    expect(way(replicated(), "region", "promotion")).toBeUndefined();
    const entry = assumption("managed-service", "10m", { id: "promotion", assets: ["nucleus/*"], path: "promotion" });
    const answered = registered(replicated(), "assumptions", entry);
    const found = read(answered).plan.paths.find(({ id }) => id === `${asset}/promotion`);
    expect(found?.steps[0]?.bound).toMatchObject({ value: 600, grade: "assumed", facts: ["event-hubs.promotion"] });
    expect(found?.decide).toHaveLength(2);
  });

  it("copies bad events as well", () => {
    const entry = assumption("managed-service", "10m", { id: "promotion", assets: ["nucleus/*"], path: "promotion" });
    expect(ways(registered(replicated(), "assumptions", entry), "corruption").candidates).toEqual([]);
  });
});

describe("an alias for two namespaces", () => {
  const paired = (more: Record<string, Value> = {}, tier = "Standard"): Parts => ({
    ...promised(),
    namespace: native("eventhub:Namespace", "topics", { namespaceName: "topics", sku: { name: tier }, tags }),
    partner: native("eventhub:Namespace", "partner", {
      namespaceName: "partner",
      sku: { name: "Standard" },
      location: "northeurope",
      tags,
      ...more,
    }),
    alias: native("eventhub:DisasterRecoveryConfig", "alias", {
      namespaceName: "topics",
      partnerNamespace: "/subscriptions/s/namespaces/partner",
    }),
  });

  it("carries names and settings, and not one event", () => {
    expect(messages(paired())).toEqual([]);
    expect(protection(paired(), "alias")).toMatchObject({ carries: "metadata", at: { region: "northeurope" } });
  });

  it.each<[string, Parts, string]>([
    ["one region", paired({ location: "westeurope" }), "two namespaces of one region"],
    ["two tiers", paired({ sku: { name: "Premium" } }), "of tier Standard with one of tier Premium"],
    ["the tier Basic", paired({ sku: { name: "Basic" } }, "Basic"), "which has no alias"],
  ])("is refused with %s", (_, parts, why) => {
    expect(messages(parts).join()).toContain(why);
  });
});

describe("events that are kept", () => {
  it.each<[string, string, Value, unknown]>([
    ["7 days in Standard", "Standard", 7, 7 * 86_400],
    ["8 days in Standard", "Standard", 8, { unknown: expect.stringContaining("7 days at most") }],
    ["2 days in Basic", "Basic", 2, { unknown: expect.stringContaining("1 days at most") }],
    ["90 days in Premium", "Premium", 90, 90 * 86_400],
    ["91 days in Premium", "Premium", 91, { unknown: expect.stringContaining("90 days at most") }],
    ["as long as nobody says", "Premium", undefined, { unknown: expect.stringContaining("does not say") }],
  ])("are there %s", (_, tier, days, value) => {
    const parts = edit(edit(replicated(), "namespace", "sku.name", tier), "hub", "messageRetentionInDays", days);
    expect(protection(parts, "retained-events")).toMatchObject({ keptFor: { value } });
  });

  it("are read as fast as the register says of this asset, and by no rate that it does not say", () => {
    const rate = assumption("restore-rate", undefined, { id: "rate", assets: [asset], bytesPerSecond: 7 });
    const readRate = { bytesPerSecond: 7, bytes: 10_000_000_000 };
    expect(protection(registered(replicated(), "assumptions", rate), "retained-events")).toMatchObject({ readRate });
    expect(protection(forgotten(replicated(), "restore-rate"), "retained-events")).not.toHaveProperty("readRate");
  });

  it("are there as long as in the event hub that keeps them shortest", () => {
    const other = native("eventhub:EventHub", "paid", {
      namespaceName: "topics",
      eventHubName: "paid",
      messageRetentionInDays: 2,
    });
    expect(protection({ ...replicated(), other }, "retained-events")).toMatchObject({ keptFor: { value: 2 * 86_400 } });
  });
});
