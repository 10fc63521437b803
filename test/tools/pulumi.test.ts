import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { ensurePulumi, pulumiVersion } from "../../tools/pulumi";
import { machineForEach } from "./commands";

const here = machineForEach();

/** A command line of this version in a `PULUMI_HOME`. */
function inHome(home: string, version: string): string {
  const folder = path.join(home, "versions", pulumiVersion, "bin");
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "pulumi");
  fs.renameSync(here.put("pulumi", `say("v${version}")`), file);
  return file;
}

describe("the Pulumi command line", () => {
  it("is taken from the PATH where it has the version of the SDK", async () => {
    const own = here.put("pulumi", `say("v${pulumiVersion}")`);
    const { command, home, env } = await ensurePulumi();
    expect({ command, home }).toEqual({ command: own, home: here.env.PULUMI_HOME });
    expect(env.PATH?.split(path.delimiter)[0]).toBe(path.dirname(own));
  });

  it("is not the npm launcher, which npx puts first on the PATH and which would download", async () => {
    const own = here.put("pulumi", `say("v${pulumiVersion}")`);
    const npx = fs.mkdtempSync(path.join(here.env.HOME ?? "", "npx-"));
    fs.symlinkSync(require.resolve("pulumi/run.js"), path.join(npx, "pulumi"));
    vi.stubEnv("PATH", [npx, here.env.PATH].join(path.delimiter));
    expect((await ensurePulumi()).command).toBe(own);
  });

  it("is taken from the launcher's folder or the cache, and never of another version", async () => {
    const cache = path.join(here.env.XDG_CACHE_HOME ?? "", "holdfast", "pulumi");
    const kept = inHome(cache, pulumiVersion);
    inHome(here.env.PULUMI_HOME ?? "", "3.1.0");
    here.put("pulumi", `say("v3.2.0")`);
    expect(await ensurePulumi()).toMatchObject({ command: kept, home: cache, env: { PULUMI_HOME: cache } });
    const own = inHome(here.env.PULUMI_HOME ?? "", pulumiVersion);
    expect((await ensurePulumi()).command).toBe(own);
  });
});
