import * as eventhub from "@pulumi/azure-native/eventhub";
import * as resources from "@pulumi/azure-native/resources";
import { assetOf } from "./guide";
import type { Place } from "./places";
import { assumed, type Mend } from "./variant";

const text = "Event Hubs, which speaks Kafka's protocol";

/** "Multi-region replication": an alias for two namespaces, unless the stack replicates events as well. */
export function declareKafka(primary: Place, secondary: Place, mended: ReadonlySet<Mend>): void {
  if (mended.has("replicated")) declareReplicated(primary, secondary, mended);
  else declarePaired(primary, secondary, mended);
}

function declarePaired(primary: Place, secondary: Place, mended: ReadonlySet<Mend>): void {
  const [first, second] = [primary, secondary].map((place) => declareNamespace(place, mended));
  new eventhub.EventHub(
    "events",
    {
      eventHubName: "events",
      namespaceName: nameOf(primary),
      resourceGroupName: primary.resourceGroupName,
      partitionCount: 32,
      messageRetentionInDays: 7,
    },
    { provider: primary.azure, ...(first ? { dependsOn: [first] } : {}) },
  );
  new eventhub.DisasterRecoveryConfig(
    "alias",
    {
      alias: "analytics-events",
      namespaceName: nameOf(primary),
      resourceGroupName: primary.resourceGroupName,
      partnerNamespace: second?.id ?? nameOf(secondary),
    },
    { provider: primary.azure, ...(first ? { dependsOn: [first] } : {}) },
  );
}

function nameOf({ role }: Place): string {
  return `analytics-events-${role}`;
}

function declareNamespace(place: Place, mended: ReadonlySet<Mend>): eventhub.Namespace {
  const standby = place.role === "secondary";
  return new eventhub.Namespace(
    `namespace-${place.role}`,
    {
      namespaceName: nameOf(place),
      location: place.region,
      resourceGroupName: place.resourceGroupName,
      sku: { name: "Standard", tier: "Standard", capacity: 40 },
      kafkaEnabled: true,
      tags: {
        ...(standby ? {} : { holdfast_asset: assetOf("kafka") }),
        holdfast_assumed: assumed(`${text}; Standard, and paired by an alias`, mended),
      },
    },
    { provider: place.azure },
  );
}

function declareReplicated(primary: Place, secondary: Place, mended: ReadonlySet<Mend>): void {
  const namespace = new resources.Resource(
    "namespace-primary",
    {
      apiVersion: "2026-01-01",
      resourceProviderNamespace: "Microsoft.EventHub",
      resourceType: "namespaces",
      parentResourcePath: "",
      resourceName: nameOf(primary),
      location: primary.region,
      resourceGroupName: primary.resourceGroupName,
      sku: { name: "Premium", tier: "Premium", capacity: 16 },
      properties: {
        kafkaEnabled: true,
        geoDataReplication: {
          maxReplicationLagDurationInSeconds: 300,
          locations: [
            { locationName: primary.region, roleType: "Primary" },
            { locationName: secondary.region, roleType: "Secondary" },
          ],
        },
      },
      tags: {
        holdfast_asset: assetOf("kafka"),
        holdfast_assumed: assumed(`${text}; Premium`, mended, ["replicated"]),
      },
    },
    { provider: primary.azure },
  );
  new eventhub.EventHub(
    "events",
    {
      eventHubName: "events",
      namespaceName: nameOf(primary),
      resourceGroupName: primary.resourceGroupName,
      partitionCount: 100,
      retentionDescription: { cleanupPolicy: "Delete", retentionTimeInHours: 168 },
    },
    { provider: primary.azure, dependsOn: [namespace] },
  );
}
