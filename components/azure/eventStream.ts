import * as eventhub from "@pulumi/azure-native/eventhub";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration } from "../../recovery/duration";
import { assetPromise, type DataPromise } from "../database/promise";
import { type AzureSite, placed } from "./place";

/** Where an event hub writes its events to by itself. */
export interface CaptureTarget {
  /** Id of the account: its output, or its plain path. */
  account: pulumi.Input<string>;
  container: string;
  /** A file is written at the latest after this: 60s to 900s. */
  every: Duration;
}

/** One event hub, a topic in the words of Kafka. */
export interface Topic {
  name: string;
  /** 100 at most in a Premium namespace. */
  partitions: number;
  /** Events can be read again so long: whole hours, 90 days at most. */
  keep: Duration;
  /** @default none */
  capture?: CaptureTarget;
}

/** Arguments of `EventStream`. */
export interface EventStreamArgs {
  promise: DataPromise;
  at: AzureSite;
  /** Names of the namespaces over which the load is spread, each with all topics; plain, so that jobs can name them. */
  namespaces: string[];
  /** Processing units of each: 1, 2, 4, 8, 12 or 16. */
  units: number;
  /** The region that events are replicated to. @default none */
  elsewhere?: {
    region: string;
    /** Writes are held back once it is further behind: 0s, or 5m to 1d. */
    lag: Duration;
  };
  topics: Topic[];
  tags?: Record<string, string>;
}

/** The API that knows geo-replication; the SDK's own type of a namespace is older. */
const apiVersion = "2026-01-01";

/** Event Hubs of the Premium tier, read and written as Kafka, replicated to another region within a bound. */
export class EventStream extends pulumi.ComponentResource {
  /** Its namespaces, in the order of their names; each has an identity, by which it captures. */
  declare readonly namespaces: resources.Resource[];

  constructor(name: string, args: EventStreamArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:EventStream", name, {}, opts);
    const { at, namespaces, topics } = args;
    const geo = geoOf(name, args);
    refuse(name, args);
    const guarded = { parent: this, provider: at.provider, protect: true };
    this.namespaces = [];
    for (const namespace of namespaces) {
      const made = new resources.Resource(
        `${name}-${namespace}`,
        {
          ...placed(at),
          apiVersion,
          resourceProviderNamespace: "Microsoft.EventHub",
          resourceType: "namespaces",
          parentResourcePath: "",
          resourceName: namespace,
          // By this identity it writes what it captures.
          identity: { type: "SystemAssigned" },
          sku: { name: "Premium", tier: "Premium", capacity: args.units },
          properties: { kafkaEnabled: true, minimumTlsVersion: "1.2", disableLocalAuth: true, ...geo },
          tags: args.tags ?? {},
        },
        guarded,
      );
      this.namespaces.push(made);
      for (const topic of topics)
        new eventhub.EventHub(
          `${name}-${namespace}-${topic.name}`,
          { ...hubOf(topic), namespaceName: namespace, resourceGroupName: at.resourceGroup },
          { ...guarded, dependsOn: [made] },
        );
    }
    this.registerOutputs({ asset: assetPromise(args.promise, "topics") });
  }
}

function geoOf(name: string, { at, elsewhere }: EventStreamArgs): { geoDataReplication?: object } {
  if (elsewhere === undefined) return {};
  const lag = duration(elsewhere.lag);
  if (lag !== 0 && (lag < 300 || lag > 86_400))
    throw new RangeError(`${name}: elsewhere.lag must be 0s, or 5m to 1d, got ${elsewhere.lag}`);
  if (elsewhere.region === at.region)
    throw new RangeError(`${name}: elsewhere.region must be another region, got ${at.region}`);
  const locations = [
    { locationName: at.region, roleType: "Primary" },
    { locationName: elsewhere.region, roleType: "Secondary" },
  ];
  return { geoDataReplication: { maxReplicationLagDurationInSeconds: lag, locations } };
}

function refuse(name: string, { topics, namespaces }: EventStreamArgs): void {
  if (namespaces.length === 0 || topics.length === 0) throw new RangeError(`${name} must have a namespace and a topic`);
  for (const { name: topic, keep, capture, partitions } of topics) {
    const hours = duration(keep) / 3_600;
    if (!Number.isInteger(hours) || hours < 1 || hours > 2_160)
      throw new RangeError(`${name}: keep of ${topic} must be whole hours, 1h to 90d, got ${keep}`);
    if (!Number.isInteger(partitions) || partitions < 1 || partitions > 100)
      throw new RangeError(`${name}: partitions of ${topic} must be 1 to 100, got ${partitions}`);
    const window = capture && duration(capture.every);
    if (window !== undefined && (window < 60 || window > 900))
      throw new RangeError(`${name}: capture.every of ${topic} must be 60s to 900s, got ${capture?.every}`);
  }
}

function hubOf({
  name,
  partitions,
  keep,
  capture,
}: Topic): Omit<eventhub.EventHubArgs, "namespaceName" | "resourceGroupName"> {
  return {
    eventHubName: name,
    partitionCount: partitions,
    retentionDescription: { cleanupPolicy: "Delete", retentionTimeInHours: duration(keep) / 3_600 },
    ...(capture === undefined
      ? {}
      : {
          captureDescription: {
            enabled: true,
            encoding: "Avro",
            intervalInSeconds: duration(capture.every),
            sizeLimitInBytes: 314_572_800,
            // An empty file says that nothing came; no file says that Capture has stopped.
            skipEmptyArchives: false,
            destination: {
              name: "EventHubArchive.AzureBlockBlob",
              storageAccountResourceId: capture.account,
              blobContainer: capture.container,
              archiveNameFormat: "{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}",
              identity: { type: "SystemAssigned" },
            },
          },
        }),
  };
}
