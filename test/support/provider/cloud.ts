import * as fs from "node:fs";
import * as path from "node:path";
import { type Subject, subjectOf } from "./subject";
import type { Values } from "./values";

/** Something that exists in the simulated cloud. */
export interface Thing {
  scope: string;
  type: string;
  id: string;
  /** URN of the resource that made it; it may have been forgotten by the engine. */
  urn: string;
  inputs: Values;
  outputs: Values;
}

type Key = Pick<Thing, "scope" | "type" | "id">;

/**
 * What exists, whatever the engine's state says. Every change is appended to a file before anyone is told of it, so a
 * killed process leaves behind what a killed deployment leaves in a real cloud.
 */
export class Cloud {
  private readonly things = new Map<string, Thing>();

  constructor(private readonly file: string) {
    for (const [key, thing] of readJournal(file)) {
      if (thing === null) this.things.delete(key);
      else this.things.set(key, thing);
    }
  }

  get({ scope, type, id }: Key): Thing | undefined {
    return this.things.get(keyOf({ scope, type, id }));
  }

  put(thing: Thing): void {
    this.note(keyOf(thing), thing);
    this.things.set(keyOf(thing), thing);
  }

  remove(key: Key): void {
    if (!this.things.delete(keyOf(key))) return;
    this.note(keyOf(key), null);
  }

  all(): Thing[] {
    return [...this.things.values()];
  }

  /** What the resource of this Pulumi name made. */
  madeBy(name: string): Thing[] {
    return this.all().filter(({ urn }) => nameOf(urn) === name);
  }

  private note(key: string, thing: Thing | null): void {
    fs.appendFileSync(this.file, `${JSON.stringify([key, thing])}\n`);
  }
}

/** The cloud that belongs to a folder in which the engine's state is kept. */
export function cloudIn(folder: string): Cloud {
  return new Cloud(path.join(folder, "cloud.jsonl"));
}

function keyOf({ scope, type, id }: Key): string {
  return `${scope} ${type} ${id}`;
}

function nameOf(urn: Subject["urn"]): string {
  return subjectOf(urn).name;
}

function readJournal(file: string): [key: string, thing: Thing | null][] {
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as [string, Thing | null]);
}
