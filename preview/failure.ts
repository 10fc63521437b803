import { fileURLToPath } from "node:url";
import { shown } from "./project";
import { unknownOnWire } from "./wire";

/** What to tell the person who started the command about an error: a message, without a stack trace unless asked for. */
export function describe(error: unknown, debug: boolean): string {
  if (!(error instanceof Error) && !isErrorLike(error)) return `the program failed with ${String(error)}`;
  if (debug && error.stack !== undefined) return error.stack;
  if (isInputError(error) || isConfigError(error)) return error.message;
  const said = messageOf(error);
  const where = positionIn(error.stack ?? "");
  const located = where === undefined || said.startsWith(where.split(":")[0] ?? "") ? said : `${where}: ${said}`;
  return `${located}\nRun it again with --debug for the stack trace.`;
}

interface ErrorLike {
  name: string;
  message: string;
  stack?: string;
}

/** Errors of a program may come from another realm or another copy of a class. */
function isErrorLike(error: unknown): error is ErrorLike {
  return typeof error === "object" && error !== null && "message" in error && typeof error.message === "string";
}

/** A refusal of ours: what is wrong was said where it was found. */
function isInputError({ name }: ErrorLike): boolean {
  return name === "BadInput" || name === "InputError";
}

/** The program's own refusal of its configuration, which says everything there is to say. */
function isConfigError(error: ErrorLike): boolean {
  return error.name === "ConfigError" && "problems" in error;
}

/** The one line that says what is wrong. */
function messageOf({ name, message }: ErrorLike): string {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  // The compiler puts the place and the reason on the line after "Transform failed with 1 error:".
  const compiled = /^Transform failed with/.test(lines[0] ?? "") ? lines[1]?.replace(": ERROR:", ":") : undefined;
  if (compiled !== undefined) return compiled.replace(/^(.+?)(?=:\d+:\d+:)/, (file) => shown(file));
  const first = (lines[0] ?? "no message").replaceAll(unknownOnWire, "[secret]");
  return name === "Error" || name === "RunError" || name === "ResourceError" ? first : `${name}: ${first}`;
}

/** `file:line` of the first line of the stack that belongs to the program. */
function positionIn(stack: string): string | undefined {
  for (const line of stack.split("\n")) {
    const at = /^\s*at (?:.*\()?((?:file:\/\/)?[^()]+?):(\d+):\d+\)?$/.exec(line);
    const file = at?.[1]?.startsWith("file://") ? fileURLToPath(at[1]) : at?.[1];
    if (file === undefined || file.startsWith("node:") || file.includes("node_modules") || isOurs(file)) continue;
    return `${shown(file)}:${at?.[2]}`;
  }
  return undefined;
}

function isOurs(file: string): boolean {
  return file.startsWith(__dirname) || !/[\\/]/.test(file);
}
