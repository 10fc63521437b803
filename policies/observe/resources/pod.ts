import { isUnknown, type Unknown } from "../../../recovery/bound";
import type { Facts } from "../read";
import { variableOf } from "./environment";

/** A volume of a pod. */
export interface Volume {
  name: string;
  facts: Facts;
  kind: "claim" | "claim template" | "hostPath" | "emptyDir" | "configMap" | "other";
  /** Name of the claim or the ConfigMap, or the path on the host. */
  refersTo?: string;
}

/** A volume in the file system of a container. */
export interface Mount {
  facts: Facts;
  volume: string;
  path: string;
  readOnly: boolean;
  /** Each pod sees a folder of its own: `subPathExpr` expands what differs between pods. */
  ownPerPod: boolean;
}

/** A container of a pod. */
export interface Container {
  name: string;
  facts: Facts;
  mounts: Mount[];
  /** Values of its environment; never shown to anyone. */
  environment: { name: string; value: string }[];
}

/** The template of a pod; `unknown` says why a part of it could not be read. */
export interface Pod {
  facts: Facts;
  volumes: Volume[];
  containers: Container[];
  unknown?: Unknown;
}

/** Reads a pod template's `spec`. */
export function readPod(facts: Facts): Pod {
  const volumes = facts.items("volumes");
  const containers = facts.items("containers");
  const first = facts.items("initContainers");
  const unknown = [volumes, containers, first].find(isUnknown);
  const all = [...(listed(containers) ?? []), ...(listed(first) ?? [])].map(readContainer);
  const named = (listed(volumes) ?? []).map((volume) => volume.text("name"));
  const hidden = unknown ?? all.find((one) => one.unknown !== undefined)?.unknown ?? named.find(isUnknown);
  return {
    facts,
    volumes: (listed(volumes) ?? []).map(readVolume),
    containers: all.map(({ container }) => container),
    ...(hidden === undefined ? {} : { unknown: hidden }),
  };
}

/** Volumes that a container may write to. */
export function writableVolumes(pod: Pod): Volume[] {
  return pod.volumes.filter((volume) =>
    pod.containers.some(({ mounts }) => mounts.some((mount) => mount.volume === volume.name && !mount.readOnly)),
  );
}

/** The volume mounted at a folder or the nearest above it. */
export function volumeAt(folder: string, pod: Pod): Volume | undefined {
  const mounts = pod.containers
    .flatMap((container) => container.mounts)
    .filter(({ path }) => `${folder}/`.startsWith(`${path.replace(/\/+$/, "")}/`))
    .sort((a, b) => b.path.length - a.path.length);
  return pod.volumes.find(({ name }) => name === mounts[0]?.volume);
}

/** Volumes that a container may write to at a folder or below it, where they hide what is above. */
export function writableBelow(folder: string, pod: Pod): Volume[] {
  const inside = pod.containers
    .flatMap((container) => container.mounts)
    .filter(({ path, readOnly }) => !readOnly && `${path}/`.startsWith(`${folder.replace(/\/+$/, "")}/`));
  return pod.volumes.filter(({ name }) => inside.some(({ volume }) => volume === name));
}

/** The mount that shows a path of a container: the nearest one at or above it. */
export function mountAt(path: string, { mounts }: Container): Mount | undefined {
  return mounts
    .filter((mount) => `${path}/`.startsWith(`${mount.path.replace(/\/+$/, "")}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/** Whether some container's environment names something, alone or inside an address. */
export function environmentNames(pod: Pod, name: string): boolean {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const whole = new RegExp(`(^|[^\\w.-])${escaped}($|[^\\w.-])`);
  return pod.containers.some(({ environment }) => environment.some(({ value }) => whole.test(value)));
}

function readVolume(facts: Facts): Volume {
  const name = known(facts.text("name")) ?? "";
  const kinds = [
    ["claim", "persistentVolumeClaim.claimName"],
    ["hostPath", "hostPath.path"],
    ["configMap", "configMap.name"],
  ] as const;
  for (const [kind, path] of kinds) {
    const refersTo = facts.text(path);
    if (refersTo === undefined) continue;
    return isUnknown(refersTo) ? { name, facts, kind } : { name, facts, kind, refersTo };
  }
  const projected = soleConfigMap(facts);
  if (projected !== undefined) return { name, facts, kind: "configMap", refersTo: projected };
  return { name, facts, kind: facts.isSilent("emptyDir") && facts.isSilent("ephemeral") ? "other" : "emptyDir" };
}

/** The ConfigMap whose keys are the files of a projected volume, where one alone is there as it is. */
function soleConfigMap(facts: Facts): string | undefined {
  const sources = (listed(facts.items("projected.sources")) ?? []).filter((source) => !source.isSilent("configMap"));
  const [only, ...others] = sources;
  if (only === undefined || others.length > 0 || !only.isSilent("configMap.items")) return undefined;
  return known(only.text("configMap.name"));
}

function readContainer(facts: Facts): { container: Container; unknown?: Unknown } {
  const mounts = facts.items("volumeMounts");
  const read = (listed(mounts) ?? []).map((mount) => readMount(mount, facts));
  const unknown = isUnknown(mounts) ? mounts : read.find(isUnknown);
  const container: Container = {
    name: known(facts.text("name")) ?? "",
    facts,
    mounts: read.flatMap((mount) => (isUnknown(mount) ? [] : [mount])),
    environment: (listed(facts.items("env")) ?? []).flatMap((variable) => {
      const name = known(variable.text("name"));
      const value = known(variable.text("value"));
      return name === undefined || value === undefined ? [] : [{ name, value }];
    }),
  };
  return unknown === undefined ? { container } : { container, unknown };
}

/** A mount at a place that is not known may hide any other. */
function readMount(facts: Facts, container: Facts): Mount | Unknown {
  const volume = facts.text("name");
  const path = facts.text("mountPath");
  const expression = facts.text("subPathExpr");
  const unknown = [volume, path, expression].find(isUnknown);
  if (unknown) return unknown;
  return {
    facts,
    volume: known(volume) ?? "",
    path: known(path) ?? "",
    readOnly: known(facts.flag("readOnly")) ?? false,
    ownPerPod: differs(known(expression) ?? "", container),
  };
}

/** Whether an expression with `$(VARIABLES)` comes out differently in each pod, or may: only a fixed value does not. */
function differs(expression: string, container: Facts): boolean {
  return [...expression.matchAll(/\$\(([^)]+)\)/g)].some(
    ([, name = ""]) => typeof variableOf(container, name) !== "string",
  );
}

function known<T>(read: T | undefined | Unknown): T | undefined {
  return isUnknown(read) ? undefined : read;
}

function listed(read: Facts[] | undefined | Unknown): Facts[] | undefined {
  return known(read);
}
