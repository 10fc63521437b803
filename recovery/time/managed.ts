import { checked } from "../bound";
import type { Seconds } from "../duration";
import { azureStorage } from "../facts/azureStorage";
import { databricks } from "../facts/databricks";
import { eventHubs } from "../facts/eventHubs";
import { type Fact, gradeOf } from "../facts/fact";
import { keyVault } from "../facts/keyVault";
import { rds } from "../facts/rds";
import { vast } from "../facts/vast";
import type { Path } from "../plan/path";
import type { Assumption } from "../plan/register";
import type { Source, Term } from "../plan/term";
import { spanFrom, termOf } from "./setting";

/** A failover that a vendor carries out. */
export interface Managed {
  /** The name of its step, for register entries and drill records. */
  name: string;
  /** Whether the vendor notices the loss and decides by itself: its time then counts from the loss. */
  automatic: boolean;
  /** How long it takes, and how far that may be relied on. */
  time: Fact;
}

/** Failovers of vendors, by mechanism; a plan or a reader may bring others. */
export const managed = {
  rdsMultiAzInstance: { name: "standby takes over", automatic: true, time: rds.multiAzFailover },
  rdsMultiAzCluster: { name: "readable standby takes over", automatic: true, time: rds.multiAzClusterFailover },
  rdsReplicaPromotion: { name: "replica is promoted", automatic: false, time: rds.promotion },
  eventHubsPromotion: { name: "second region is promoted", automatic: false, time: eventHubs.promotion },
  azureStorageZone: { name: "storage leaves the lost zone", automatic: true, time: azureStorage.zoneFailover },
  azureStorageRegion: { name: "account fails over", automatic: false, time: azureStorage.geoFailover },
  keyVaultRegion: { name: "vault is read in the second region", automatic: true, time: keyVault.failover },
  databricksControlPlane: {
    name: "control plane leaves the lost zone",
    automatic: true,
    time: databricks.controlPlaneFailover,
  },
  vastFailover: { name: "protected path fails over", automatic: false, time: vast.failover },
} as const satisfies Record<string, Managed>;

/** What the failover of a vendor takes beside its own time. */
export interface ManagedSettings {
  /** Until somebody is told, and until they have decided; of no account where the vendor does both. */
  detect: Term[];
  decide: Term[];
  /** The register entry that stands for the vendor's time. */
  assumption?: Assumption;
  /** The vendor's time by our own drills: `measuredTime`. */
  measured?: Seconds;
  /** Until clients follow: `nameRedirect`. */
  redirect: Term[];
  /** What declares that the vendor does it: `multiAz` of an instance. */
  source: Source;
}

/** Detection, decision, the one step that is the vendor's, and the way of the clients. */
export function managedFailover(
  { name, automatic, time }: Managed,
  { detect, decide, redirect, ...settings }: ManagedSettings,
): Pick<Path, "detect" | "decide" | "steps" | "redirect"> {
  const bound = vendorTime(name, time, settings);
  return {
    detect: automatic ? [] : detect,
    decide: automatic ? [] : decide,
    steps: [{ name, bound, after: [], source: settings.source }],
    redirect,
  };
}

/** A vendor's number counts by itself where it promises one; else our drills count, else a register entry, else nothing. */
function vendorTime(
  name: string,
  time: Fact,
  { assumption, measured, source }: Pick<ManagedSettings, "assumption" | "measured" | "source">,
): Term {
  if (gradeOf(time) !== undefined) return termOf(name, spanFrom(time, source));
  const facts = [time.id];
  if (measured !== undefined) return { name, value: checked(measured), grade: "measured", source, facts };
  if (assumption?.seconds === undefined) return termOf(name, spanFrom(time, source));
  const { id, seconds: value } = assumption;
  const entry = { resource: `register:${id}`, name: `Register entry ${id}` };
  return { name, value: checked(value), grade: "assumed", source: entry, assumption: id, facts };
}
