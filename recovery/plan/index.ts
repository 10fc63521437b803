export * from "./path";
export * from "./plan";
export * from "./protection";
export * from "./register";
export * from "./registerArgs";
export * from "./safeguard";
export * from "./term";
