import * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";
import { type Duration, duration, wholeDays } from "../../recovery/duration";

/** Arguments of `DeltaTable`. */
export interface DeltaTableArgs {
  /** Provider of the workspace; it names its `azureWorkspaceResourceId`. */
  provider: databricks.Provider;
  /** Asset that the table belongs to. */
  asset: string;
  catalog: string;
  schema: string;
  table: string;
  /** Id of the warehouse that makes it. */
  warehouse: pulumi.Input<string>;
  columns: { name: string; type: string }[];
  /** Columns whose values part its files into folders. @default none */
  partitions?: string[];
  /** Where its files are: `abfss://container@account.dfs.core.windows.net/folder`. */
  location: string;
  /** Any version of so long ago can be brought back, as long as VACUUM leaves it; whole days. */
  keep: Duration;
}

/** A Delta table whose earlier versions, files and log alike, are kept. */
export class DeltaTable extends pulumi.ComponentResource {
  constructor(name: string, args: DeltaTableArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:DeltaTable", name, {}, opts);
    const interval = `interval ${wholeDays(duration(args.keep))} days`;
    new databricks.SqlTable(
      `${name}-table`,
      {
        catalogName: args.catalog,
        schemaName: args.schema,
        name: args.table,
        tableType: "EXTERNAL",
        dataSourceFormat: "DELTA",
        storageLocation: args.location,
        warehouseId: args.warehouse,
        columns: args.columns,
        ...(args.partitions === undefined ? {} : { partitions: args.partitions }),
        properties: {
          holdfast_asset: args.asset,
          "delta.deletedFileRetentionDuration": interval,
          "delta.logRetentionDuration": interval,
        },
      },
      { parent: this, provider: args.provider, protect: true },
    );
    this.registerOutputs({});
  }
}
