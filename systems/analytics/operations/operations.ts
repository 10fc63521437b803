import * as pulumi from "@pulumi/pulumi";
import { archive } from "../data/archive";
import type { PipelineClusters } from "../databricks/clusters";
import { clusterPolicies } from "../databricks/clusters";
import type { Estate } from "../site";
import { authority } from "./authority";
import { availability } from "./availability";
import { choreAccess } from "./choreAccess";
import { chores, undisturbedJobs, upgrade } from "./chores";
import { lakeMaintenance } from "./maintenance";

/** The regular work on the platform, who may do what when it fails, and what all of that may cost of its uptime. */
export class Operations extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: { estate: Estate; clusters: PipelineClusters },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("holdfast:analytics:Operations", name, {}, opts);
    const estate = { ...args.estate, parent: this };
    choreAccess(estate);
    chores(estate);
    upgrade(estate);
    for (const at of [estate.primary, estate.secondary]) {
      undisturbedJobs(at, this);
      clusterPolicies(estate, at, this);
      lakeMaintenance(estate, at);
    }
    archive(estate);
    authority(estate, args.clusters);
    availability(estate);
    this.registerOutputs({});
  }
}
