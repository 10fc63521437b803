import { parse, type TomlTable } from "smol-toml";
import { isUnknown, type Maybe, type Unknown } from "../../recovery/bound";
import type { Source } from "../../recovery/plan";
import { titleOf } from "./names";
import type { Program } from "./program";
import { orDefault, type Read } from "./read";
import { areNeighbours } from "./resources/identity";
import type { Workload } from "./resources/workload";

const file = "omendb.toml";

/** What `omendb.toml` says about where acknowledged writes are. */
export interface OmendbSettings {
  source: Source;
  dataDir: Read<string>;
  logEnabled: Read<boolean>;
  syncOnWrite: Read<boolean>;
  syncIntervalMs: Read<number>;
}

/** The settings of the engine of a workload; nothing when it mounts no `omendb.toml`. */
export function omendbSettings(workload: Workload, program: Program): Maybe<OmendbSettings> | undefined {
  const mounted = workload.pod.volumes.filter(({ kind }) => kind === "configMap");
  for (const { refersTo } of mounted) {
    const configMap = program.configMaps.find((one) => one.name === refersTo && areNeighbours(one, workload));
    if (configMap === undefined) continue;
    const entry = configMap.facts.at("data").key(file);
    const text = entry.text();
    if (text === undefined) continue;
    return isUnknown(text) ? text : settingsOf(text, entry.source(), titleOf(configMap.resource));
  }
  return undefined;
}

function settingsOf(text: string, source: Source, title: string): Maybe<OmendbSettings> {
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
export function foldersOf({ dataDir }: OmendbSettings): Maybe<{ data: string; log: string }> {
  // The default of OMENDB_DATA_DIR in the guide.
  const data = orDefault(dataDir, "/var/lib/omendb/data");
  if (isUnknown(data)) return data;
  return { data, log: `${data.replace(/\/+$/, "").replace(/\/[^/]*$/, "")}/wal` };
}
