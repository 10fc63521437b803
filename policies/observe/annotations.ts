import { isUnknown } from "../../recovery/bound";
import { type Disruption, disruptions } from "../../recovery/objective";
import type { Resource } from "../graph";
import { sourceOf } from "./names";
import type { Problems } from "./problems";
import { facts, type Read } from "./read";

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
