import * as fs from "node:fs";
import { describe, expect, it } from "vitest";
import { ensureNginx } from "../../tools/nginx";
import { machineForEach } from "./commands";

const here = machineForEach();

describe("nginx", () => {
  it("is taken from the PATH where it runs", () => {
    const own = here.put("nginx", "");
    expect(ensureNginx()).toBe(own);
  });

  it("is taken out of Debian's package, and what does not run is none", () => {
    here.put("nginx", "process.exit(1)");
    here.put("apt-get", `if (args[0] === "download") fs.writeFileSync("nginx.deb", "");`);
    const unpacks = (does: string) =>
      here.put(
        "dpkg-deb",
        `fs.mkdirSync("usr/sbin", { recursive: true });
         fs.writeFileSync("usr/sbin/nginx", ${JSON.stringify(`#!${process.execPath}\n${does}`)}, { mode: 0o755 });`,
      );
    unpacks("console.error('bad machine'); process.exit(1);");
    expect(() => ensureNginx()).toThrow("nginx is missing, Debian's does not run here: bad machine");
    unpacks("process.exit(process.argv[2] === '-v' ? 0 : 1);");
    expect(fs.readFileSync(ensureNginx(), "utf8")).toContain("-v");
    expect(here.calls().filter((call) => call.includes("install"))).toEqual([]);
  });
});
