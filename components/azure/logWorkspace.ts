import * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration, wholeDays } from "../../recovery/duration";
import { assetPromise, type DataPromise } from "../database/promise";
import { type AzureSite, placed } from "./place";

/** Arguments of `LogWorkspace`. */
export interface LogWorkspaceArgs {
  promise: DataPromise;
  at: AzureSite;
  /** Name of the workspace; plain. */
  workspace: string;
  /** The region that new lines are replicated to. @default none */
  elsewhere?: string;
  /** Lines are at hand so long; whole days, 30 to 730. */
  hot: Duration;
  /** Tables whose lines are kept longer than they are at hand. */
  tables: string[];
  /** How long those are kept in all; whole days, 4 to 4383. */
  keep: Duration;
  tags?: Record<string, string>;
}

/** The API that knows replication; the SDK's own type of a workspace is older. */
const apiVersion = "2025-02-01";

/** A workspace of logs in two regions, with tables that are kept for longer than they are at hand. */
export class LogWorkspace extends pulumi.ComponentResource {
  constructor(name: string, args: LogWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:LogWorkspace", name, {}, opts);
    const { at, workspace, elsewhere } = args;
    const [hot, keep] = [wholeDays(duration(args.hot)), wholeDays(duration(args.keep))];
    if (hot < 30 || hot > 730) throw new RangeError(`${name}: hot must be 30d to 730d, got ${args.hot}`);
    if (keep < hot || keep > 4_383)
      throw new RangeError(`${name}: keep must be ${args.hot} to 4383d, got ${args.keep}`);
    if (elsewhere === at.region) throw new RangeError(`${name}: elsewhere must be another region, got ${elsewhere}`);
    const guarded = { parent: this, provider: at.provider, protect: true };
    const made = new resources.Resource(
      `${name}-workspace`,
      {
        ...placed(at),
        apiVersion,
        resourceProviderNamespace: "Microsoft.OperationalInsights",
        resourceType: "workspaces",
        parentResourcePath: "",
        resourceName: workspace,
        properties: {
          sku: { name: "PerGB2018" },
          retentionInDays: hot,
          ...(elsewhere === undefined ? {} : { replication: { enabled: true, location: elsewhere } }),
        },
        tags: args.tags ?? {},
      },
      guarded,
    );
    for (const tableName of args.tables)
      new operationalinsights.Table(
        `${name}-${tableName}`,
        {
          tableName,
          workspaceName: workspace,
          resourceGroupName: at.resourceGroup,
          plan: "Analytics",
          retentionInDays: hot,
          totalRetentionInDays: keep,
        },
        { ...guarded, dependsOn: [made] },
      );
    this.registerOutputs({ asset: assetPromise(args.promise, "logs") });
  }
}
