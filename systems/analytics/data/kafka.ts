import * as eventhub from "@pulumi/azure-native/eventhub";
import { EventStream } from "../../../components/azure/eventStream";
import { grant } from "../access";
import { accountId } from "../ids";
import { LOCKED_CONTAINERS } from "../names";
import { KAFKA_ID, retentions } from "../objectives";
import type { Estate } from "../site";
import { streamSize } from "./streams";

/** Event Hubs over as many namespaces as the load takes, replicated to the secondary and captured under the lock. */
export function kafka(estate: Estate): EventStream {
  const { config, names, primary, secondary, parent } = estate;
  const { load, topic, keep, lag, capture, bytes } = config.kafka;
  const { units, partitions } = streamSize(load);
  const stream = new EventStream(
    "analytics-kafka",
    {
      promise: { id: KAFKA_ID, objectives: config.objectives.kafka, retention: retentions.kafka, bytes },
      at: primary.azure,
      namespaces: names.namespaces,
      units,
      elsewhere: { region: secondary.region, lag },
      topics: [
        {
          name: topic,
          partitions,
          keep,
          capture: {
            account: accountId(secondary, names.locked),
            container: LOCKED_CONTAINERS.events,
            every: capture,
          },
        },
      ],
      tags: { system: "analytics" },
    },
    { parent, dependsOn: [primary.made] },
  );
  const events = `${accountId(secondary, names.locked)}/blobServices/default/containers/${LOCKED_CONTAINERS.events}`;
  for (const [place, namespace] of stream.namespaces.entries())
    grant(
      `analytics-kafka-${names.namespaces[place]}-captures`,
      secondary,
      { role: "blobContributor", scope: events },
      namespace.identity.apply((identity) => identity?.principalId ?? ""),
      parent,
      [namespace],
    );
  const { network } = config;
  const subnets = [network.primary, network.secondary].flatMap(({ jobs, workers }) => [jobs, ...workers]);
  for (const namespaceName of names.namespaces)
    new eventhub.NamespaceNetworkRuleSet(
      `analytics-kafka-${namespaceName}-network`,
      {
        namespaceName,
        resourceGroupName: primary.group,
        defaultAction: "Deny",
        publicNetworkAccess: "Enabled",
        // Capture writes from inside of Azure.
        trustedServiceAccessEnabled: true,
        virtualNetworkRules: [...subnets, ...config.kafka.producers].map((id) => ({ subnet: { id } })),
      },
      { parent, provider: primary.azure.provider, dependsOn: [stream] },
    );
  return stream;
}
