export * from "./archive";
export * from "./chains";
export * from "./joint";
export * from "./noticed";
export * from "./relay";
export * from "./restorePoints";
export { gapsOf, spanOf } from "./series";
export * from "./shares";
export * from "./survive";
