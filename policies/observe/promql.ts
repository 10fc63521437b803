/** A series selector: a metric, and the labels it asks for. */
export interface Selector {
  metric: string;
  labels: readonly { name: string; operator: string; value: string }[];
}

const token = /#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[\w.:]+|\s+|[^\s]/g;
const isWord = /^[\w.:]/;
const selectorForm = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?$/s;
const labelForm = /^(\w+)(=~|!~|!=|=)(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`)(?:,|$)/;
const opening = ["(", "{", "["];
const closing = [")", "}", "]"];

/** The branches of an expression, joined by `or` at its top: without comments, blanks and parentheses around them. */
export function branchesOf(expression: string): readonly string[] {
  const branches = split.get(expression) ?? branchesIn(expression);
  split.set(expression, branches);
  return branches;
}

/** An expression is asked for its branches by whatever may hold it back, over and over. */
const split = new Map<string, readonly string[]>();

function branchesIn(expression: string): string[] {
  const branches: string[][] = [[]];
  let depth = 0;
  for (const one of tokensOf(unwrapped(expression))) {
    depth += depthOf(one);
    if (depth === 0 && one.toLowerCase() === "or") branches.push([]);
    else branches.at(-1)?.push(one);
  }
  return branches.map((tokens) => unwrapped(joined(tokens)));
}

/** Both sides of a comparison at the top of an expression, which must have no other operator of that kind. */
export function comparisonOf(expression: string): { left: string; operator: string; right: string } | undefined {
  const tokens = tokensOf(expression);
  let depth = 0;
  const found: number[] = [];
  for (const [i, one] of tokens.entries()) {
    depth += depthOf(one);
    if (depth === 0 && ["<", ">"].includes(one)) found.push(i);
    if (depth === 0 && one === "=" && tokens[i + 1] === "=") found.push(i);
  }
  const [at, ...others] = found;
  if (at === undefined || others.length > 0) return undefined;
  const size = tokens[at + 1] === "=" ? 2 : 1;
  return {
    left: unwrapped(joined(tokens.slice(0, at))),
    operator: tokens.slice(at, at + size).join(""),
    right: unwrapped(joined(tokens.slice(at + size))),
  };
}

/** Reads a selector such as `up{job="omendb"}`; nothing for any other expression. */
export function selectorOf(expression: string): Selector | undefined {
  const [, metric, inside = ""] = selectorForm.exec(expression) ?? [];
  if (metric === undefined) return undefined;
  const labels: Selector["labels"][number][] = [];
  let rest = inside;
  while (rest !== "") {
    const [all, name, operator, ...values] = labelForm.exec(rest) ?? [];
    if (all === undefined || name === undefined || operator === undefined) return undefined;
    labels.push({ name, operator, value: values.find((value) => value !== undefined) ?? "" });
    rest = rest.slice(all.length);
  }
  return { metric, labels };
}

/** What is inside one aggregation such as `max by (asset) (...)`, or the expression itself where there is none. */
export function aggregated(expression: string, operators: readonly string[]): string {
  const form = new RegExp(String.raw`^(?:${operators.join("|")})(?: ?(?:by|without)\([\w,]*\))?(\(.*\))$`, "s");
  const inside = form.exec(expression)?.[1];
  return inside === undefined || unwrapped(inside) === inside ? expression : unwrapped(inside);
}

/** Selectors whose absence makes a branch fire: `absent(up)` or `absent_over_time(up[5m])`. */
export function absencesOf(expression: string): Selector[] {
  return branchesOf(expression).flatMap((branch) => {
    const [, inside] = /^(?:absent|absent_over_time)\((.*)\)$/s.exec(branch) ?? [];
    return inside === undefined ? [] : (selectorOf(inside.replace(/\[\w+\]$/, "")) ?? []);
  });
}

/** Whether a branch is about absence alone. */
export function isAbsence(branch: string): boolean {
  return absencesOf(branch).length === 1;
}

/** Whether a selector asks for exactly this value of a label. */
export function asksFor({ labels }: Selector, name: string, value: string): boolean {
  return labels.some((one) => one.name === name && one.operator === "=" && one.value === value);
}

function tokensOf(expression: string): string[] {
  return (expression.match(token) ?? []).filter((one) => !one.startsWith("#") && one.trim() !== "");
}

function joined(tokens: readonly string[]): string {
  return tokens.reduce((text, one) => (isWord.test(one) && /[\w.:]$/.test(text) ? `${text} ${one}` : text + one), "");
}

/** Without blanks, comments, and pairs of parentheses around everything. */
function unwrapped(expression: string): string {
  let tokens = tokensOf(expression);
  while (tokens[0] === "(" && closesAt(tokens) === tokens.length - 1) tokens = tokens.slice(1, -1);
  return joined(tokens);
}

function closesAt(tokens: readonly string[]): number {
  let depth = 0;
  return tokens.findIndex((one) => {
    depth += depthOf(one);
    return depth === 0;
  });
}

function depthOf(one: string): number {
  return opening.includes(one) ? 1 : closing.includes(one) ? -1 : 0;
}
