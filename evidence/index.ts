export type { Against } from "./comparison";
export { explain } from "./explain";
export { InputError } from "./inputError";
export { json } from "./json";
export { markdown } from "./markdown";
export type { Look, Meta } from "./meta";
export { type Sourced, sarif } from "./sarif";
export { terminal } from "./terminal";
