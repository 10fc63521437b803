export * from "./criticalPath";
export * from "./drills";
