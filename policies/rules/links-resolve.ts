import type { Rule } from "../../recovery";

/** A name that points nowhere protects nothing, and a value that cannot be read proves nothing. */
export const linksResolve: Rule = {
  name: "links-resolve",
  description:
    "Every link names a declared resource that agrees with it, every register entry is complete and current, and no setting of what keeps an asset lays it open or lets it go.",
  level: "mandatory",
  severity: "high",
  controls: ["ISO/IEC 27001:2022 A.5.30"],
  remediation:
    "Name a resource that exists, let the volume, environment or dependency agree, and set what the message asks for.",
  check: ({ problems }) =>
    problems.map(({ source, message, asset, cannotProve }) => ({
      assets: asset === undefined ? [] : [asset],
      source,
      message,
      ...(cannotProve ? { cannotProve } : {}),
    })),
};
