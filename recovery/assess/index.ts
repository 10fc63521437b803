export * from "./assess";
export * from "./assessment";
export { waysOf } from "./candidates";
export * from "./fix";
