export * from "./restorePoints";
export * from "./survive";
