import { isUnknown } from "../../../recovery/bound";
import { seconds } from "../../../recovery/duration";
import { rds } from "../../../recovery/facts";
import type { Archive, Copy, Term } from "../../../recovery/plan";
import { assumedTerm } from "../assumptions";
import { sourceOf } from "../names";
import type { Program } from "../program";
import type { RdsSetting } from "../resources/rdsInstance";
import type { Database } from "./database";
import { retentionOf } from "./retention";

/** Automated backups in the region of an instance: every moment that its retention reaches back to. */
export function backupsInRegion({ asset, primary }: Database, program: Program): Archive {
  const { resource, facts } = primary;
  return {
    kind: "archive",
    id: `${asset}/point-in-time`,
    asset,
    label: "automated backups",
    ship: logUpload(asset, program),
    upload: { ...logUpload(asset, program), name: "upload", value: seconds(0) },
    copies: [copyOf(primary, retentionOf(facts, "backupRetentionPeriod", rds.backupRetention))],
    source: sourceOf(resource, "backupRetentionPeriod"),
  };
}

/** Automated backups that RDS carries on to another region; there are none where the instance itself has none. */
export function backupsElsewhere(
  copy: RdsSetting,
  place: number,
  { asset, primary }: Database,
  program: Program,
): Archive {
  const own = retentionOf(primary.facts, "backupRetentionPeriod", rds.backupRetention);
  const kept = retentionOf(copy.facts, "retentionPeriod", rds.replicatedBackupRetention);
  const carried = assumedTerm(program.register, { term: "backup-copy", asset }, "copied to the other region");
  return {
    kind: "archive",
    id: `${asset}/${numbered("replicated-backups", place)}`,
    asset,
    label: "automated backups in another region",
    ship: logUpload(asset, program),
    upload: { ...carried, facts: [rds.replicatedBackups.id] },
    copies: [copyOf(copy, isUnknown(own.value) || own.value === 0 ? own : kept)],
    source: sourceOf(copy.resource),
  };
}

/** The second of a kind is `replica-2`. */
export function numbered(name: string, place: number): string {
  return place === 0 ? name : `${name}-${place + 1}`;
}

/** Nobody promises how far a restore reaches: somebody has to answer for it. */
function logUpload(asset: string, { register }: Program): Term {
  return {
    ...assumedTerm(register, { term: "log-upload", asset }, "log is uploaded"),
    facts: [rds.logUpload.id],
  };
}

function copyOf({ resource, facts, at }: RdsSetting, keptFor: Term): Copy {
  const source = sourceOf(resource);
  return {
    at,
    keptFor,
    // Whoever may deploy may stop the backups, or delete them.
    lock: { mode: "none", keptFor: { name: "locked", value: seconds(0), grade: "guaranteed", source } },
    ...(facts.isSilent("kmsKeyId")
      ? {}
      : { needs: [{ what: "its key", at, deletable: true, source: facts.source("kmsKeyId") }] }),
    source,
  };
}
