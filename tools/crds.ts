import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { type GoModule, goModule } from "./go";
import { cached } from "./packages";
import { targetGroupBinding } from "./targetGroupBinding";

/** A kind of object that an operator adds to Kubernetes. */
export interface CustomResourceDefinition {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: { group: string; names: { kind: string; plural: string }; versions: { name: string; served: boolean }[] };
}

/** Where an operator publishes its kinds. */
interface Source extends GoModule {
  operator: string;
  files: readonly string[];
}

/** The kinds that the systems declare. */
const declared: readonly Source[] = [
  {
    operator: "prometheus-operator",
    module: "github.com/prometheus-operator/prometheus-operator",
    // The first whose kinds know all that is declared here is 0.88: ServiceMonitor's serviceDiscoveryRole.
    version: "v0.89.0",
    files: ["alertmanagerconfigs", "probes", "prometheusrules", "servicemonitors"].map(
      (plural) => `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
    ),
  },
  {
    operator: "cert-manager",
    module: "github.com/cert-manager/cert-manager",
    version: "v1.18.2",
    files: ["deploy/crds/crd-certificates.yaml"],
  },
];

/** The kinds of the operator that runs Pulumi. Modules of its version 2 are not published where 1.16 is. */
const pulumi: Source = {
  operator: "pulumi-kubernetes-operator",
  module: "github.com/pulumi/pulumi-kubernetes-operator",
  version: "v1.16.0",
  sum: "h1:HSgXateOE1GAgetlqB85iRx5EbcCfvLI7WeDEny9fVA=",
  files: ["deploy/crds/pulumi.com_stacks.yaml"],
};

/**
 * The definitions of the custom kinds that the systems declare, fetched through the Go module proxy and cached.
 * @throws Error with one line that names what is missing.
 */
export function ensureCrds(): CustomResourceDefinition[] {
  return [...declared.flatMap(definitionsOf), targetGroupBinding];
}

/**
 * The definition of a Stack as the Pulumi Kubernetes Operator 1.16 has it, obtained in the same way.
 * @throws Error with one line that names what is missing.
 */
export function ensureOperatorCrds(): CustomResourceDefinition[] {
  return definitionsOf(pulumi);
}

function definitionsOf({ operator, files, ...module }: Source): CustomResourceDefinition[] {
  const folder = cached(`crds-${operator}-${module.version}`, (into) => {
    const source = goModule(`the kinds of ${operator}`, module);
    for (const file of files) {
      const definition = read(fs.readFileSync(path.join(source, file), "utf8"));
      fs.writeFileSync(path.join(into, jsonOf(file)), JSON.stringify(definition));
    }
  });
  return files.map(
    (file) => JSON.parse(fs.readFileSync(path.join(folder, jsonOf(file)), "utf8")) as CustomResourceDefinition,
  );
}

/** cert-manager's is a template of its chart, of which only labels depend on values. */
function read(text: string): CustomResourceDefinition {
  return parse(text.replace(/^.*\{\{.*$/gm, "")) as CustomResourceDefinition;
}

function jsonOf(file: string): string {
  return `${path.basename(file, ".yaml")}.json`;
}
