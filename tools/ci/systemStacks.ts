import * as fs from "node:fs";
import * as path from "node:path";
import { type Document, isMap, isScalar, isSeq, parseDocument } from "yaml";
import { script } from "./event";

/** Settings that every system of a stack shares. */
const shared = ["sites", "register"];

/**
 * The configuration of a stack of its own for each system, by the stack's name: what all share, and the one system's
 * settings, comments included. `prod` with `holdfast:omendb` gives `prod-omendb`. The platform exports each of them.
 */
export function systemStacks(stack: string, text: string): Record<string, string> {
  const names = systemsIn(text);
  return Object.fromEntries(
    names.map((system) => {
      const document = parseDocument(text);
      for (const other of names.filter((name) => name !== system)) document.deleteIn(["config", `holdfast:${other}`]);
      nameStacks(
        document,
        stack,
        names.map((name) => `${stack}-${name}`),
      );
      return [`${stack}-${system}`, document.toString({ lineWidth: 0 })];
    }),
  );
}

/** Where the platform exports the state of the one stack, it exports those that take its place. */
function nameStacks(document: Document, stack: string, stacks: readonly string[]): void {
  const exported = document.getIn(["config", "holdfast:platform", "state", "stacks"]);
  if (!isSeq(exported)) return;
  exported.items = exported.items.flatMap((item) => {
    const [name, ...where] = String(isScalar(item) ? item.value : item)
      .split("/")
      .reverse();
    if (name !== stack) return [item];
    return stacks.map((one) => document.createNode([one, ...where].reverse().join("/")));
  });
}

/** The systems that a stack's configuration selects, in its order. */
export function systemsIn(text: string): string[] {
  const config = parseDocument(text).get("config");
  const keys = isMap(config) ? config.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
  return keys
    .filter((key) => key.startsWith("holdfast:"))
    .map((key) => key.slice("holdfast:".length))
    .filter((name) => !shared.includes(name));
}

if (require.main === module) {
  const [, , stack = ""] = process.argv;
  script(async () => {
    const texts = systemStacks(stack, fs.readFileSync(`Pulumi.${stack}.yaml`, "utf8"));
    return Object.entries(texts).map(([name, text]) => {
      const file = path.join(".", `Pulumi.${name}.yaml`);
      fs.writeFileSync(file, text);
      return file;
    });
  });
}
