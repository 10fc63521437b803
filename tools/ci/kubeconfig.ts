import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { parse } from "yaml";

interface Site {
  cloud?: string;
  region?: string;
  cluster?: { context?: string };
}

/** Commands that make a stack's clusters known to Kubernetes clients: an EKS cluster has the name of its context. */
export function commandsOf(stackFile: string): string[][] {
  const { config } = parse(stackFile) as { config?: Record<string, unknown> };
  const sites = Object.entries((config?.["holdfast:sites"] ?? {}) as Record<string, Site>);
  return sites.flatMap(([name, { cloud, region, cluster }]) => {
    const context = cluster?.context;
    if (context === undefined) return [];
    if (cloud !== "aws" || region === undefined) {
      throw new Error(`holdfast:sites.${name}: only clusters of aws with a region are known here, got ${cloud}`);
    }
    return [["aws", "eks", "update-kubeconfig", "--name", context, "--alias", context, "--region", region]];
  });
}

if (require.main === module) {
  for (const [command = "", ...args] of commandsOf(fs.readFileSync(`Pulumi.${process.argv[2]}.yaml`, "utf8"))) {
    const { status, error } = spawnSync(command, args, { stdio: "inherit" });
    if (error) process.stderr.write(`${command}: ${error.message}\n`);
    if (status !== 0) process.exit(1);
  }
}
