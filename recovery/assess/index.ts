export * from "./assess";
export * from "./assessment";
export * from "./fix";
export { termsOf } from "./judge";
export { waysOf } from "./ways";
