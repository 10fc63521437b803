import type { ConfigSource } from "../config";
import { type ConfigProblem, notASetting } from "./problems";

/** The settings of one namespace with their JSON read, and what cannot be read or is none of its keys' kind. */
export function rawSettings(
  { values, isSecret }: Pick<ConfigSource, "values" | "isSecret">,
  own: string,
  keys: readonly string[],
): { raw: Record<string, unknown>; problems: ConfigProblem[] } {
  const raw: Record<string, unknown> = {};
  const problems: ConfigProblem[] = [];
  const known = keys.map((key) => `${own}:${key}`);
  for (const [key, text] of Object.entries(values)) {
    const [namespace, name = ""] = key.split(":");
    // Settings of the engine itself, `pulumi:disable-default-providers`, are not ours to judge.
    if (namespace === "pulumi") continue;
    if (namespace === own) raw[name] = isObject(text) ? parsed(text) : text;
    else problems.push({ key, message: `${notASetting(key, known)} Providers are configured from these` });
    if (namespace === own && isObject(text) && raw[name] === undefined) {
      problems.push({
        key,
        message: `must be valid JSON, got ${isSecret(key) ? "[secret]" : JSON.stringify(text.slice(0, 40))}`,
      });
    }
  }
  return { raw, problems };
}

function isObject(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
