import { Vault } from "../../../components/azure/vault";
import { KEYS_ID, retentions } from "../objectives";
import type { Estate } from "../site";

/** The vault of the platform's secrets; the paired region reads it when the primary is lost. */
export function vault({ config, names, primary, parent }: Estate): Vault {
  const { network } = config;
  return new Vault(
    "analytics-keys",
    {
      promise: { id: KEYS_ID, objectives: config.objectives.keys, retention: retentions.keys, bytes: 1_000_000 },
      at: primary.azure,
      vault: names.vault,
      tenant: config.tenant,
      subnets: [network.primary, network.secondary].flatMap(({ jobs, workers }) => [jobs, ...workers]),
      keepDeleted: config.keys.keepDeleted,
      tags: { system: "analytics" },
    },
    { parent, dependsOn: [primary.made] },
  );
}
