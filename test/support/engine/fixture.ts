import * as fs from "node:fs";
import * as path from "node:path";
import type { Seen } from "./fixture-pack/index";
import type { EngineRun, Operation } from "./run";

/** Changes to a run of the fixture program. */
export interface Changes extends Partial<Omit<EngineRun, "config">> {
  /** Configuration by key, none of it secret. */
  config?: Record<string, string>;
}

/** Makes runs of the fixture program with its pack, which writes what it sees into the folder. */
export function fixtureRuns(folder: string): (operation: Operation, changes?: Changes) => EngineRun {
  let next = 0;
  return (operation, { config = {}, ...changes } = {}) => {
    const given = Object.entries(config).map(([key, value]) => [key, { value }]);
    return {
      program: path.join(__dirname, "fixture-program"),
      policyPack: path.join(__dirname, "fixture-pack"),
      stack: "prod",
      operation,
      config: {
        kubeconfig: { value: "KUBE-CANARY", secret: true },
        key: { value: "KEY-CANARY", secret: true },
        ...Object.fromEntries(given),
      },
      policyConfig: { holdfast: { asOf: "2026-11-01", out: path.join(folder, `seen-${next++}.json`) } },
      ...changes,
    };
  };
}

/** The same run without the pack, which takes as long to start as all the rest of a small program's run. */
export function unjudged({ policyPack: _, policyConfig: __, ...run }: EngineRun): EngineRun {
  return run;
}

/** What the pack saw in a run that has ended. */
export function seenBy({ policyConfig }: EngineRun): Seen {
  const { holdfast } = policyConfig as { holdfast: { out: string } };
  return JSON.parse(fs.readFileSync(holdfast.out, "utf8")) as Seen;
}

/** The resource of a Pulumi name. @throws Error when there is none */
export function found<T extends { urn: string }>(resources: readonly T[], name: string): T {
  const resource = resources.find(({ urn }) => urn.endsWith(`::${name}`));
  if (!resource) throw new Error(`no resource ${name}`);
  return resource;
}
