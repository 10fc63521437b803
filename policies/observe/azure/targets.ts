import type { Asset } from "../../../recovery/plan";
import type { Resource } from "../../graph";
import { annotation } from "../annotations";
import type { Program } from "../program";
import { pointsTo } from "./arm";
import { jobTag } from "./databricks/job";
import { capturesOf } from "./eventHubs/capture";
import { hubsOf } from "./eventHubs/namespace";
import { ownedBy } from "./owned";
import type { StorageAccount } from "./storage/account";

/** What copies to an account, with the asset that it says it copies. */
interface Taker {
  resource: Resource;
  asset?: string;
}

/** What copies to an account: CronJobs and jobs of Databricks that name it or a container of it, and Capture. */
export function takersOf(account: StorageAccount, { cronJobs, azure }: Program): Taker[] {
  const isNamed = (name: unknown) =>
    typeof name === "string" && typeof account.name === "string" && name.split("/")[0] === account.name;
  const destination = "captureDescription.destination.storageAccountResourceId";
  return [
    ...cronJobs
      .filter(({ resource }) => isNamed(annotation(resource, "copies-to")))
      .map(({ resource, protects }): Taker => ({ resource, ...(protects === undefined ? {} : { asset: protects }) })),
    ...azure.databricksJobs
      .filter(({ facts }) => isNamed(jobTag(facts, "copies_to")))
      .map(({ resource, facts }): Taker => {
        const asset = jobTag(facts, "protects");
        return { resource, ...(typeof asset === "string" ? { asset } : {}) };
      }),
    ...azure.eventHubs
      .filter(({ facts }) => capturesOf(facts).some((one) => pointsTo(one, destination, account)))
      .map(({ resource }) => ({ resource })),
  ];
}

/** The asset whose copies an account of a program holds; nothing where it holds none. */
export function assetOfCopies(resource: Resource, assets: readonly Asset[], program: Program): string | undefined {
  const account = program.azure.storageAccounts.find((one) => one.resource.urn === resource.urn);
  if (account === undefined) return undefined;
  const takers = takersOf(account, program);
  const named = takers.find(({ asset }) => asset !== undefined)?.asset;
  if (named !== undefined) return named;
  const namespaces = program.azure.namespaces.filter((one) =>
    hubsOf(one, program).some((hub) => takers.some((taker) => taker.resource.urn === hub.resource.urn)),
  );
  return assets.find(({ id, source }) =>
    namespaces.some((one) => ownedBy(one.resource, { id, promisedBy: source.resource }, program)),
  )?.id;
}
