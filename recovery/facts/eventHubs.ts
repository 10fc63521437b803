import { factsOf } from "./group";

const geo = { source: "MicrosoftDocs/azure-docs articles/event-hubs/geo-replication.md @0088bfa", read: "2026-11-21" };
const lagProperty = {
  source: "Azure/azure-sdk-for-net Azure.Provisioning.EventHubs NamespaceGeoDataReplicationProperties",
  read: "2026-11-21",
};
const alias = { source: "MicrosoftDocs/azure-docs articles/event-hubs/event-hubs-geo-dr.md", read: "2018" };
const reliability = {
  source: "MicrosoftDocs/azure-docs articles/reliability/reliability-event-hubs.md",
  read: "2025-03-31",
};
const tiers = {
  source: "MicrosoftDocs/azure-docs articles/event-hubs/includes/event-hubs-tier-limits.md",
  read: "2025",
};
const capture = { source: "@pulumi/azure-native 3.28.0 types/input.d.ts, CaptureDescriptionArgs", read: "2026-11-21" };

/** Azure Event Hubs. */
export const eventHubs = factsOf("event-hubs", {
  zoneLoss: {
    says: "In a region with zones the loss of one loses this of what was acknowledged.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...reliability,
  },
  synchronousLag: {
    says: "A maximum lag of 0 replicates synchronously: a promotion loses this, and both regions must be up to write.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...geo,
  },
  lagLeast: {
    says: "An asynchronous maximum lag cannot be shorter than this; beyond it writes are held back or fail.",
    value: 300,
    unit: "seconds",
    standing: "design",
    ...lagProperty,
  },
  lagMost: {
    says: "An asynchronous maximum lag cannot be longer than this.",
    value: 86_400,
    unit: "seconds",
    standing: "design",
    ...lagProperty,
  },
  geoTiers: {
    says: "Geo-replication exists in the Premium and Dedicated tiers only, and between namespaces of one tier.",
    standing: "design",
    ...geo,
  },
  geoUndeclared: {
    says: "azure-native 3.28.0 declares no geo-replication, unless its eventhub is generated for 2026-01-01.",
    standing: "design",
    source: "@pulumi/azure-native 3.28.0 eventhub/namespace.d.ts",
    read: "2026-11-21",
  },
  promotion: {
    says: "The customer promotes the second region; nobody says how long producers and consumers stand still.",
    standing: "none",
    ...geo,
  },
  aliasCarriesNoEvents: {
    says: "Geo-disaster recovery with an alias copies names and settings and not one event.",
    standing: "design",
    ...alias,
  },
  retentionBasic: {
    says: "The Basic tier keeps events at most this long.",
    value: 1,
    unit: "days",
    standing: "design",
    ...tiers,
  },
  retentionStandard: {
    says: "The Standard tier keeps events at most this long.",
    value: 7,
    unit: "days",
    standing: "design",
    ...tiers,
  },
  retentionPremium: {
    says: "The Premium and Dedicated tiers keep events at most this long.",
    value: 90,
    unit: "days",
    standing: "design",
    ...tiers,
  },
  captureWindowLeast: {
    says: "Capture writes a file at the latest after a window of at least this.",
    value: 60,
    unit: "seconds",
    standing: "design",
    ...capture,
  },
  captureWindowMost: {
    says: "The window of Capture cannot be longer than this, and a full file ends it sooner.",
    value: 900,
    unit: "seconds",
    standing: "design",
    ...capture,
  },
  captureSizeLeast: {
    says: "A file of Capture counts as full at this size at least.",
    value: 10_485_760,
    unit: "bytes",
    standing: "design",
    ...capture,
  },
  captureSizeMost: {
    says: "A file of Capture counts as full at this size at most.",
    value: 524_288_000,
    unit: "bytes",
    standing: "design",
    ...capture,
  },
});
