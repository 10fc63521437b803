export { type CriticalPath, criticalPath, recoveryTerms } from "./criticalPath";
export * from "./detection";
export * from "./drills";
export * from "./kubernetes";
export * from "./lease";
export * from "./managed";
export * from "./redirect";
export { type Count, countFrom, type Setting, spanFrom, termOf } from "./setting";
