import { isUnknown } from "../../recovery/bound";
import { isProblem, parseDuration, type Seconds } from "../../recovery/duration";
import { type Disruption, disruptions } from "../../recovery/objective";
import type { Resource } from "../graph";
import { sourceOf, titleOf } from "./names";
import type { Problems } from "./problems";
import { type Facts, facts, type Read } from "./read";

const annotations = "metadata.annotations";

/** The property of a `holdfast.dev/` annotation. */
export function annotationProperty(key: string): string {
  return `${annotations}["holdfast.dev/${key}"]`;
}

/** Reads a `holdfast.dev/` annotation; one that the program does not write is absent, whatever the engine ignores. */
export function annotation(resource: Resource, key: string): Read<string> {
  const one = facts(resource).at(annotations).key(`holdfast.dev/${key}`);
  return one.isSilent() ? undefined : one.text();
}

/** Reads a link; one that cannot be read is noted and counts as absent. */
export function link(resource: Resource, key: string, problems: Problems): string | undefined {
  const value = annotation(resource, key);
  if (isUnknown(value)) {
    problems.unknown(sourceOf(resource, annotationProperty(key)), value.unknown);
    return undefined;
  }
  return value === "" ? undefined : value;
}

/**
 * What is said of a link that leads to nothing here. A name that nobody knows yet and one that is not here are told
 * alike: the engine knows the outputs of other stacks and encrypted configuration, the offline preview does not, and
 * neither proves anything about what this program does not declare.
 */
export function unresolved(resource: Resource, key: string, what: string): string {
  return `holdfast.dev/${key} of ${titleOf(resource)} names no ${what}, or one that is not known before deployment`;
}

/** Whole bytes that an annotation says; anything else is noted and counts as absent. */
export function bytesOf(resource: Resource, key: string, problems: Problems, asset?: string): number | undefined {
  return wholeBytes(facts(resource), key, problems, asset);
}

/** The same of an object that is declared inside another one: the template of a claim. */
export function wholeBytes(object: Facts, key: string, problems: Problems, asset?: string): number | undefined {
  const { resource } = object;
  const one = object.at(annotations).key(`holdfast.dev/${key}`);
  const text = one.isSilent() ? undefined : one.text();
  if (isUnknown(text)) {
    problems.unknown(one.source(), text.unknown);
    return undefined;
  }
  if (text === undefined || text === "") return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  const message = `${titleOf(resource)}: holdfast.dev/${key} must be whole bytes such as "10000000000"`;
  problems.add(one.source(), message, asset);
  return undefined;
}

/** A span that an annotation says; anything else is noted and counts as absent. */
export function spanOf(resource: Resource, key: string, problems: Problems, asset?: string): Seconds | undefined {
  const text = link(resource, key, problems);
  if (text === undefined) return undefined;
  const value = parseDuration(text);
  if (!isProblem(value)) return value;
  const message = `${titleOf(resource)}: holdfast.dev/${key} must be a duration such as "30d"`;
  problems.add(sourceOf(resource, annotationProperty(key)), message, asset);
  return undefined;
}

/** The parts of a comma-separated list. */
export function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** The disruptions of a list and the words in it that are none. */
export function disruptionsOf(words: readonly string[]): { known: Disruption[]; wrong: string[] } {
  return {
    known: disruptions.filter((one) => words.includes(one)),
    wrong: words.filter((word) => !disruptions.some((one) => one === word)),
  };
}
