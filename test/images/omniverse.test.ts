import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jobScripts } from "../../systems/jobScripts";
import { OMNIVERSE_UID } from "../../systems/omniverse/names";

const dockerfile = readFileSync(join(__dirname, "../../images/omniverse/Dockerfile"), "utf8");
const scripts = Object.values(jobScripts("omniverse"));

describe("the image of Omniverse's jobs", () => {
  it.each([
    ...["aws", "restic", "rclone", "psql", "pg_dump", "pg_restore", "initdb", "pg_ctl", "pg_amcheck", "curl", "jq"],
    ...["openssl", "tar", "gzip", "flock", "setsid", "shuf", "awk"],
    ...["nucleus-admin", "nmap", "apt-get", "find", "xargs", "zcat", "timeout"],
  ])("is refused at its build without %s, which the scripts call", (tool) => {
    expect(scripts.some((script) => new RegExp(`(^|[\\s($|"])${tool}\\s`, "m").test(script))).toBe(true);
    expect(dockerfile.replaceAll("\\\n", "")).toMatch(new RegExp(`for tool in [^;]*\\b${tool}\\b`));
  });

  it("has the versions that the scripts were run with", () => {
    for (const version of ["postgresql-15=15.*", "restic=0.14.*", "rclone=1.60.*", "nmap=7.93*"]) {
      expect(dockerfile).toContain(`'${version}'`);
    }
  });

  it("names no base image of its own, and runs as the user that the jobs run as", () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).toHaveLength(3);
    for (const base of bases) expect(base).toMatch(/^\$\{[A-Z_]+\}$/);
    expect(dockerfile).toContain(`ARG OMNIVERSE_UID=${OMNIVERSE_UID}`);
    expect(dockerfile.match(/^USER .*$/gm)?.at(-1)).toMatch(/^USER \$\{OMNIVERSE_UID\}$/);
  });
});
