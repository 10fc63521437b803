import * as pulumi from "@pulumi/pulumi";
import type { Manifests } from "../components/kubernetes/manifests";

/** What of a system stands ready at the other site; all of it goes into the recovery kit as well. */
export class StandbySite extends pulumi.ComponentResource {
  constructor(system: string, manifests: Manifests, opts: pulumi.ComponentResourceOptions) {
    const type = `holdfast:${system}:StandbySite`;
    super(type, `${system}-secondary`, {}, { ...opts, transformations: [manifests.gather] });
    this.registerOutputs({});
  }
}
