import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Value, Values } from "./values";

/** The values in a protocol buffer. */
export function valuesOf(struct: Struct | undefined): Values {
  return (struct?.toJavaScript() ?? {}) as Record<string, Value>;
}

/** The values as a protocol buffer. */
export function structOf(values: Values): Struct {
  return Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);
}
