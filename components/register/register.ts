import * as pulumi from "@pulumi/pulumi";
import type { RegisterArgs } from "../../recovery/plan";

/**
 * Everything that is judged beside the resources, kept as outputs, so that the offline engine, the real one and the
 * exported state judge the same data.
 */
export class Register extends pulumi.ComponentResource {
  constructor(name: string, args: RegisterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:register:Register", name, {}, opts);
    const { sites, assumptions, waivers, drills } = args;
    this.registerOutputs({ sites, assumptions, waivers, drills });
  }
}
