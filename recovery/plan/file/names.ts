import { isProblem, parseDuration } from "../../duration";
import { isMap, own, textIn } from "./spot";

/** An entry of the register as far as a number that rests on it must know it. */
export interface Entry {
  id: string;
  assets: readonly string[];
  disruptions?: readonly string[];
  path?: string;
  seconds?: number;
}

/** Everything in a file that something else in it may name, gathered before the file is read. */
export interface Names {
  assets: readonly string[];
  systems: readonly string[];
  protections: readonly { id: string; asset: string; kind: string }[];
  paths: readonly { asset: string; name: string }[];
  assumptions: readonly Entry[];
  sites: readonly string[];
  drills: readonly { asset: string; path: string }[];
}

/** Gathers the names of a file, whatever else is wrong with it. */
export function namesIn(file: unknown): Names {
  const assets = mapsIn(file, "assets");
  const register = isMap(file) ? own(file, "register") : undefined;
  return {
    assets: assets.flatMap((one) => textIn(one, "id") ?? []),
    systems: assets.flatMap((one) => textIn(one, "system") ?? systemOf(textIn(one, "id") ?? "")),
    protections: mapsIn(file, "protections").map((one) => ({
      id: textIn(one, "id") ?? "",
      asset: textIn(one, "asset") ?? "",
      kind: textIn(one, "kind") ?? "",
    })),
    paths: mapsIn(file, "paths").map((one) => {
      const asset = textIn(one, "asset") ?? "";
      return { asset, name: pathName(textIn(one, "id") ?? "", asset) };
    }),
    assumptions: mapsIn(register, "assumptions").map(entryIn),
    sites: mapsIn(register, "sites").flatMap((one) => textIn(one, "name") ?? []),
    drills: mapsIn(register, "drills").map((one) => ({
      asset: textIn(one, "asset") ?? "",
      path: textIn(one, "path") ?? "",
    })),
  };
}

/** The system of an asset: what its id says before the stroke. */
export function systemOf(asset: string): string {
  return asset.split("/")[0] ?? asset;
}

/** What registers call a path: its id without the asset and the disruptions. */
export function pathName(id: string, asset: string): string {
  const name = id.startsWith(`${asset}/`) ? id.slice(asset.length + 1) : id;
  return name.split("@")[0] ?? name;
}

/** Whether a pattern, with `*` at its end for any rest, covers an asset. */
export function covers(pattern: string, asset: string): boolean {
  return pattern.endsWith("*") ? asset.startsWith(pattern.slice(0, -1)) : pattern === asset;
}

function entryIn(one: Record<string, unknown>): Entry {
  const path = textIn(one, "path");
  const disruptions = textsIn(one, "disruptions");
  const value = own(one, "value");
  const seconds = typeof value === "string" ? parseDuration(value) : value;
  return {
    id: textIn(one, "id") ?? "",
    assets: textsIn(one, "assets") ?? [],
    ...(disruptions === undefined ? {} : { disruptions }),
    ...(path === undefined ? {} : { path }),
    ...(typeof seconds === "number" && !isProblem(seconds) ? { seconds } : {}),
  };
}

/** The maps of a list under a key, whatever else is there. */
export function mapsIn(map: unknown, key: string): Record<string, unknown>[] {
  const list = isMap(map) ? own(map, key) : undefined;
  return Array.isArray(list) ? list.filter(isMap) : [];
}

/** The texts of a list under a key. */
export function textsIn(map: Record<string, unknown>, key: string): string[] | undefined {
  const value = own(map, key);
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : undefined;
}
