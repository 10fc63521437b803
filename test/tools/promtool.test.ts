import * as fs from "node:fs";
import { describe, expect, it } from "vitest";
import { ensurePromtool } from "../../tools/promtool";
import { goThatBuilds, machineForEach } from "./commands";

const here = machineForEach();

describe("promtool", () => {
  it("is taken from the PATH where it runs", () => {
    const own = here.put("promtool", "");
    expect(ensurePromtool()).toBe(own);
    here.put("promtool", "process.exit(1)");
    expect(() => ensurePromtool()).toThrow(/^promtool is missing, /);
  });

  it("is built from source where Debian's does not run here", () => {
    here.put("apt-get", `if (args[0] === "download") fs.writeFileSync("prometheus.deb", "");`);
    const broken = `#!${process.execPath}\nconsole.error("bad machine"); process.exit(1);`;
    here.put(
      "dpkg-deb",
      `fs.mkdirSync("usr/bin", { recursive: true });
       fs.writeFileSync("usr/bin/promtool", ${JSON.stringify(broken)}, { mode: 0o755 });`,
    );
    expect(() => ensurePromtool()).toThrow(
      "promtool is missing, Debian's does not run here: bad machine, and building it needs Go 1.26 or newer on the PATH",
    );
    here.put("go", goThatBuilds("promtool, version 3"));
    expect(fs.readFileSync(ensurePromtool(), "utf8")).toContain("promtool, version 3");
    expect(here.calls().at(-1)).toMatch(/^go build .* github\.com\/prometheus\/prometheus\/cmd\/promtool$/);
  });
});
