import { createHash } from "node:crypto";
import * as path from "node:path";
import type { Location, Log, ReportingDescriptor, Result, Suppression } from "sarif";
import type { Judgement, Rule } from "../recovery/finding";
import type { Source } from "../recovery/plan";
import { type Cause, causesOf, concerns } from "./causes";
import { calendar, isoInstant, yearOf } from "./dates";
import { advice } from "./findingLines";
import type { Meta } from "./meta";

const version = (require("../package.json") as { version: string }).version;

/** What a code viewer needs beside the judgement. */
export interface Sourced {
  /** Every rule of the pack, violated or not. */
  rules: readonly Rule[];
  /** `file:line` by URN, relative to the program's folder. */
  positions: ReadonlyMap<string, string>;
}

/**
 * The findings for code viewers, as SARIF 2.1.0: each cause is one result at the line that declares its resource. The
 * same judgement gives the same bytes, and the fingerprint of a cause survives lines that move.
 */
export function sarif(judgement: Judgement, meta: Meta, { rules, positions }: Sourced): string {
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Holdfast", semanticVersion: version, rules: rules.map(descriptor) } },
        // Code scanning keeps runs of different categories apart: one for each stack.
        automationDetails: {
          id: `holdfast/${[meta.program, meta.stack].filter((part) => part !== "" && part !== ".").join("/")}/`,
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [sourceRoot]: { description: { text: "The folder in which the command ran." } } },
        results: results(causesOf(judgement.findings), meta, { rules, positions }),
        properties: {
          stack: meta.stack,
          engine: meta.engine,
          asOf: isoInstant(meta.asOf),
          ...(meta.commit === undefined ? {} : { commit: meta.commit }),
        },
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

const sourceRoot = "%SRCROOT%";

/** A rule as SARIF's readers list it, from its own fields. */
function descriptor(rule: Rule): ReportingDescriptor {
  const level = rule.level === "mandatory" ? "error" : "warning";
  return {
    id: rule.name,
    name: rule.name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.description },
    fullDescription: { text: rule.description },
    help: { text: `${rule.remediation}\n\nEvidence for: ${rule.controls.join("; ")}` },
    defaultConfiguration: { level },
    properties: {
      tags: ["recovery", ...rule.controls],
      precision: "very-high",
      "problem.severity": level,
      severity: rule.severity,
    },
  };
}

function results(causes: readonly Cause[], meta: Meta, sourced: Sourced): Result[] {
  const seen = new Map<string, number>();
  return causes.map((cause) => {
    const same = fingerprint(cause);
    const times = (seen.get(same) ?? 0) + 1;
    seen.set(same, times);
    return resultOf(cause, `${same}:${times}`, meta, sourced);
  });
}

function resultOf(cause: Cause, fingerprint: string, meta: Meta, { rules, positions }: Sourced): Result {
  const { finding } = cause;
  const index = rules.findIndex(({ name }) => name === finding.rule);
  return {
    ruleId: finding.rule,
    ...(index < 0 ? {} : { ruleIndex: index }),
    level: levelOf(cause),
    message: { text: messageOf(cause, meta.asOf) },
    locations: [locationOf(finding.source, meta.program, positions)],
    // The only one that GitHub compares; its uploader would make it of the line's text otherwise.
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    suppressions: suppressions(cause),
    properties: {
      assets: cause.assets,
      disruptions: cause.disruptions,
      cannotProve: finding.cannotProve ?? false,
    },
  };
}

/** A waived finding stays visible and stops nothing. */
function levelOf({ finding }: Cause): NonNullable<Result["level"]> {
  if (finding.waiver) return "note";
  return finding.level === "mandatory" ? "error" : "warning";
}

/** The promise and the fact first, since viewers cut; then the calendar and the fix. */
function messageOf(cause: Cause, asOf: number): string {
  const { counterexample, message } = cause.finding;
  const happens = counterexample?.events.map(
    ({ at, what }) => `${calendar(at, yearOf(asOf)).replace(/ {2,}/, " ")} UTC ${what}`,
  );
  return [
    `${concerns(cause)} · ${message.replace(/([^.])$/, "$1.")}`,
    ...(happens ?? []),
    ...(counterexample ? [`→ ${counterexample.conclusion}`] : []),
    ...advice(cause).map(([label, text]) => `${label}: ${text}`),
  ].join("\n");
}

/** Where a resource is declared; what no line declares, a register's entry, belongs to the project. */
function locationOf(source: Source, program: string, positions: ReadonlyMap<string, string>): Location {
  const [file = "Pulumi.yaml", line = "1"] = positions.get(source.resource)?.split(/:(?=\d+$)/) ?? [];
  const property = source.property === undefined ? "" : ` · ${source.property}`;
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(path.posix.join(program, file)), uriBaseId: sourceRoot },
      region: { startLine: Number(line) },
    },
    logicalLocations: [{ name: source.name, fullyQualifiedName: `${source.resource}${property}`, kind: "resource" }],
  };
}

/** What makes a cause the same cause after the code around it, or a number in its message, has changed. */
function fingerprint({ finding, assets, disruptions }: Cause): string {
  const same = [finding.rule, finding.source.resource, finding.source.property ?? "", assets, disruptions];
  return createHash("sha256").update(JSON.stringify(same)).digest("hex").slice(0, 16);
}

function suppressions({ finding: { waiver } }: Cause): Suppression[] {
  if (waiver === undefined) return [];
  const { owner, reason, ticket, expires } = waiver;
  return [
    { kind: "external", status: "accepted", justification: `until ${expires} by ${owner}: ${reason} (${ticket})` },
  ];
}
