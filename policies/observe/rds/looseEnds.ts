import { isUnknown } from "../../../recovery/bound";
import { titleOf } from "../names";
import type { Program } from "../program";
import { orDefault } from "../read";
import type { Database } from "./database";

/** A setting of an instance: what it must be, what RDS takes it for where the program says nothing, and what else it means. */
interface Flag {
  property: string;
  wanted: boolean;
  otherwise: boolean;
  why: string;
  /** What RDS makes of it for a replica: the same, what its source says, or nothing. @default the same */
  replica?: "inherited" | "none";
}

/** `@pulumi/aws` rds/instance.d.ts says each default. */
const flags: readonly Flag[] = [
  { property: "deletionProtection", wanted: true, otherwise: false, why: "one call deletes it" },
  { property: "deleteAutomatedBackups", wanted: false, otherwise: true, why: "its backups are deleted with it" },
  {
    property: "applyImmediately",
    wanted: true,
    otherwise: false,
    why: "a change is in force only after the maintenance window, so what is judged may not be",
  },
  {
    property: "skipFinalSnapshot",
    wanted: false,
    otherwise: false,
    why: "nothing of its last day is left once it is deleted",
    replica: "none",
  },
  {
    property: "publiclyAccessible",
    wanted: false,
    otherwise: false,
    why: "anybody may try its password from the internet, and whoever has it deletes what is in it",
  },
  {
    property: "storageEncrypted",
    wanted: true,
    otherwise: false,
    why: "whoever is given a snapshot of it reads the data",
    replica: "inherited",
  },
];

/** What of an instance stands by accident, or only until somebody calls for its deletion, or lies open. */
export function noteLooseEnds({ asset, primary, replicas }: Database, { problems }: Program): void {
  for (const { resource, facts, isReplica } of [primary, ...replicas]) {
    const title = titleOf(resource);
    for (const { property, wanted, otherwise, why, replica } of flags) {
      if (isReplica && replica === "none") continue;
      const said = facts.flag(property);
      const flag = orDefault(said, isReplica && replica === "inherited" ? wanted : otherwise);
      const source = facts.source(property);
      if (isUnknown(flag)) {
        problems.unknown(source, `${property} of ${title} must be ${wanted}: ${flag.unknown}`, asset);
      } else if (flag !== wanted) {
        const got = said === undefined ? "nothing" : flag;
        problems.add(source, `${property} of ${title} must be ${wanted}, got ${got}: ${why}`, asset);
      }
    }
  }
}
