import { parse, type TomlTable } from "smol-toml";
import { isUnknown, type Maybe, type Unknown } from "../../recovery/bound";
import type { Source } from "../../recovery/plan";
import { titleOf } from "./names";
import { servingContainers } from "./probes";
import type { Program } from "./program";
import { orDefault, type Read } from "./read";
import { variableOf } from "./resources/environment";
import { areNeighbours } from "./resources/identity";
import { type Container, type Mount, mountAt, type Pod, type Volume } from "./resources/pod";
import type { Workload } from "./resources/workload";

const file = "omendb.toml";
/** Where the guide has the file, and serve.sh without OMENDB_CONFIG. */
const defaultPath = `/etc/omendb/${file}`;

/** What `omendb.toml` says about where acknowledged writes are. */
export interface OmendbSettings {
  source: Source;
  /** The pod as the container of the engine sees it. */
  pod: Pod;
  /** What OMENDB_DATA_DIR says in that container. */
  dataDirSet: Read<string>;
  dataDir: Read<string>;
  logEnabled: Read<boolean>;
  syncOnWrite: Read<boolean>;
  syncIntervalMs: Read<number>;
}

/** The settings of the engine of a workload; nothing when none of its containers has an `omendb.toml`. */
export function omendbSettings(workload: Workload, program: Program): Maybe<OmendbSettings> | undefined {
  const engines = workload.pod.containers.flatMap((container) => {
    const settings = settingsIn(container, workload, program);
    return settings === undefined ? [] : [settings];
  });
  const [first, ...others] = engines;
  if (first === undefined || isUnknown(first)) return first;
  const unlike = others.find((other) => isUnknown(other) || other.source.resource !== first.source.resource);
  if (unlike === undefined) return first;
  return isUnknown(unlike)
    ? unlike
    : { unknown: `containers of ${titleOf(workload.resource)} read different ${file}s` };
}

function settingsIn(container: Container, workload: Workload, program: Program): Maybe<OmendbSettings> | undefined {
  const where = orDefault(variableOf(container.facts, "OMENDB_CONFIG"), defaultPath);
  // What only a container that writes no data may read elsewhere matters to nobody.
  if (isUnknown(where)) return servingContainers(workload).includes(container) ? where : undefined;
  const mount = mountAt(where, container);
  const volume = workload.pod.volumes.find(({ name }) => name === mount?.volume);
  if (mount === undefined || volume === undefined) return undefined;
  const key = keyOf(where, mount, volume);
  if (isUnknown(key)) return key;
  const configMap = program.configMaps.find((one) => one.name === volume.refersTo && areNeighbours(one, workload));
  const entry = configMap?.facts.at("data").key(key);
  if (volume.kind !== "configMap" || configMap === undefined || entry === undefined || entry.isSilent()) {
    return { unknown: `what ${titleOf(workload.resource)} mounts as ${file} is in no ConfigMap of this program` };
  }
  const text = entry.text();
  if (text === undefined || isUnknown(text)) return text;
  const pod = { ...workload.pod, containers: [container] };
  const dataDirSet = variableOf(container.facts, "OMENDB_DATA_DIR");
  const settings = settingsOf(text, entry.source(), titleOf(configMap.resource));
  return isUnknown(settings) ? settings : { ...settings, pod, dataDirSet };
}

/** The key of a ConfigMap that is the file at a path; a key is a file of its own name unless `items` say otherwise. */
function keyOf(where: string, { facts, path }: Mount, { facts: volume }: Volume): Maybe<string> {
  const under = facts.text("subPath");
  if (isUnknown(under)) return under;
  const inside = [under ?? "", where.slice(path.length)].join("/").split("/").filter(Boolean).join("/");
  const items = volume.items("configMap.items");
  if (isUnknown(items)) return items;
  for (const item of items ?? []) {
    const key = item.text("key");
    const file = item.text("path");
    if (isUnknown(key)) return key;
    if (isUnknown(file)) return file;
    if (file === inside && key !== undefined) return key;
  }
  return items === undefined ? inside : "";
}

function settingsOf(text: string, source: Source, title: string): Maybe<Omit<OmendbSettings, "pod" | "dataDirSet">> {
  const table = parseToml(text);
  // The parser's own message quotes the file, which may hold a secret.
  if (table === undefined) return { unknown: `${file} in ${title} is not valid TOML` };
  const setting = <T>(
    section: string,
    key: string,
    isRight: (value: unknown) => value is T,
  ): T | undefined | Unknown => {
    const inSection = table[section];
    const value = typeof inSection === "object" && key in inSection ? (inSection as TomlTable)[key] : undefined;
    if (value === undefined || isRight(value)) return value;
    return { unknown: `${section}.${key} of ${file} in ${title} is of the wrong type` };
  };
  return {
    source,
    dataDir: setting("database", "data_dir", (value) => typeof value === "string"),
    logEnabled: setting("wal", "enabled", (value) => typeof value === "boolean"),
    syncOnWrite: setting("wal", "sync_on_write", (value) => typeof value === "boolean"),
    syncIntervalMs: setting("storage", "sync_interval_ms", (value) => typeof value === "number"),
  };
}

function parseToml(text: string): TomlTable | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** The folders an engine keeps its data and its log in. */
export function foldersOf({ dataDir, dataDirSet }: OmendbSettings): Maybe<{ data: string; log: string }> {
  if (isUnknown(dataDirSet)) return dataDirSet;
  // The default of OMENDB_DATA_DIR in the guide.
  const data = orDefault(dataDir, "/var/lib/omendb/data");
  if (isUnknown(data)) return data;
  return { data, log: `${data.replace(/\/+$/, "").replace(/\/[^/]*$/, "")}/wal` };
}
