import { isUnknown, type Maybe } from "../../recovery/bound";
import { type Domain, domains, type Source } from "../../recovery/plan";
import { titleOf } from "./names";
import type { Program } from "./program";
import { type ClaimSpec, claimSpec } from "./resources/claim";
import { areNeighbours, type KubernetesObject } from "./resources/identity";
import type { Volume } from "./resources/pod";
import type { Workload } from "./resources/workload";

/** What keeps the data of a volume. */
export interface Storage {
  /** Largest fault domain whose loss it survives. */
  survives: Maybe<Domain>;
  /** Whether pods on several nodes may mount it at a time. */
  shared: Maybe<boolean>;
  /** Whether what it holds outlives its pod. */
  persistent: boolean;
  /** Whether each pod has one of its own. */
  ownPerPod: boolean;
  source: Source;
}

/** What keeps the data of a volume of a pod that belongs to `owner`. */
export function storageOf(volume: Volume, owner: KubernetesObject, program: Program): Storage {
  const source = volume.facts.source();
  const node = { shared: false, persistent: true, ownPerPod: false, source };
  switch (volume.kind) {
    case "claim":
      return claimed(volume, owner, program);
    case "claim template":
      return { ...bySpec(claimSpec(volume.facts), owner, program, source), ownPerPod: true };
    case "hostPath":
      return { ...node, survives: "process" };
    case "emptyDir":
      return { ...node, survives: "process", persistent: false };
    default: {
      const unknown = { unknown: `no reader knows what keeps volume ${volume.name} of ${titleOf(owner.resource)}` };
      return { ...node, survives: unknown, shared: unknown };
    }
  }
}

/** A volume of which each pod sees a folder named after it: another pod, and so any later one, starts with an empty one. */
export function ownOfPod({ name }: Volume, { kind, pod }: Workload): Storage | undefined {
  const mount = pod.containers.flatMap(({ mounts }) => mounts).find((one) => one.volume === name && one.ownPerPod);
  // The pods of a StatefulSet keep their names.
  if (mount === undefined || kind === "StatefulSet") return undefined;
  const source = mount.facts.source("subPathExpr");
  return { survives: "process", shared: false, persistent: false, ownPerPod: true, source };
}

/** The least that any of some storages survives. */
export function leastSurvived(storages: readonly Storage[]): Maybe<Domain> {
  const unknown = storages.map(({ survives }) => survives).find(isUnknown);
  const known = storages.flatMap(({ survives }) => (isUnknown(survives) ? [] : [domains.indexOf(survives)]));
  const least = Math.min(...known);
  // Nothing survives less than the loss of a process, whatever the others turn out to be.
  if (least === 0) return "process";
  return unknown ?? domains[least] ?? "process";
}

function claimed(volume: Volume, owner: KubernetesObject, program: Program): Storage {
  const source = volume.facts.source("persistentVolumeClaim.claimName");
  const unresolved = (unknown: string): Storage => ({
    survives: { unknown },
    shared: { unknown },
    persistent: true,
    ownPerPod: false,
    source,
  });
  const claim = program.claims.find((one) => one.name === volume.refersTo && areNeighbours(one, owner));
  if (claim === undefined) {
    // What pods name and nothing has is noted for all of them at once, in references.ts.
    return unresolved(
      `volume ${volume.name} of ${titleOf(owner.resource)} is no claim that this program declares in its namespace, or one that is not known before deployment`,
    );
  }
  return bySpec(claim, owner, program, claim.facts.source("spec.storageClassName"));
}

function bySpec(spec: ClaimSpec, owner: KubernetesObject, program: Program, source: Source): Storage {
  const found = storageClassOf(spec, owner, program);
  const storage = { persistent: true, ownPerPod: false, source };
  if (isUnknown(found)) return { ...storage, survives: found, shared: found };
  if (isUnknown(spec.accessModes)) return { ...storage, survives: found.survives, shared: spec.accessModes };
  const wantsShared = (spec.accessModes ?? []).includes("ReadWriteMany");
  if (wantsShared && !found.shared) {
    program.problems.add(
      source,
      `${source.name} asks for ReadWriteMany, which its storage class does not offer: it will never be bound`,
    );
  }
  return { ...storage, survives: found.survives, shared: wantsShared && found.shared };
}

function storageClassOf(
  { storageClass }: ClaimSpec,
  owner: KubernetesObject,
  { geography }: Program,
): Maybe<{ survives: (typeof domains)[number]; shared: boolean }> {
  if (isUnknown(storageClass)) return storageClass;
  if (storageClass === undefined)
    return { unknown: "the claim names no storage class: the default of its cluster decides" };
  const site = geography.siteOf(owner.resource);
  if (isUnknown(site)) return site;
  const found = site.storageClasses[storageClass];
  return found ?? { unknown: `site ${site.name} in Register does not describe storage class ${storageClass}` };
}
