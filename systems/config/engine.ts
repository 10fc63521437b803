import * as pulumi from "@pulumi/pulumi";
import type { ConfigSource } from "../config";

/** Exists in every SDK since 3.0, but not in its published types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/** The configuration of the stack that is being run; register files are named from `root`. */
export function stackConfig(root: string): ConfigSource {
  return {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    values: pulumi.runtime.allConfig(),
    isSecret: isConfigSecret,
    root,
  };
}
