import { isUnknown } from "../../../../recovery/bound";
import { azureStorage } from "../../../../recovery/facts";
import type { Alert, Asset, Replica, Term } from "../../../../recovery/plan";
import { managed, managedFailover } from "../../../../recovery/time";
import { spanFrom, termOf } from "../../../../recovery/time/setting";
import { detectionOf } from "../../alerts";
import { assumedTerm, assumptionFor } from "../../assumptions";
import { titleOf } from "../../names";
import type { Way } from "../../paths";
import type { Program } from "../../program";
import { knows } from "../arm";
import { pairOf, type StorageAccount } from "./account";
import { keyOf } from "./lock";
import type { Store } from "./versions";

/** Bytes a second that an account is told to move, in a tag: the contract on its lag ends at some. */
const throughput = "holdfast_bytes_per_second";

/** The copy in the paired region, written after the first one has acknowledged; nobody bounds how far it is behind. */
export function geoReplicaOf({ asset, account }: Store, program: Program): Replica | undefined {
  if (isUnknown(account.sku) || !account.sku.geo) return undefined;
  const needs = keyOf(account);
  return {
    kind: "replica",
    id: `${asset}/geo-replica`,
    asset,
    label: "the account in the paired region",
    at: pairOf(account),
    lag: lagOf(asset, account, program),
    carries: "data",
    ...(needs.length === 0 ? {} : { needs }),
    source: account.facts.source("sku.name"),
  };
}

function lagOf(asset: string, account: StorageAccount, { register }: Program): Term {
  const name = "the paired region is behind";
  if (priorityGap(account) === undefined) {
    const source = account.settings.source("geoPriorityReplicationStatus.isBlobEnabled");
    return termOf(name, spanFrom(azureStorage.priorityLag, source));
  }
  const lag = assumedTerm(register, { term: "replica-lag", asset }, name);
  return { ...lag, facts: [azureStorage.geoLag.id] };
}

/** Why geo priority replication promises an account nothing; nothing where it does. */
function priorityGap(account: StorageAccount): string | undefined {
  const title = titleOf(account.resource);
  const on = account.settings.flag("geoPriorityReplicationStatus.isBlobEnabled");
  if (on !== true) return isUnknown(on) ? on.unknown : "it is off";
  const known = knows(account, "2025-06-01");
  if (known !== true) {
    const how = "declare it by azure-native.resources.Resource with apiVersion 2025-06-01";
    return isUnknown(known)
      ? known.unknown
      : `the API that ${title} is declared by knows no geo priority replication: ${how}`;
  }
  const most = azureStorage.priorityThroughput.value ?? 0;
  const text = account.facts.at("tags").key(throughput).text();
  const moved = typeof text === "string" && /^\d+$/.test(text) ? Number(text) : undefined;
  if (moved === undefined) return `${title} says in no tag ${throughput} how many bytes it moves a second`;
  if (moved <= most) return undefined;
  return `${title} moves ${moved} bytes a second: above ${most} it promises nothing`;
}

/** Priority replication that is asked for and promises nothing is a mistake, not a setting. */
export function notePriority({ asset, account }: Store, { problems }: Program): void {
  if (account.settings.isSilent("geoPriorityReplicationStatus.isBlobEnabled")) return;
  if (account.settings.flag("geoPriorityReplicationStatus.isBlobEnabled") === false) return;
  const source = account.settings.source("geoPriorityReplicationStatus.isBlobEnabled");
  if (!isUnknown(account.sku) && !account.sku.geo) {
    const message = `${titleOf(account.resource)} asks for geo priority replication, and its sku keeps nothing in a second region`;
    problems.add(source, message, asset);
    return;
  }
  const gap = priorityGap(account);
  if (gap !== undefined) problems.add(source, `geo priority replication does not count: ${gap}`, asset);
}

/** Its owner fails an account over; afterwards it is locally redundant until somebody makes a second copy again. */
export function failoverWays(
  asset: Asset,
  replica: Replica,
  account: StorageAccount,
  alerts: readonly Alert[],
  program: Program,
): Way[] {
  const { register } = program;
  const [name, disruption] = ["account-failover", "region"] as const;
  const wanted = { asset: asset.id, path: name, disruption };
  const entry = assumptionFor(register, { term: "managed-service", ...wanted });
  // What a service takes to leave a zone says nothing of its region.
  const assumption = entry?.path === name ? entry : undefined;
  const { source } = replica;
  const preview = "a failover that the customer starts is a preview where the namespace is hierarchical";
  const again = {
    unbounded: "after a failover the account is locally redundant until somebody turns its copy on again",
  };
  return [
    {
      name,
      asset: asset.id,
      protection: replica.id,
      label: "account failover",
      disruption,
      ...managedFailover(managed.azureStorageRegion, {
        detect: detectionOf(asset, disruption, alerts),
        decide: (["acknowledge", "decide"] as const).map((term) => assumedTerm(register, { term, ...wanted }, term)),
        redirect: [assumedTerm(register, { term: "redirect", ...wanted }, "clients connect again")],
        source,
        ...(assumption === undefined ? {} : { assumption }),
      }),
      reprotect: [
        {
          name: "locally redundant",
          value: again,
          grade: "guaranteed",
          source,
          facts: [azureStorage.geoIsLocalAfter.id],
        },
      ],
      runsAt: replica.at,
      needs: [],
      source,
      ...(account.hierarchical === false ? {} : { excluded: preview }),
    },
  ];
}
