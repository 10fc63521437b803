import type { ResourceGraph } from "../../../../policies/graph";
import { type PathName, recoveryPaths, stepJob } from "../../../../systems/omniverse/recoverySteps";
import { jobsPath } from "../../../support/doubles";
import { containerOf, cronJobs, metadataOf } from "../../declared";
import { BEFORE, buckets, hosts } from "./recoverState";

/** Names of production as the program declares them, and what the examples call them. */
const NAMES: readonly (readonly [declared: string, example: string])[] = [
  ["company-omniverse-prod-assets-replica", buckets.other],
  ["company-omniverse-prod-assets", buckets.first],
  ["company-omniverse-prod-backups", buckets.copies],
  ["Z0123456789EXAMPLE", "Z123"],
  ["omniverse.company.com", "omniverse.example.com"],
  ["omniverse.eu-central-1.company.com", hosts.primary],
  ["omniverse.eu-west-1.company.com", hosts.secondary],
  ["omniverse.clean-room.company.com", hosts.cleanRoom],
  ["arn:aws:rds:eu-west-1:111111111111:auto-backup:ab-two", "arn:two"],
];

/** A value of the program in the words of the examples. */
const exampleOf = (value: string): string => NAMES.find(([declared]) => declared === value)?.[1] ?? value;

/** JSON of the examples in the words of the program, which rights are written in. */
export function declaredNames(json: string): string {
  return NAMES.reduce(
    (text, [declared, example]) => text.replace(new RegExp(`(?<=\\\\?["/])${example}(?=\\\\?["/])`, "g"), declared),
    json,
  );
}

/** Environment of a step as the program declares it, in the words of the examples, with the addresses of the doubles. */
export function environment(
  { resources }: ResourceGraph,
  path: PathName,
  step: string,
  at: (file: string) => string,
  url: string,
): Record<string, string> {
  const job = cronJobs(resources).find((one) => metadataOf(one).name === stepJob(path, step));
  // A step that no path has runs with what its first has, and must be refused.
  const [first = ""] = Object.keys(recoveryPaths[path].steps);
  if (!job) return environment({ resources }, path, first, at, url);
  const declared = [...containerOf(job).env].map(([name, value]) => [name, exampleOf(value)]);
  return {
    ...(Object.fromEntries(declared) as Record<string, string>),
    JOBS_DIR: jobsPath("omniverse"),
    RUN_DIR: at("run"),
    HOME: at("run"),
    SCRATCH_DIR: at("scratch"),
    ...(recoveryPaths[path].asset === "accounts" ? {} : { PRIMARY_URL: `${url}/first`, NOTIFY_URL: `${url}/told` }),
    SITE_URL: `${url}/here`,
    POLL_SECONDS: "0.05",
    STOP_TIMEOUT: "1s",
    START_TIMEOUT: "2s",
    FENCE_SECONDS: "1",
    RENAME_SECONDS: "20",
    ANSWER_SECONDS: "1",
    PROMETHEUS_URL: `${url}/prometheus`,
    PRIMARY_PROBE: "omniverse-from-secondary",
    AWS_DOUBLE_DIR: at("aws"),
    KUBECTL_DOUBLE_DIR: at("kube"),
    PSQL_DOUBLE_DIR: at("psql"),
    INCIDENT: "INC-7",
    INCIDENT_WRITTEN: new Date().toISOString(),
    ...(recoveryPaths[path].runsAt === "primary" ? { RESTORE_BEFORE: BEFORE } : {}),
  };
}
