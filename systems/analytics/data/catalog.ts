import * as azureDatabricks from "@pulumi/azure-native/databricks";
import * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";
import { DeltaTable } from "../../../components/azure/deltaTable";
import { type Grant, grant } from "../access";
import { accountId, groupId, resourceId } from "../ids";
import { CATALOG, CLONE_CATALOGS, CLONE_LOG, LOCKED_CONTAINERS, TABLES } from "../names";
import { LAKE_ID } from "../objectives";
import type { AnalyticsSite, Estate } from "../site";
import { replaySize } from "./streams";
import { layers } from "./tables";

/** An account as Unity Catalog of a region reaches it. */
interface Reached {
  /** Name of its external location. */
  as: string;
  account: string;
  /** Region that it lies in. */
  owner: AnalyticsSite;
  access: "read" | "write";
  /** @default that of the tables */
  container?: string;
}

/** Id of the identity of Azure by which the catalog of a region reaches accounts. */
export function connectorId(at: AnalyticsSite): string {
  return resourceId(at, "Microsoft.Databricks/accessConnectors", connectorName(at));
}

function connectorName({ prefix }: Pick<AnalyticsSite, "prefix">): string {
  return `${prefix}-catalog-connector`;
}

/** `abfss://tables@account.dfs.core.windows.net/folder`. */
export function tablesUrl(account: string, folder = ""): string {
  return `${folderUrl(TABLES, account)}${folder}`;
}

function folderUrl(container: string, account: string): string {
  return `abfss://${container}@${account}.dfs.core.windows.net/`;
}

/** Unity Catalog of a region: what it may reach of the accounts, its catalogs, and the warehouse that runs SQL. */
export class LakeCatalog extends pulumi.ComponentResource {
  /** Warehouse of the workspace. */
  declare readonly warehouse: databricks.SqlEndpoint;
  /** Another one, by which recoveries read and write much. */
  declare readonly replays: databricks.SqlEndpoint;
  /** Schemas of the catalogs: tables are made in them. */
  readonly schemas: databricks.Schema[] = [];
  readonly #provider: databricks.Provider;
  readonly #at: AnalyticsSite;

