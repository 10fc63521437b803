import { createServer } from "node:net";

/** Below what Linux gives to outgoing connections (32768 to 60999), which may take a port between asking and listening. */
const [FIRST, LAST] = [12_000, 32_000] as const;

let next = FIRST + Math.floor(Math.random() * (LAST - FIRST));

/** Ports of the loopback that nobody listens at; this process is never given one twice. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count && tries < LAST - FIRST; tries++) {
    const port = next;
    next = next === LAST ? FIRST : next + 1;
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length < count) throw new Error(`127.0.0.1 has no free port from ${FIRST} to ${LAST}`);
  return ports;
}

/** One of `freePorts`. */
export const freePort = async (): Promise<number> => (await freePorts(1))[0] ?? 0;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().on("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
