import * as azure from "@pulumi/azure-native/provider";
import * as databricks from "@pulumi/databricks";
import { describe, expect, it } from "vitest";
import { ContainerKit } from "../../components/azure/containerKit";
import { DatabricksJob } from "../../components/azure/databricksJob";
import { DataLake } from "../../components/azure/dataLake";
import { DeltaTable } from "../../components/azure/deltaTable";
import { EventStream, type EventStreamArgs } from "../../components/azure/eventStream";
import { LockedAccount, type LockedAccountArgs } from "../../components/azure/lockedAccount";
import { LogWorkspace } from "../../components/azure/logWorkspace";
import { SparkWorkspaces } from "../../components/azure/sparkWorkspace";
import { Vault } from "../../components/azure/vault";
import { declared, named, namesOf } from "./declare";

const limit = { rpo: "1h", rto: "4h", owner: "lake team", reason: "the guide" };
const promise = {
  id: "analytics/lake",
  objectives: { process: limit, node: limit, zone: limit, region: limit, corruption: limit, compromise: limit },
  retention: { atLeast: "30d" },
  bytes: 1_000_000_000_000,
};

function site(region: string) {
  const provider = new azure.Provider(region, { subscriptionId: "00000000-0000-0000-0000-00000000000b" });
  return { provider, resourceGroup: `analytics-${region}`, region };
}

const subnets = ["/subnets/one"];

function lake(keepDeleted = "35d", far = "northeurope") {
  return declared(() => {
    new DataLake("lake", {
      promise,
      at: { ...site("westeurope"), account: "lake", subnets },
      elsewhere: { ...site(far), account: "lakefar", subnets },
      containers: ["tables"],
      keepDeleted,
    });
  });
}

function locked(edit: Partial<LockedAccountArgs> = {}) {
  const args: Omit<LockedAccountArgs, "at"> = {
    account: "copies",
    containers: ["lake"],
    expiring: ["lake/clones/"],
    subnets,
    lock: "35d",
    expire: "45d",
    locked: true,
  };
  return declared(() => new LockedAccount("copies", { at: site("northeurope"), ...args, ...edit }));
}

const topic = { name: "placed", partitions: 32, keep: "168h" } as const;

function stream(edit: Partial<EventStreamArgs> = {}) {
  const elsewhere = { region: "northeurope", lag: "5m" } as const;
  return declared(() => {
    new EventStream("topics", {
      promise,
      at: site("westeurope"),
      namespaces: ["one", "two"],
      units: 16,
      elsewhere,
      topics: [topic],
      ...edit,
    });
  });
}

describe("a lake", () => {
  it("is two accounts alike, each with its blob service and containers, and all of it protected", async () => {
    const all = await lake();
    const side = (name: string) => [
      `azure-native:storage:BlobContainer lake-${name}-tables`,
      `azure-native:storage:BlobServiceProperties lake-${name}-service`,
      `azure-native:storage:StorageAccount lake-${name}-account`,
      `holdfast:azure:LakeAccount lake-${name}`,
    ];
    expect(namesOf(all)).toEqual([...side("copy"), ...side("written"), "holdfast:azure:DataLake lake"].sort());
    expect(all.filter(({ type, protect }) => type.startsWith("azure-native:") && !protect)).toEqual([]);
  });

  it("is in the zones of each region, private, without keys that anyone could copy, and keeps what is deleted", async () => {
    const all = await lake();
    for (const side of ["written", "copy"]) {
      expect(named(all, `lake-${side}-account`).props).toMatchObject({
        sku: { name: "Standard_ZRS" },
        isHnsEnabled: true,
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        minimumTlsVersion: "TLS1_2",
        publicNetworkAccess: "Enabled",
        networkRuleSet: { defaultAction: "Deny", virtualNetworkRules: [{ virtualNetworkResourceId: "/subnets/one" }] },
      });
      expect(named(all, `lake-${side}-service`).props).toMatchObject({
        deleteRetentionPolicy: { enabled: true, days: 35, allowPermanentDelete: false },
        containerDeleteRetentionPolicy: { enabled: true, days: 35 },
      });
    }
  });

  it.each([
    ["keeps what is deleted for less than its retention", "29d", "northeurope", /keepDeleted must be 1d to 365d/],
    ["keeps what is deleted longer than Azure can", "366d", "northeurope", /keepDeleted must be 1d to 365d/],
    ["is twice in one region", "35d", "westeurope", /another account of another region/],
  ])("is refused where it %s", async (_, keep, far, message) => {
    await expect(lake(keep, far)).rejects.toThrow(message);
  });
});

