import * as databricks from "@pulumi/azure-native/databricks";
import * as pulumi from "@pulumi/pulumi";
import { assetPromise, type DataPromise } from "../database/promise";
import { type AzureSite, placed } from "./place";

/** A workspace of Databricks. */
export interface SparkSite extends AzureSite {
  /** Name of the workspace; plain. */
  workspace: string;
  /** Id of the resource group that Databricks makes for its clusters. */
  managedResourceGroup: string;
  /**
   * Ids of the two subnets of one network that its clusters run in, of hosts and of containers, without public addresses.
   * @default a network of Databricks' own
   */
  subnets?: readonly [string, string];
}

/** Arguments of `SparkWorkspaces`. */
export interface SparkWorkspacesArgs {
  promise: DataPromise;
  at: SparkSite;
  /** The workspace that stands by in another region, with its jobs paused. @default none */
  standby?: SparkSite;
  tags?: Record<string, string>;
}

/** A workspace of Databricks, and one that stands by for it. */
export class SparkWorkspaces extends pulumi.ComponentResource {
  constructor(name: string, args: SparkWorkspacesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:SparkWorkspaces", name, {}, opts);
    const { at, standby, tags = {} } = args;
    if (standby?.region === at.region)
      throw new RangeError(`${name}: standby must be in another region, got ${at.region}`);
    const declare = (part: string, site: SparkSite, more: Record<string, string>) =>
      new databricks.Workspace(
        `${name}-${part}`,
        {
          ...placed(site),
          workspaceName: site.workspace,
          managedResourceGroupId: site.managedResourceGroup,
          sku: { name: "premium" },
          computeMode: "Hybrid",
          ...networkOf(name, site),
          tags: { ...tags, ...more },
        },
        { parent: this, provider: site.provider, protect: true },
      );
    declare("workspace", at, {});
    if (standby !== undefined) declare("standby", standby, { holdfast_role: "standby" });
    this.registerOutputs({ asset: assetPromise(args.promise, "workspace") });
  }
}

function networkOf(name: string, { subnets }: SparkSite): Pick<databricks.WorkspaceArgs, "parameters"> {
  if (subnets === undefined) return {};
  const [hosts, containers] = subnets.map((id) => /^(.+)\/subnets\/([^/]+)$/.exec(id)?.slice(1) ?? []);
  const [network, hostSubnet] = hosts ?? [];
  const [other, containerSubnet] = containers ?? [];
  if (network === undefined || network !== other || hostSubnet === containerSubnet)
    throw new RangeError(`${name}: subnets must be two of one network, got ${subnets.join(" and ")}`);
  return {
    parameters: {
      customVirtualNetworkId: { value: network },
      customPublicSubnetName: { value: hostSubnet ?? "" },
      customPrivateSubnetName: { value: containerSubnet ?? "" },
      enableNoPublicIp: { value: true },
    },
  };
}
