import * as pulumi from "@pulumi/pulumi";
import type { AvailabilityPromise } from "../../recovery/plan";

/** How much of the time a system promises to be there, and the planned work that this must leave room for. */
export class Availability extends pulumi.ComponentResource {
  constructor(name: string, args: AvailabilityPromise, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:availability:Availability", name, {}, opts);
    this.registerOutputs({ availability: args });
  }
}
