import type { IncomingHttpHeaders } from "node:http";

/** What a job asked. */
export interface Asked {
  method: string;
  /** Below the service's own address, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Who asks, once the directory has said so. */
  client?: string;
}

/** What it is answered. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** JSON, unless it is text or bytes. */
  body?: unknown;
}

/** A service: answers, or says nothing where it knows no such call. */
export type Service = (asked: Asked) => Answer | undefined;

/** The parsed JSON of what was asked, `{}` where there is no body. */
// biome-ignore lint/suspicious/noExplicitAny: JSON as the scripts wrote it
export function json({ body }: Asked): any {
  return body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
}

/** A good answer. */
export function ok(body: unknown = {}, status = 200): Answer {
  return { status, body };
}

/** A refusal, as Azure words one. */
export function refused(status: number, code: string): Answer {
  return { status, body: { error: { code, message: code }, error_code: code } };
}
