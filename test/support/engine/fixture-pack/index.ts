import * as fs from "node:fs";
import { PolicyPack } from "@pulumi/policy";
import { type Resource, UNKNOWN, type Value } from "../../../../policies/graph";
import { plainProps, resourceOf } from "../../../../policies/plain";

/** What the pack writes down for the test that runs it. */
export interface Seen {
  asOf: string;
  resources: Resource[];
  /** The same from the outputs alone. */
  outputs: Resource[];
  /** Names of the environment variables whose value holds the text `CANARY`. */
  leaks: string[];
}

/** Stands for `UNKNOWN` in the file. */
export const unknownInFile = "(unknown)";

/** Properties as the program set them, by URN; the engine shows them before any stack policy runs. */
const inputs = new Map<string, Record<string, Value>>();
let memory: Resource[] | undefined;

new PolicyPack("fixture", {
  policies: [
    {
      name: "inputs",
      description: "Keeps what the program set.",
      enforcementLevel: "advisory",
      validateResource: ({ urn, props }) => {
        inputs.set(urn, plainProps(props));
      },
    },
    {
      name: "holdfast",
      description: "Sees the whole stack, and keeps it for the policies after it.",
      enforcementLevel: "advisory",
      configSchema: { properties: { asOf: { type: "string" }, out: { type: "string" } } },
      validateStack: (args) => {
        memory = args.resources.map((resource) => resourceOf(resource, inputs.get(resource.urn)));
        const { asOf, out } = args.getConfig<{ asOf?: string; out?: string }>();
        if (out === undefined) return;
        const leaks = Object.keys(process.env).filter((name) => process.env[name]?.includes("CANARY"));
        const outputs = args.resources.map((resource) => resourceOf(resource));
        const seen: Seen = { asOf: asOf ?? "", resources: memory, outputs, leaks };
        fs.writeFileSync(
          out,
          JSON.stringify(seen, (_key, value: unknown) => (value === UNKNOWN ? unknownInFile : value)),
        );
      },
    },
    {
      name: "schedule-is-bounded",
      description: "A CronJob does not start every minute.",
      enforcementLevel: "mandatory",
      validateStack: (_args, reportViolation) => {
        for (const resource of memory ?? []) {
          if (at(resource.props, "spec", "schedule") === "* * * * *") {
            reportViolation(
              `${resource.name}: spec.schedule must leave time between runs, got * * * * *`,
              resource.urn,
            );
          }
        }
      },
    },
    {
      name: "bucket-is-known",
      description: "A CronJob names its bucket.",
      enforcementLevel: "mandatory",
      validateStack: (args, reportViolation) => {
        if (args.getConfig<{ strict?: boolean }>().strict !== true) return;
        for (const resource of memory ?? []) {
          if (at(resource.props, "metadata", "annotations", "bucket") === UNKNOWN) {
            reportViolation(`${resource.name}: metadata.annotations.bucket is unknown: cannot prove`, resource.urn);
          }
        }
      },
    },
    {
      name: "careless",
      description: "Touches a value that is unknown at preview, without care.",
      enforcementLevel: "mandatory",
      validateStack: (args, reportViolation) => {
        if (args.getConfig<{ strict?: boolean }>().strict !== true) return;
        for (const resource of args.resources) {
          if (resource.type === "aws:s3/bucket:Bucket" && resource.props.arn === "") reportViolation("never said");
        }
      },
    },
  ],
});

function at(value: Value, ...keys: string[]): Value {
  return keys.reduce<Value>(
    (found, key) =>
      typeof found === "object" && found !== null && !Array.isArray(found)
        ? (found as { readonly [key: string]: Value })[key]
        : undefined,
    value,
  );
}