describe("an account under a lock", () => {
  it("locks each version for good, in a flat namespace, and expires blobs later", async () => {
    const all = await locked();
    expect(named(all, "copies-account").props).toMatchObject({
      isHnsEnabled: false,
      immutableStorageWithVersioning: {
        enabled: true,
        immutabilityPolicy: { immutabilityPeriodSinceCreationInDays: 35, state: "Locked" },
      },
    });
    expect(named(all, "copies-service").props).toMatchObject({ isVersioningEnabled: true });
    expect(JSON.stringify(named(all, "copies-lifecycle").props.policy)).toContain(
      '"daysAfterModificationGreaterThan":45',
    );
  });

  it("deletes only what lies in the folders that expire", async () => {
    const policy = JSON.stringify(named(await locked(), "copies-lifecycle").props.policy);
    expect(policy).toContain('"prefixMatch":["lake/clones/"]');
  });

  it("leaves what tables still use, and keeps for longer what is told to be", async () => {
    const { policy } = named(
      await locked({ replaced: ["lake/tables/"], longer: { below: ["logs/"], expire: "400d" } }),
      "copies-lifecycle",
    ).props as { policy: { rules: { name: string; definition: unknown }[] } };
    const version = (days: number) => ({ delete: { daysAfterCreationGreaterThan: days } });
    const baseBlob = (days: number) => ({ delete: { daysAfterModificationGreaterThan: days } });
    const filters = (prefix: string) => ({ blobTypes: ["blockBlob"], prefixMatch: [prefix] });
    expect(policy.rules.map(({ name, definition }) => [name, definition])).toEqual([
      ["expire", { filters: filters("lake/clones/"), actions: { baseBlob: baseBlob(45), version: version(45) } }],
      ["expire-replaced", { filters: filters("lake/tables/"), actions: { version: version(45) } }],
      ["expire-later", { filters: filters("logs/"), actions: { baseBlob: baseBlob(400), version: version(400) } }],
    ]);
  });

  it("is refused where what is kept for longer is not", async () => {
    await expect(locked({ longer: { below: ["logs/"], expire: "45d" } })).rejects.toThrow(
      /longer.expire must be later than 45d/,
    );
  });

  it("begins unlocked, for Azure makes no other", async () => {
    const props = named(await locked({ locked: false }), "copies-account").props;
    expect(props).toMatchObject({ immutableStorageWithVersioning: { immutabilityPolicy: { state: "Unlocked" } } });
  });

  it("is refused where blobs expire before their lock ends", async () => {
    await expect(locked({ expire: "35d" })).rejects.toThrow(/expire must be later than the lock of 35d/);
  });
});

describe("topics", () => {
  it("are in Premium namespaces that an API declares which knows replication", async () => {
    const all = await stream();
    expect(namesOf(all)).toEqual([
      "azure-native:eventhub:EventHub topics-one-placed",
      "azure-native:eventhub:EventHub topics-two-placed",
      "azure-native:resources:Resource topics-one",
      "azure-native:resources:Resource topics-two",
      "holdfast:azure:EventStream topics",
    ]);
    expect(named(all, "topics-one").props).toMatchObject({
      resourceProviderNamespace: "Microsoft.EventHub",
      resourceType: "namespaces",
      apiVersion: "2026-01-01",
      sku: { name: "Premium", capacity: 16 },
      properties: {
        geoDataReplication: {
          maxReplicationLagDurationInSeconds: 300,
          locations: [
            { locationName: "westeurope", roleType: "Primary" },
            { locationName: "northeurope", roleType: "Secondary" },
          ],
        },
      },
    });
  });

  it.each<[string, Partial<EventStreamArgs>, RegExp]>([
    ["a lag of four minutes", { elsewhere: { region: "northeurope", lag: "4m" } }, /lag must be 0s, or 5m to 1d/],
    ["a lag of two days", { elsewhere: { region: "northeurope", lag: "2d" } }, /lag must be 0s, or 5m to 1d/],
    ["one region", { elsewhere: { region: "westeurope", lag: "5m" } }, /must be another region/],
    ["events of 91 days", { topics: [{ ...topic, keep: "91d" }] }, /keep of placed must be whole hours/],
    ["101 partitions", { topics: [{ ...topic, partitions: 101 }] }, /partitions of placed must be 1 to 100/],
    [
      "Capture every 59 s",
      { topics: [{ ...topic, capture: { account: "a", container: "c", every: "59s" } }] },
      /60s to 900s/,
    ],
    ["no topic", { topics: [] }, /must have a namespace and a topic/],
  ])("are refused with %s", async (_, edit, message) => {
    await expect(stream(edit)).rejects.toThrow(message);
  });
});

