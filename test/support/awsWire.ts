import * as http from "node:http";
import type { Request } from "../bootstrap/iam";

/** A request that passed by. */
export interface Passed extends Request {
  /** Who asked, as the last visit of `/as/NAME` said. */
  by: string;
  /** Whether an upload carried a checksum, which a bucket with a lock demands. */
  checksum: boolean;
  /** Whether S3 itself copies it from another key. */
  copied: boolean;
  /** Region that the request was signed for. */
  region: string;
  status: number;
}

/**
 * A wire to a server that stands in for AWS; it notes what is asked, in the words of IAM. Keys are those of one region
 * for every other, too: a SIMULATED multi-region key, since moto 5.2.5 cuts the numbers of its own and then cannot open
 * what it encrypted with them.
 */
export interface AwsWire {
  url: string;
  passed: Passed[];
  stop(): void;
}

/** Lays a wire on loopback. `GET /as/NAME` says who asks from then on. */
export async function startAwsWire(server: string): Promise<AwsWire> {
  const passed: Passed[] = [];
  let by = "";
  const wire = http.createServer((request, response) => {
    const { method = "GET", url = "/", headers } = request;
    const name = /^\/as\/(\w+)$/.exec(url)?.[1];
    if (name !== undefined) {
      by = name;
      response.end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const authorization = headers.authorization?.replace(/\/[\w-]+\/kms\//, "/eu-central-1/kms/") ?? "";
      // S3 demands a checksum of what is uploaded under a lock, moto also of what is copied inside S3, which has none:
      // https://github.com/boto/s3transfer/pull/224
      const copies = headers["x-amz-copy-source"] === undefined ? {} : { "x-amz-sdk-checksum-algorithm": "CRC32" };
      const options = { method, headers: { ...headers, ...copies, authorization } };
      const onward = http.request(`${server}${url}`, options, (answer) => {
        const status = answer.statusCode ?? 500;
        const checksum = Object.keys(headers).some((one) => /^(content-md5|x-amz-checksum-|x-amz-trailer)/.test(one));
        const region = headers.authorization?.split("/")[2] ?? "";
        const copied = headers["x-amz-copy-source"] !== undefined;
        for (const asked of askedIn(method, url, headers))
          passed.push({ ...asked, by, checksum, copied, region, status });
        response.writeHead(status, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      onward.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => wire.listen(0, "127.0.0.1", resolve));
  const address = wire.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const stop = () => {
    wire.closeAllConnections();
    wire.close();
  };
  return { url: `http://127.0.0.1:${port}`, passed, stop };
}

function askedIn(method: string, target: string, headers: http.IncomingHttpHeaders): Request[] {
  const operation = headers["x-amz-target"];
  if (typeof operation === "string") {
    return [{ action: operation.replace(/^TrentService\./, "kms:"), resource: "key" }];
  }
  const { pathname, searchParams } = new URL(target, "http://wire");
  const [, bucket = "", ...rest] = decodeURIComponent(pathname).split("/");
  const key = rest.join("/");
  const arn = `arn:aws:s3:::${bucket}`;
  if (key === "") return [{ action: method === "GET" ? "s3:ListBucket" : `${method} of a bucket`, resource: arn }];
  const resource = `${arn}/${key}`;
  const source = headers["x-amz-copy-source"];
  const from =
    typeof source === "string"
      ? [{ action: "s3:GetObject", resource: `arn:aws:s3:::${decodeURIComponent(source)}` }]
      : [];
  return [{ action: actionOn(method, searchParams), resource }, ...from];
}

function actionOn(method: string, query: URLSearchParams): string {
  switch (method) {
    case "GET":
    case "HEAD":
      return query.size > 0 && !query.has("x-id") ? `s3:GetObject with ${[...query.keys()].join(" ")}` : "s3:GetObject";
    case "PUT":
    case "POST":
      return "s3:PutObject";
    case "DELETE":
      return query.has("uploadId") ? "s3:AbortMultipartUpload" : "s3:DeleteObject";
    default:
      return `${method} of an object`;
  }
}
