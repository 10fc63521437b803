import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import * as path from "node:path";
import { BadInput } from "./badInput";
import { shown } from "./project";

/** Refuses a folder that could not be written to, before any work is done. */
export function checkWritable(folder: string): void {
  const standing = nearest(folder);
  if (!statSync(standing).isDirectory()) throw refused(folder, `${shown(standing)} is a file`);
  try {
    accessSync(standing, constants.W_OK | constants.X_OK);
  } catch {
    throw refused(folder, `${shown(standing)} may not be written to`);
  }
}

/**
 * Writes files into a folder, all of them or none: they are written beside their place first and then renamed. Other
 * files of the folder stay.
 */
export function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  let draft: string | undefined;
  try {
    makeFolder(folder);
    draft = mkdtempSync(path.join(folder, ".writing-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(draft, name), text);
    refuseFolders(folder, Object.keys(files));
    for (const name of Object.keys(files)) renameSync(path.join(draft, name), path.join(folder, name));
  } catch (error) {
    throw error instanceof BadInput ? error : refused(folder, (error as NodeJS.ErrnoException).code ?? String(error));
  } finally {
    if (draft !== undefined) rmSync(draft, { recursive: true, force: true });
  }
}

/** Node's own `recursive` never returns where a file system refuses folders, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}

/** The one thing that could stop a renaming half-way through. */
function refuseFolders(folder: string, names: readonly string[]): void {
  const files = names.map((name) => path.join(folder, name));
  const taken = files.find((file) => existsSync(file) && statSync(file).isDirectory());
  if (taken !== undefined) throw refused(folder, `${shown(taken)} is a folder`);
}

function refused(folder: string, reason: string): BadInput {
  return new BadInput(`--out ${shown(folder)} cannot be written: ${reason}; e.g. --out .holdfast/prod`);
}

function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(path.dirname(folder));
}
