import { Config } from "@pulumi/pulumi/config";
import { secret, unknown } from "@pulumi/pulumi/output";
import { BadInput } from "./badInput";
import { unknownOnWire } from "./wire";

type Read = (this: Config, key: string, options?: unknown) => unknown;
type Kind = (typeof kinds)[number];

/** `get`, `getSecret`, `require` and `requireSecret` of each. */
const kinds = ["", "Number", "Boolean", "Object"] as const;

/**
 * While a program runs offline, nobody has the key to its encrypted configuration: what the SDK's secret readers return
 * of it is an unknown secret, so that whatever is computed from it is unknown as well. Of an object only the encrypted
 * parts are. A plain text is handed on, as its place shows that it is unknown; a plain number or truth value would be
 * invented, and is refused. The answer gives the readers back.
 */
export function withoutKey(config: Readonly<Record<string, string>>): () => void {
  const readers = Config.prototype as unknown as Record<string, Read>;
  const own = new Map<string, Read>();
  const replace = (name: string, kind: Kind, read: (encrypted: Encrypted) => unknown) => {
    const before = readers[name];
    if (before === undefined) throw new Error(`the Pulumi SDK has no Config.${name}`);
    own.set(name, before);
    readers[name] = function (this: Config, key, options) {
      const full = `${this.name}:${key}`;
      const text = config[full];
      // Read by the SDK itself where there is nothing to hide.
      if (!text?.includes(unknownOnWire)) return before.call(this, key, options);
      return read({ key: full, text, kind, options, plainly: () => before.call(this, key, options) });
    };
  };
  for (const verb of ["get", "require"]) {
    for (const kind of kinds) {
      replace(`${verb}${kind}`, kind, plain);
      replace(`${verb}Secret${kind}`, kind, hidden);
    }
  }
  return () => {
    for (const [name, read] of own) readers[name] = read;
  };
}

interface Encrypted {
  /** `shop:password`. */
  key: string;
  text: string;
  kind: Kind;
  /** What the text must be like. */
  options: unknown;
  plainly: () => unknown;
}

function hidden({ text, kind }: Encrypted): unknown {
  if (kind !== "Object" || text === unknownOnWire) return secret(unknown);
  return secret(JSON.parse(text, (_, part) => (isHidden(part) ? unknown : part)) as object);
}

function plain({ key, text, kind, options, plainly }: Encrypted): unknown {
  const handedOn = kind === "" ? options === undefined : kind === "Object" && text !== unknownOnWire;
  if (handedOn) return plainly();
  throw new BadInput(
    `configuration ${key} is encrypted, and nobody has its key offline: read it with requireSecret${kind}, whose value is unknown then, or run with --engine pulumi`,
  );
}

function isHidden(part: unknown): boolean {
  return typeof part === "string" && part.includes(unknownOnWire);
}
