import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { goModule } from "./go";
import { cached } from "./packages";

/** A kind of object that an operator adds to Kubernetes. */
export interface CustomResourceDefinition {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: { group: string; names: { kind: string; plural: string }; versions: { name: string; served: boolean }[] };
}

/** Where the operators publish the kinds that the systems declare. */
const sources = [
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
] as const;

/**
 * The definitions of the custom kinds that the systems declare, fetched through the Go module proxy and cached.
 * @throws Error with one line that names what is missing.
 */
export function ensureCrds(): CustomResourceDefinition[] {
  return sources.flatMap(({ operator, module, version, files }) => {
    const folder = cached(`crds-${operator}-${version}`, (into) => {
      const source = goModule(`the kinds of ${operator}`, module, version);
      for (const file of files) {
        const definition = read(fs.readFileSync(path.join(source, file), "utf8"));
        fs.writeFileSync(path.join(into, jsonOf(file)), JSON.stringify(definition));
      }
    });
    return files.map(
      (file) => JSON.parse(fs.readFileSync(path.join(folder, jsonOf(file)), "utf8")) as CustomResourceDefinition,
    );
  });
}

/** cert-manager's is a template of its chart, of which only labels depend on values. */
function read(text: string): CustomResourceDefinition {
  return parse(text.replace(/^.*\{\{.*$/gm, "")) as CustomResourceDefinition;
}

function jsonOf(file: string): string {
  return `${path.basename(file, ".yaml")}.json`;
}
