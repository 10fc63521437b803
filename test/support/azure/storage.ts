import { createHash } from "node:crypto";
import { type Answer, type Asked, refused } from "./wire";

/** One version of a blob. */
export interface BlobVersion {
  version: string;
  body: Buffer;
  written: Date;
  /** Nobody deletes or replaces it before. */
  until?: Date;
  deleted?: boolean;
}

/** An account of blobs: its versions, newest last, by `container/name`. */
export class Account {
  readonly blobs = new Map<string, BlobVersion[]>();
  private made = 0;

  /** Without `lockDays` it keeps no versions: a blob that is written again is replaced. */
  constructor(readonly lockDays?: number) {}

  /** Writes a blob, at a moment. */
  write(name: string, body: string | Buffer, written = new Date()): BlobVersion {
    const lock = this.lockDays;
    const until = lock === undefined ? {} : { until: new Date(written.getTime() + lock * 86_400_000) };
    this.made += 1;
    const version = `${written.toISOString().slice(0, -1)}${String(this.made).padStart(4, "0")}Z`;
    const one = { version, body: Buffer.from(body), written, ...until };
    this.blobs.set(name, [...(lock === undefined ? [] : (this.blobs.get(name) ?? [])), one]);
    return one;
  }

  /** Text of the newest version. @throws Error when there is none. */
  read(name: string): string {
    const found = this.blobs.get(name)?.at(-1);
    if (!found || found.deleted) throw new Error(`no blob ${name}; there are ${[...this.blobs.keys()].join(", ")}`);
    return found.body.toString("utf8");
  }

  /** Names below a prefix. */
  names(prefix = ""): string[] {
    return [...this.blobs]
      .filter(([name, all]) => name.startsWith(prefix) && !all.at(-1)?.deleted)
      .map(([name]) => name)
      .sort();
  }

  answer(asked: Asked): Answer {
    const name = asked.path.slice(1).split("/").map(decodeURIComponent).join("/");
    const { method, query } = asked;
    if (asked.headers["x-ms-version"] === undefined) return refused(400, "MissingRequiredHeader");
    if (method === "GET" && query.get("comp") === "list") return this.list(name, query);
    if (method === "PUT" && query.get("comp") === "undelete") return this.undelete(name);
    if (method === "PUT") return this.put(name, asked);
    const all = this.blobs.get(name) ?? [];
    const wanted = query.get("versionid");
    const found = wanted === null ? all.at(-1) : all.find(({ version }) => version === wanted);
    if (!found || found.deleted) return refused(404, "BlobNotFound");
    if (method === "DELETE") {
      if (found.until && found.until > new Date() && wanted !== null) return refused(409, "BlobImmutableDueToPolicy");
      found.deleted = true;
      return { status: 202 };
    }
    return { status: 200, headers: this.headersOf(found), body: found.body };
  }

  private put(name: string, { body, headers }: Asked): Answer {
    if (headers["x-ms-blob-type"] !== "BlockBlob") return refused(400, "MissingRequiredHeader");
    const sum = headers["content-md5"];
    if (sum !== undefined && sum !== md5(body)) return refused(400, "Md5Mismatch");
    const one = this.write(name, body);
    return { status: 201, headers: this.lockDays === undefined ? {} : { "x-ms-version-id": one.version } };
  }

  private undelete(name: string): Answer {
    const all = this.blobs.get(name);
    if (!all) return refused(404, "BlobNotFound");
    for (const one of all) one.deleted = false;
    return { status: 200 };
  }

  private headersOf({ body, version, until, written }: BlobVersion): Record<string, string> {
    return {
      "content-md5": md5(body),
      "last-modified": written.toUTCString(),
      ...(this.lockDays === undefined ? {} : { "x-ms-version-id": version }),
      ...(until === undefined
        ? {}
        : { "x-ms-immutability-policy-mode": "Locked", "x-ms-immutability-policy-until-date": until.toUTCString() }),
    };
  }

  private list(container: string, query: URLSearchParams): Answer {
    const prefix = `${container}/${query.get("prefix") ?? ""}`;
    const include = query.get("include") ?? "";
    const entries = [...this.blobs]
      .filter(([name]) => name.startsWith(prefix))
      .flatMap(([name, all]) => {
        const shown = include.includes("versions") ? all : all.slice(-1);
        return shown.filter((one) => include.includes("deleted") || !one.deleted).map((one) => ({ name, one }));
      });
    const from = Number(query.get("marker") ?? 0);
    const xml = entries
      .slice(from, from + 50)
      .map(
        ({ name, one }) =>
          `<Blob><Name>${name.slice(container.length + 1)}</Name>${one.deleted ? "<Deleted>true</Deleted>" : ""}` +
          `${this.lockDays === undefined ? "" : `<VersionId>${one.version}</VersionId>`}<Properties>` +
          `<Last-Modified>${one.written.toUTCString()}</Last-Modified><Content-Length>${one.body.length}</Content-Length>` +
          `</Properties></Blob>`,
      );
    const next = from + 50 < entries.length ? `<NextMarker>${from + 50}</NextMarker>` : "<NextMarker />";
    return {
      status: 200,
      headers: { "content-type": "application/xml" },
      body: `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="${container}"><Blobs>${xml.join("")}</Blobs>${next}</EnumerationResults>`,
    };
  }
}

function md5(body: Buffer): string {
  return createHash("md5").update(body).digest("base64");
}