  constructor(name: string, estate: Estate, at: AnalyticsSite, opts: pulumi.ComponentResourceOptions) {
    super("holdfast:analytics:LakeCatalog", name, {}, opts);
    this.#provider = at.databricks;
    this.#at = at;
    const { names, primary, secondary, config } = estate;
    const connector = this.#connector(name);
    // Pipelines read events by the same identity, and consumers in a promoted region do so there.
    grant(
      `${name}-events-access`,
      at,
      { role: "eventsReceiver", scope: groupId(primary) },
      connector.identity.apply((identity) => identity?.principalId ?? ""),
      this,
      [connector],
    );
    const reached: Reached[] =
      at.role === "primary"
        ? [
            { as: "lake", account: names.lake.written, owner: primary, access: "write" },
            { as: "copy", account: names.lake.copy, owner: secondary, access: "write" },
            { as: "locked", account: names.locked, owner: secondary, access: "write" },
          ]
        : [
            { as: "copy", account: names.lake.copy, owner: secondary, access: "write" },
            { as: "lake", account: names.lake.written, owner: primary, access: "write" },
            // A recovery reads what is locked, and nothing of this region writes there.
            { as: "locked", account: names.locked, owner: secondary, access: "read" },
            {
              as: "captured",
              account: names.locked,
              owner: secondary,
              access: "read",
              container: LOCKED_CONTAINERS.events,
            },
          ];
    const locations = reached.map((one) => this.#location(name, one, connector));
    const child = { parent: this, provider: at.databricks };
    const guarded = { ...child, protect: true, dependsOn: locations };
    this.warehouse = new databricks.SqlEndpoint(
      `${name}-warehouse`,
      {
        name: names.warehouse,
        clusterSize: config.databricks.warehouse,
        minNumClusters: 1,
        maxNumClusters: 4,
        autoStopMins: 15,
        enablePhoton: true,
        warehouseType: "PRO",
      },
      child,
    );
    this.replays = new databricks.SqlEndpoint(
      `${name}-replays`,
      {
        name: names.replays,
        clusterSize: replaySize(config.kafka.load).warehouse,
        // One statement is read by one cluster.
        minNumClusters: 1,
        maxNumClusters: 1,
        autoStopMins: 10,
        enablePhoton: true,
        warehouseType: "PRO",
        // Evicted machines would begin what must end in time anew.
        spotInstancePolicy: "RELIABILITY_OPTIMIZED",
      },
      child,
    );
    const own = at.role === "primary" ? names.lake.written : names.lake.copy;
    const catalogs: [catalog: string, account: string][] = [[CATALOG, own]];
    if (at.role === "primary")
      catalogs.push([CLONE_CATALOGS.copy, names.lake.copy], [CLONE_CATALOGS.locked, names.locked]);
    for (const [catalog, account] of catalogs) {
      const made = new databricks.Catalog(
        `${name}-${catalog}`,
        { name: catalog, storageRoot: tablesUrl(account, "_managed"), forceDestroy: false },
        guarded,
      );
      if (catalog === CATALOG) this.#pipelinesMay(name, made);
      const schemas = catalog === CATALOG ? layers : [...layers, CLONE_LOG.schema];
      for (const schema of schemas)
        this.schemas.push(
          new databricks.Schema(
            `${name}-${catalog}-${schema}`,
            { catalogName: catalog, name: schema, forceDestroy: false },
            { ...child, protect: true, dependsOn: [made] },
          ),
        );
    }
    this.registerOutputs({});
  }

  /**
   * Pipelines and replays run as who declares them, whom the catalog belongs to. Schemas, tables and volumes that a recovery
   * or a drill makes are its own, and whoever owns what they lie in may by that neither read nor write them.
   */
  #pipelinesMay(name: string, catalog: databricks.Catalog): void {
    new databricks.Grant(
      `${name}-pipelines`,
      {
        catalog: catalog.name,
        principal: catalog.owner,
        privileges: ["USE_SCHEMA", "SELECT", "MODIFY", "READ_VOLUME", "WRITE_VOLUME"],
      },
      { parent: this, provider: this.#provider },
    );
  }

  /** Identity of Azure by which the clusters of the workspace reach accounts. */
  #connector(name: string): azureDatabricks.AccessConnector {
    const { azure, group, region, made } = this.#at;
    return new azureDatabricks.AccessConnector(
      `${name}-connector`,
      {
        connectorName: connectorName(this.#at),
        resourceGroupName: group,
        location: region,
        identity: { type: "SystemAssigned" },
      },
      { parent: this, provider: azure.provider, dependsOn: [made] },
    );
  }

  #location(
    name: string,
    { as, account, owner, access, container = TABLES }: Reached,
    connector: azureDatabricks.AccessConnector,
  ): databricks.ExternalLocation {
    const scope = `${accountId(owner, account)}/blobServices/default/containers/${container}`;
    const allowed: Grant = { role: access === "write" ? "blobContributor" : "blobReader", scope };
    const principal = connector.identity.apply((identity) => identity?.principalId ?? "");
    const may = grant(`${name}-${as}-access`, this.#at, allowed, principal, this, [connector]);
    const below = { parent: this, provider: this.#provider };
    const credential = new databricks.StorageCredential(
      `${name}-${as}-credential`,
      {
        name: `analytics-${as}`,
        azureManagedIdentity: { accessConnectorId: connectorId(this.#at) },
        readOnly: access === "read",
      },
      { ...below, dependsOn: [connector, may] },
    );
    return new databricks.ExternalLocation(
      `${name}-${as}-location`,
      {
        name: `analytics-${as}`,
        url: folderUrl(container, account),
        credentialName: credential.name,
        readOnly: access === "read",
      },
      { ...below, dependsOn: [credential] },
    );
  }
}

/** The tables that this program declares; there are others, which clones take alike. */
export function lakeTables({ config, names, primary }: Estate, catalog: LakeCatalog): void {
  for (const { layer, name, columns } of config.lake.tables)
    new DeltaTable(
      `analytics-table-${layer}-${name.replaceAll("_", "-")}`,
      {
        provider: primary.databricks,
        asset: LAKE_ID,
        catalog: CATALOG,
        schema: layer,
        table: name,
        warehouse: catalog.warehouse.id,
        columns,
        // OPTIMIZE takes one day at a time only where a day is a folder.
        ...(columns.some((column) => column.name === "date") ? { partitions: ["date"] } : {}),
        location: tablesUrl(names.lake.written, `${layer}/${name}`),
        keep: config.lake.keep,
      },
      { parent: catalog, dependsOn: catalog.schemas },
    );
}
