import { isUnknown } from "../../../../recovery/bound";
import type { Copy } from "../../../../recovery/plan";
import type { Given } from "../../given";
import { sourceOf, titleOf } from "../../names";
import type { Program } from "../../program";
import type { StorageAccount } from "./account";
import { type Kept, keptTerm } from "./kept";
import { keptByRules, rulesFor } from "./lifecycle";
import { keyOf, lockOfAccount, lockOfContainer, stronger } from "./lock";
import { type StorageSetting, settingsOf } from "./settings";
import { isVersioned } from "./versions";

/** A container of an account of the program. */
export interface Container {
  account: StorageAccount;
  container: StorageSetting;
  /** `account/container`, as jobs and links name it. */
  name: string;
}

/** The containers of the program whose names are known. */
export function containersOf({ azure }: Pick<Program, "azure">): Container[] {
  return azure.storageAccounts.flatMap((account) =>
    settingsOf(account, azure.storageSettings, "container").flatMap((container): Container[] => {
      const own = container.facts.text("containerName");
      if (typeof own !== "string" || typeof account.name !== "string") return [];
      return [{ account, container, name: `${account.name}/${own}` }];
    }),
  );
}

/** What a container keeps of restore points of an asset, and for how long. */
export function copyInContainer({ account, container }: Container, asset: string, program: Program): Copy {
  const { storageSettings } = program.azure;
  const own = container.facts.text("containerName");
  const source = sourceOf(container.resource);
  const endless: Kept = { value: { unbounded: "no lifecycle rule deletes them" }, source };
  const rules = rulesFor(account, storageSettings, typeof own === "string" ? own : undefined);
  const needs = keyOf(account);
  const ofAccount = lockOfAccount(account, isVersioned({ account, settings: storageSettings }));
  if (isUnknown(account.sku))
    program.problems.unknown(account.facts.source("sku.name"), `${titleOf(account.resource)}: ${account.sku.unknown}`);
  return {
    at: isUnknown(account.sku) ? account.sku : account.at,
    keptFor: keptTerm("kept until expiry", keptByRules(rules, "baseBlob", endless)),
    lock: stronger(ofAccount, lockOfContainer(account, container, asset, program)),
    ...(needs.length === 0 ? {} : { needs }),
    source,
  };
}

/** The container that a protection which a path names keeps its points in; nothing where it keeps none in one. */
export function containerOf(
  protection: string | undefined,
  given: readonly Given[],
  program: Program,
): string | undefined {
  const found = given.find((one) => one.protection.id === protection)?.protection;
  if (found?.kind !== "restore-points" && found?.kind !== "archive") return undefined;
  const [copy] = found.copies;
  return containersOf(program).find(({ container }) => container.resource.urn === copy?.source.resource)?.name;
}
