import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { parse } from "yaml";

interface Site {
  cloud?: string;
  account?: string;
  region?: string;
  cluster?: { context?: string; resourceGroup?: string };
}

/**
 * Makes entries of AKS ask for tokens by the identity of a GitHub job or of a pod, in the place of a person at a browser:
 * for each anew, while those of `az login` end after an hour.
 */
const byIdentity = ["kubelogin", "convert-kubeconfig", "--login", "workloadidentity"];

/**
 * Commands that make a stack's clusters known to Kubernetes clients: a cluster has the name of its context.
 * @throws Error where a site does not say what its cloud asks for, or is of a cloud that is not known here
 */
export function commandsOf(stackFile: string): string[][] {
  const { config } = parse(stackFile) as { config?: Record<string, unknown> };
  const sites = Object.entries((config?.["holdfast:sites"] ?? {}) as Record<string, Site>);
  const known = sites.flatMap(([name, site]) => {
    const context = site.cluster?.context;
    return context === undefined ? [] : [commandOf(name, site, context)];
  });
  return known.some(([command]) => command === "az") ? [...known, byIdentity] : known;
}

function commandOf(name: string, { cloud, account, region, cluster }: Site, context: string): string[] {
  const needed = (field: string, value: string | undefined): string => {
    if (value !== undefined) return value;
    throw new Error(`holdfast:sites.${name}: ${field} must be set where cloud is ${cloud}, got nothing`);
  };
  switch (cloud) {
    case "aws": {
      const place = ["--region", needed("region", region)];
      return ["aws", "eks", "update-kubeconfig", "--name", context, "--alias", context, ...place];
    }
    case "azure": {
      const group = needed("cluster.resourceGroup", cluster?.resourceGroup);
      const place = ["--subscription", needed("account", account), "--resource-group", group];
      const names = ["--name", context, "--context", context];
      return ["az", "aks", "get-credentials", ...place, ...names, "--overwrite-existing"];
    }
    default:
      throw new Error(`holdfast:sites.${name}: cloud must be aws or azure for its cluster to be known, got ${cloud}`);
  }
}

if (require.main === module) {
  for (const [command = "", ...args] of commandsOf(fs.readFileSync(`Pulumi.${process.argv[2]}.yaml`, "utf8"))) {
    const { status, error } = spawnSync(command, args, { stdio: "inherit" });
    if (error) process.stderr.write(`${command}: ${error.message}\n`);
    if (status !== 0) process.exit(1);
  }
}
