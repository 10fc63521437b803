import { isUnknown, type Unknown } from "../../../recovery/bound";
import type { Facts } from "../read";

/** A volume of a pod. */
export interface Volume {
  name: string;
  facts: Facts;
  kind: "claim" | "claim template" | "hostPath" | "emptyDir" | "configMap" | "other";
  /** Name of the claim or the ConfigMap, or the path on the host. */
  refersTo?: string;
}

/** A container of a pod. */
export interface Container {
  name: string;
  facts: Facts;
  mounts: { volume: string; path: string; readOnly: boolean }[];
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
  const hidden = unknown ?? all.find((one) => one.unknown !== undefined)?.unknown;
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
  const sources = listed(facts.items("projected.sources")) ?? [];
  const projected = sources.map((source) => known(source.text("configMap.name"))).find((one) => one !== undefined);
  if (projected !== undefined) return { name, facts, kind: "configMap", refersTo: projected };
  return { name, facts, kind: facts.isSilent("emptyDir") && facts.isSilent("ephemeral") ? "other" : "emptyDir" };
}

function readContainer(facts: Facts): { container: Container; unknown?: Unknown } {
  const mounts = facts.items("volumeMounts");
  const container: Container = {
    name: known(facts.text("name")) ?? "",
    facts,
    mounts: (listed(mounts) ?? []).map((mount) => ({
      volume: known(mount.text("name")) ?? "",
      path: known(mount.text("mountPath")) ?? "",
      readOnly: known(mount.flag("readOnly")) ?? false,
    })),
    environment: (listed(facts.items("env")) ?? []).flatMap((variable) => {
      const name = known(variable.text("name"));
      const value = known(variable.text("value"));
      return name === undefined || value === undefined ? [] : [{ name, value }];
    }),
  };
  return isUnknown(mounts) ? { container, unknown: mounts } : { container };
}

function known<T>(read: T | undefined | Unknown): T | undefined {
  return isUnknown(read) ? undefined : read;
}

function listed(read: Facts[] | undefined | Unknown): Facts[] | undefined {
  return known(read);
}
