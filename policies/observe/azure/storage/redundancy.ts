import { isUnknown } from "../../../../recovery/bound";
import { seconds } from "../../../../recovery/duration";
import { azureStorage } from "../../../../recovery/facts";
import type { Redundancy } from "../../../../recovery/plan";
import { serviceWays } from "../../managed";
import { titleOf } from "../../names";
import type { Way } from "../../paths";
import type { Program } from "../../program";
import type { Store } from "./versions";

/** What an account keeps by itself in its first region: over its zones, or in one of them. */
export function redundancyOf({ asset, account }: Pick<Store, "asset" | "account">): Redundancy {
  const { sku, facts } = account;
  const source = facts.source("sku.name");
  const spread = !isUnknown(sku) && sku.zones;
  return {
    kind: "redundancy",
    id: `${asset}/redundancy`,
    asset,
    label: spread ? "the zones of Azure Storage" : "one zone of Azure Storage",
    survives: isUnknown(sku) ? sku : spread ? "zone" : "node",
    loss: [
      {
        name: spread ? "acknowledged before it is in several zones" : "acknowledged before it is on several disks",
        value: seconds(0),
        grade: "guaranteed",
        source,
        facts: [(spread ? azureStorage.zoneRedundantLoss : azureStorage.locallyRedundant).id],
      },
    ],
    source,
  };
}

/** Azure Storage goes on by itself when a process, a node or a zone is lost. */
export function storageWays({ asset, account }: Pick<Store, "asset" | "account">, program: Program): Way[] {
  return serviceWays(
    {
      asset,
      at: account.at,
      protection: `${asset}/redundancy`,
      title: "Azure Storage",
      fact: azureStorage.zoneFailover,
      source: account.facts.source("sku.name"),
    },
    program,
  );
}

/** An account that says what Azure refuses is no account. */
export function noteSku({ asset, account }: Pick<Store, "asset" | "account">, { problems }: Program): void {
  const { sku, facts, resource } = account;
  if (isUnknown(sku)) problems.unknown(facts.source("sku.name"), `${titleOf(resource)}: ${sku.unknown}`, asset);
}
