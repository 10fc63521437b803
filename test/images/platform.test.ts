import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jobScripts } from "../../systems/jobScripts";
import { PLATFORM_UID } from "../../systems/platform/names";

const dockerfile = readFileSync(join(__dirname, "../../images/platform/Dockerfile"), "utf8");
const scripts = Object.values(jobScripts("platform"));

describe("the image of the platform's jobs", () => {
  it.each(["pulumi", "kubectl", "aws", "skopeo", "age", "curl", "jq", "openssl", "tar", "gzip", "awk"])(
    "is refused at its build without %s, which the scripts call",
    (tool) => {
      expect(scripts.some((script) => new RegExp(`(^|[\\s($|"])${tool}\\s`, "m").test(script))).toBe(true);
      expect(dockerfile).toMatch(new RegExp(`for tool in [^;]*\\b${tool}\\b`));
    },
  );

  it("names no base image of its own, and runs as the user that the jobs run as", () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).toHaveLength(3);
    for (const base of bases) expect(base).toMatch(/^\$\{[A-Z_]+\}$/);
    expect(dockerfile).toContain(`ARG PLATFORM_UID=${PLATFORM_UID}`);
    expect(dockerfile.match(/^USER .*$/gm)?.at(-1)).toMatch(/^USER \$\{PLATFORM_UID\}$/);
  });
});