describe("what Databricks runs and keeps", () => {
  const all = () =>
    declared(() => {
      const provider = new databricks.Provider("workspace", { azureWorkspaceResourceId: "/subscriptions/s/w" });
      const cluster = { sparkVersion: "16.4.x-scala2.12", nodeTypeId: "Standard_D4ds_v5", numWorkers: 1 };
      const shared = { provider, protects: promise.id, cluster, deadline: "20m", schedule: "0 0/15 * * * ?" } as const;
      const clone = { role: "full", copiesTo: "lakefar/tables", readInPlace: true } as const;
      new DatabricksJob("clone", { ...shared, job: "clone", purpose: clone, notebook: "/jobs/clone", paused: true });
      const vacuum = { role: "vacuum", retain: "30d" } as const;
      new DatabricksJob("vacuum", { ...shared, job: "vacuum", purpose: vacuum, notebook: "/jobs/vacuum" });
      const columns = [{ name: "id", type: "bigint" }];
      const where = { catalog: "a", schema: "b", table: "c", warehouse: "w", location: "abfss://tables@lake/c" };
      new DeltaTable("table", { provider, asset: promise.id, ...where, columns, keep: "30d" });
    });

  it("is one run at a time, stopped at its deadline, and says whom it works for", async () => {
    expect(named(await all(), "clone-job").props).toMatchObject({
      maxConcurrentRuns: 1,
      queue: { enabled: false },
      timeoutSeconds: 1_200,
      schedule: { quartzCronExpression: "0 0/15 * * * ?", timezoneId: "Etc/UTC", pauseStatus: "PAUSED" },
      tags: {
        holdfast_protects: "analytics/lake",
        holdfast_role: "full",
        holdfast_copies_to: "lakefar/tables",
        holdfast_capture: "fuzzy",
        holdfast_read: "in-place",
      },
    });
  });

  it("keeps files and log of a table as long as VACUUM leaves them", async () => {
    const found = await all();
    expect(named(found, "vacuum-job").props.parameters).toEqual([{ name: "retain_hours", default: "720" }]);
    expect(named(found, "table-table").props.properties).toEqual({
      holdfast_asset: "analytics/lake",
      "delta.deletedFileRetentionDuration": "interval 30 days",
      "delta.logRetentionDuration": "interval 30 days",
    });
  });
});

describe("the kit of a recovery in a clean room", () => {
  const kit = (content: string) =>
    declared(() => {
      const where = { at: site("northeurope"), account: "copies", container: "lake", blob: "kit/jobs.yaml" };
      new ContainerKit("kit", { ...where, content, jobs: ["lake-verify", "lake-restore"] });
    });

  it("is a blob that says which jobs it holds", async () => {
    expect(named(await kit("name: lake-restore\nname: lake-verify"), "kit-blob")).toMatchObject({
      protect: true,
      props: { blobName: "kit/jobs.yaml", metadata: { holdfast_jobs: "lake-restore,lake-verify" } },
    });
  });

  it("is refused where it lacks one of them", async () => {
    await expect(kit("name: lake-restore")).rejects.toThrow(/it lacks lake-verify/);
  });
});

describe("a vault, a workspace of logs and workspaces of Databricks", () => {
  const vault = (keepDeleted: string) =>
    declared(
      () => new Vault("keys", { promise, at: site("westeurope"), vault: "keys", tenant: "t", subnets, keepDeleted }),
    );
  const logs = (hot: string, keep: string, elsewhere = "northeurope") =>
    declared(() => {
      const tables = ["A_CL"];
      new LogWorkspace("logs", { promise, at: site("westeurope"), workspace: "logs", hot, keep, tables, elsewhere });
    });

  it("cannot be purged, is replicated, and stands by", async () => {
    expect(named(await vault("90d"), "keys-vault").props.properties).toMatchObject({
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: true,
    });
    const all = await logs("90d", "365d");
    expect(named(all, "logs-workspace").props).toMatchObject({
      apiVersion: "2025-02-01",
      properties: { retentionInDays: 90, replication: { enabled: true, location: "northeurope" } },
    });
    expect(named(all, "logs-A_CL").props).toMatchObject({ retentionInDays: 90, totalRetentionInDays: 365 });
  });

  it("is refused with days that Azure refuses, or twice in one region", async () => {
    await expect(vault("6d")).rejects.toThrow(/keepDeleted must be 7d to 90d/);
    await expect(vault("91d")).rejects.toThrow(/keepDeleted must be 7d to 90d/);
    await expect(logs("29d", "365d")).rejects.toThrow(/hot must be 30d to 730d/);
    await expect(logs("90d", "4384d")).rejects.toThrow(/keep must be 90d to 4383d/);
    await expect(logs("90d", "365d", "westeurope")).rejects.toThrow(/another region/);
    const both = () => {
      const at = { ...site("westeurope"), workspace: "w", managedResourceGroup: "/g" };
      new SparkWorkspaces("spark", { promise, at, standby: at });
    };
    await expect(declared(both)).rejects.toThrow(/standby must be in another region/);
  });

  it("puts clusters into two subnets of one network, without public addresses, or refuses", async () => {
    const spark = (...subnets: [string, string]) =>
      declared(() => {
        const at = { ...site("westeurope"), workspace: "w", managedResourceGroup: "/g", subnets };
        new SparkWorkspaces("spark", { promise, at });
      });
    expect(named(await spark("/net/subnets/hosts", "/net/subnets/containers"), "spark-workspace").props).toMatchObject({
      parameters: {
        customVirtualNetworkId: { value: "/net" },
        customPublicSubnetName: { value: "hosts" },
        customPrivateSubnetName: { value: "containers" },
        enableNoPublicIp: { value: true },
      },
    });
    const wrong: [string, string][] = [
      ["/net/subnets/one", "/other/subnets/two"],
      ["/net/subnets/one", "/net/subnets/one"],
      ["/net", "/net"],
    ];
    for (const pair of wrong) await expect(spark(...pair)).rejects.toThrow(/subnets must be two of one network/);
  });
});
