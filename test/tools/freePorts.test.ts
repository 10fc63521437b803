import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { freePort, freePorts } from "../../tools/freePorts";

describe("free ports", () => {
  it("differ, also from those of an earlier call that nobody listens at yet", async () => {
    const ports = [...(await freePorts(5)), ...(await freePorts(5)), await freePort()];
    expect(new Set(ports).size).toBe(11);
  });

  it("are none that outgoing connections are given", async () => {
    for (const port of await freePorts(20)) {
      expect(port).toBeGreaterThan(1_024);
      expect(port).toBeLessThan(32_768);
    }
  });

  it("leave out one that somebody listens at", async () => {
    const taken = (await freePort()) + 1;
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(taken, "127.0.0.1", resolve));
    expect(await freePorts(3)).not.toContain(taken);
    server.close();
  });
});
