import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration, wholeDays } from "../../recovery/duration";
import { assetPromise, type DataPromise } from "../database/promise";
import { LakeAccount } from "./lakeAccount";
import type { AzureSite, Reach } from "./place";

/** One account of a lake. */
export interface LakeSite extends AzureSite, Reach {
  /** Globally unique name; plain. */
  account: string;
}

/** Arguments of `DataLake`. */
export interface DataLakeArgs {
  promise: DataPromise;
  at: LakeSite;
  /** The account of another region that jobs clone tables to. @default none */
  elsewhere?: LakeSite;
  containers: string[];
  /** What is deleted can be brought back so long, at both ends: at least the retention that is promised; whole days, 365 at most. */
  keepDeleted: Duration;
  tags?: Record<string, string>;
}

/** A lake of tables over the zones of a region, and an account of another region for their clones. */
export class DataLake extends pulumi.ComponentResource {
  /** Its account. */
  declare readonly written: LakeAccount;
  /** The account that its tables are cloned to, if there is one. */
  declare readonly copy: LakeAccount | undefined;

  constructor(name: string, args: DataLakeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:DataLake", name, {}, opts);
    const { at, elsewhere, containers, tags } = args;
    const keepDays = daysKept(name, args);
    if (elsewhere !== undefined && (elsewhere.region === at.region || elsewhere.account === at.account))
      throw new RangeError(`${name}: elsewhere must be another account of another region, got ${elsewhere.region}`);
    const account = (part: string, site: LakeSite) => {
      const shared = { containers, keepDays, ...(tags === undefined ? {} : { tags }) };
      return new LakeAccount(
        `${name}-${part}`,
        { ...shared, at: site, account: site.account, subnets: site.subnets },
        { parent: this },
      );
    };
    this.written = account("written", at);
    this.copy = elsewhere && account("copy", elsewhere);
    this.registerOutputs({ asset: assetPromise(args.promise, "lake") });
  }
}

function daysKept(name: string, { keepDeleted, promise }: DataLakeArgs): number {
  const days = wholeDays(duration(keepDeleted));
  const least = promise.retention.atLeast;
  if (days >= 1 && days <= 365 && duration(keepDeleted) >= duration(least)) return days;
  throw new RangeError(
    `${name}: keepDeleted must be 1d to 365d, and at least the retention of ${least}, got ${keepDeleted}`,
  );
}
