import type { Rule } from "../../recovery";

/** A name that points nowhere protects nothing, and a value that cannot be read proves nothing. */
export const linksResolve: Rule = {
  name: "links-resolve",
  description:
    "Every link names a declared resource that agrees with it, and every register entry is complete and current.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.5.30"],
  remediation: "Name a resource that exists, and let the volume, environment or dependency agree.",
  check: ({ problems }) =>
    problems.map(({ source, message, asset, cannotProve }) => ({
      assets: asset === undefined ? [] : [asset],
      source,
      message,
      ...(cannotProve ? { cannotProve } : {}),
    })),
};
