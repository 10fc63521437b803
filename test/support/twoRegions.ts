import { spawn } from "node:child_process";
import * as http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../tools/freePorts";
import { ensureS3 } from "../../tools/s3";

/** A request that was signed for a region: `kms:Decrypt`, or the method and path of one to S3. */
export interface Asked {
  region: string;
  action: string;
}

/** S3 and KMS of AWS in several regions, of which any can be lost. */
export interface TwoRegions {
  url: string;
  asked: Asked[];
  /** Regions that answer nothing any more. */
  lost: Set<string>;
  /** Asks as nobody whom the wire sees, and not through it. */
  made(service: "s3" | "kms", region: string, request: { operation: string; body: string }): Promise<string>;
  stop(): void;
}

/**
 * moto 5.2.5 gives keys of several regions numbers of 40 characters, keeps 36 of them with what it encrypts, and can then
 * open nothing. Here it keeps all 40; the replica in the other region is moto's own.
 */
const program = (port: number) => `
from moto.kms import utils
utils.KEY_ID_LEN = 40
utils.HEADER_LEN = 40 + utils.IV_LEN + utils.TAG_LEN
utils.CIPHERTEXT_HEADER_FORMAT = f">40s{utils.IV_LEN}s{utils.TAG_LEN}s"
from moto.server import main
main(["-H", "127.0.0.1", "-p", "${port}"])
`;

/** Starts moto with a wire before it, both on loopback. */
export async function startTwoRegions(): Promise<TwoRegions> {
  const port = await freePort();
  const server = spawn(ensureS3(), ["-c", program(port)], { stdio: "ignore" });
  const behind = `http://127.0.0.1:${port}`;
  const asked: Asked[] = [];
  const lost = new Set<string>();
  const wire = http.createServer((request, response) => {
    const region = request.headers.authorization?.split("/")[2] ?? "";
    const operation = request.headers["x-amz-target"];
    const action = String(operation ?? `${request.method} ${request.url}`).replace(/^TrentService\./, "kms:");
    asked.push({ region, action });
    if (lost.has(region)) {
      response.destroy();
      return;
    }
    const { method, url, headers } = request;
    const onward = http.request(`${behind}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => wire.listen(0, "127.0.0.1", resolve));
  const address = wire.address();
  const stop = () => {
    wire.closeAllConnections();
    wire.close();
    server.kill("SIGKILL");
  };
  for (const end = Date.now() + 60_000; !(await fetch(behind).catch(() => undefined))?.ok; await sleep(200)) {
    if (Date.now() < end && server.exitCode === null) continue;
    stop();
    throw new Error("the server moto, which stands in for AWS, does not start");
  }
  const made: TwoRegions["made"] = async (service, region, { operation, body }) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=test/20261121/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
    const target = { "x-amz-target": `TrentService.${operation}`, "content-type": "application/x-amz-json-1.1" };
    const [place, headers] = service === "s3" ? [operation, {}] : ["/", target];
    const response = await fetch(`${behind}${place}`, {
      method: service === "s3" ? "PUT" : "POST",
      headers: { authorization, ...headers },
      body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${operation}: ${response.status} ${text}`);
    return text;
  };
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    asked,
    lost,
    made,
    stop,
  };
}
