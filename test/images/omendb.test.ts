import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jobScripts } from "../../systems/jobScripts";

const root = join(__dirname, "../..");
const dockerfile = readFileSync(join(root, "images/omendb/Dockerfile"), "utf8");
const scripts = Object.values(jobScripts("omendb"));

describe("the image of OmenDB and its jobs", () => {
  it.each(["omendb", "backup_tool", "aws", "kubectl", "curl", "jq", "openssl", "flock", "setsid"])(
    "is refused at its build without %s, which the scripts call",
    (tool) => {
      expect(scripts.some((script) => new RegExp(`(^|[\\s($|"])${tool}\\s`, "m").test(script))).toBe(true);
      expect(dockerfile).toMatch(new RegExp(`for tool in [^;]*\\b${tool}\\b`));
    },
  );

  it("names no base image of its own, and runs as a user that is not root", () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).toHaveLength(2);
    for (const base of bases) expect(base).toMatch(/^\$\{[A-Z_]+\}$/);
    expect(dockerfile.match(/^USER .*$/gm)?.at(-1)).toMatch(/^USER \$\{OMENDB_UID\}$/);
  });
});
