export * from "./criticalPath";
export * from "./detection";
export * from "./drills";
export * from "./kubernetes";
export * from "./lease";
export * from "./managed";
export * from "./redirect";
export * from "./setting";
