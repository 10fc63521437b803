import { ensureActionlint } from "./actionlint";
import { ensureCrds, ensureOperatorCrds } from "./crds";
import { ensureApiServer, ensureEtcd } from "./kubernetes";
import { ensureNginx } from "./nginx";
import { ensurePostgres } from "./postgres";
import { ensurePromtool } from "./promtool";
import { ensurePulumi } from "./pulumi";
import { ensureRestic } from "./restic";
import { ensureAwsCli, ensureS3 } from "./s3";
import { ensureSarifMultitool } from "./sarifMultitool";

/** A tool by the name that people know it by. */
export type Tool = readonly [name: string, obtain: () => unknown];

/** What the tests with real parts need, from the slowest to obtain. */
const tools: readonly Tool[] = [
  ["kube-apiserver", ensureApiServer],
  ["Pulumi", ensurePulumi],
  ["etcd", ensureEtcd],
  ["the kinds of the Kubernetes operators", ensureCrds],
  ["the kinds of the Pulumi Kubernetes Operator", ensureOperatorCrds],
  ["promtool", ensurePromtool],
  ["the S3 server", ensureS3],
  ["the AWS command line", ensureAwsCli],
  ["PostgreSQL 15", ensurePostgres],
  ["nginx", ensureNginx],
  ["restic and rclone", ensureRestic],
  ["nginx", ensureNginx],
  ["actionlint", ensureActionlint],
  ["the SARIF Multitool", ensureSarifMultitool],
];

/**
 * Obtains each tool in turn, since a build takes all of the machine, and tells its name and how long it took.
 * @throws Error that names every tool that cannot be had: tests without their tools are no tests.
 */
export async function provision(wanted: readonly Tool[], tell: (line: string) => void): Promise<void> {
  const missing: string[] = [];
  for (const [name, obtain] of wanted) {
    const started = Date.now();
    try {
      await obtain();
      tell(`${name}: ${((Date.now() - started) / 1_000).toFixed(1)} s`);
    } catch (error) {
      tell(`${name}: missing`);
      missing.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (missing.length > 0) throw new Error(["these tests need tools that are missing:", ...missing].join("\n"));
}

/** Called by Vitest before any test. */
export default function setup(): Promise<void> {
  return provision(tools, (line) => process.stderr.write(`${line}\n`));
}

if (require.main === module) {
  setup().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
