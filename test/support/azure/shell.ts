import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { jobsPath, type RunResult, run } from "../doubles";
import { FEDERATED_TOKEN, TESTER } from "./directory";
import type { SimulatedAzure } from "./index";

/** What a client needs to prove who it is, with the cluster's token in a file below a folder. @default the tests themselves */
export function identityIn(folder: string, client = TESTER): Record<string, string> {
  const file = path.join(folder, "federated-token");
  fs.writeFileSync(file, FEDERATED_TOKEN);
  return { AZURE_CLIENT_ID: client, AZURE_TENANT_ID: "tenant", AZURE_FEDERATED_TOKEN_FILE: file };
}

/** Runs lines of bash that call what azure.sh and blobs.sh have, as a job at the workspace `near` would. */
export async function shell(
  azure: SimulatedAzure,
  lines: string,
  env: Record<string, string> = {},
): Promise<RunResult> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "azure-"));
  const jobs = jobsPath("analytics");
  const script = `set -euo pipefail\nshopt -s inherit_errexit\nsource ${jobs}/common.sh\nsource ${jobs}/azure.sh\nsource ${jobs}/blobs.sh\nsource ${jobs}/points.sh\n${lines}`;
  try {
    return await run(["bash", "-c", script, "job"], {
      cwd: folder,
      env: {
        RUN_DIR: folder,
        AZURE_POLL: "0.1",
        AZURE_RETRIES: "2",
        ...identityIn(folder),
        ...azure.addresses("near"),
        ...env,
      },
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
