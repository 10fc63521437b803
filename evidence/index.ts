export { explain } from "./explain";
export { InputError } from "./inputError";
export { json } from "./json";
export { markdown } from "./markdown";
export type { Look, Meta } from "./meta";
export { terminal } from "./terminal";
