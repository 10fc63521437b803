export * from "./assess";
export * from "./assessment";
export * from "./fix";
export { termsOf } from "./judge";
export * from "./plannedWork";
export { waysOf } from "./ways";
