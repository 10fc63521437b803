import { isUnknown } from "../../recovery/bound";
import { type Facts, orDefault, type Read } from "./read";

/** The labels that an alert certainly has; its series may bring others. */
export type Labels = Readonly<Record<string, string>>;

/** Whether an alert fits: a label that only its series can bring makes it a maybe. */
export type Fit = "yes" | "no" | "maybe";

/** Whether an alert's labels fit all of a list of matchers. */
export function fits(matchers: Facts, labels: Labels): Fit {
  const list = orDefault(matchers.items(), []);
  if (isUnknown(list)) return "maybe";
  const answers = list.map((matcher) => fitsOne(matcher, labels));
  return answers.includes("no") ? "no" : answers.includes("maybe") ? "maybe" : "yes";
}

function fitsOne(matcher: Facts, labels: Labels): Fit {
  const [name, value] = [matcher.text("name"), orDefault(matcher.text("value"), "")];
  // `regex` is how the first version of the API said it.
  const old = matcher.flag("regex") === true ? "=~" : "=";
  const type: Read<string> = orDefault(matcher.text("matchType"), old);
  if (typeof name !== "string" || isUnknown(value) || isUnknown(type)) return "maybe";
  const label = labels[name];
  if (label === undefined) return "maybe";
  const pattern = type.endsWith("~") ? wholly(value) : undefined;
  switch (type) {
    case "=":
      return label === value ? "yes" : "no";
    case "!=":
      return label === value ? "no" : "yes";
    case "=~":
      return pattern === undefined ? "maybe" : pattern.test(label) ? "yes" : "no";
    case "!~":
      return pattern === undefined ? "maybe" : pattern.test(label) ? "no" : "yes";
    default:
      return "maybe";
  }
}

function wholly(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return undefined;
  }
}
