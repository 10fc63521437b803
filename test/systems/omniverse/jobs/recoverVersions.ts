import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a version (no body: a delete marker) as the double of aws keeps it; returns its number. */
export function putVersion(
  objects: string,
  key: string,
  moment: string,
  body: string | undefined,
  more: Record<string, unknown>,
): string {
  const folder = join(objects, encodeURIComponent(key));
  mkdirSync(folder, { recursive: true });
  // The replica of a version keeps its number, as in S3.
  const VersionId = createHash("md5").update(`${key} ${moment} ${body}`).digest("hex");
  // Before all that the double of aws writes, which counts nanoseconds.
  const order = (Date.parse(moment) / 100 + readdirSync(folder).length).toString().padStart(20, "0");
  const known = {
    Key: key,
    VersionId,
    order,
    LastModified: moment.replace("Z", "+00:00"),
    Size: body?.length ?? 0,
  };
  writeFileSync(
    join(folder, `${VersionId}.json`),
    JSON.stringify({ ...known, ...(body === undefined ? { marker: true } : {}), ...more }),
  );
  if (body !== undefined) writeFileSync(join(folder, `${VersionId}.bin`), body);
  return VersionId;
}

/** What is in a bucket of the double now, by key. */
export function filesIn(objects: string): Record<string, string> {
  const now = (existsSync(objects) ? readdirSync(objects) : []).flatMap((key) => {
    const versions = readdirSync(join(objects, key))
      .filter((file) => file.endsWith(".json"))
      .map(
        (file) =>
          JSON.parse(readFileSync(join(objects, key, file), "utf8")) as {
            order: string;
            VersionId: string;
            marker?: boolean;
          },
      )
      .sort((a, b) => (a.order < b.order ? 1 : -1));
    const [newest] = versions;
    return !newest || newest.marker
      ? []
      : [[decodeURIComponent(key), readFileSync(join(objects, key, `${newest.VersionId}.bin`), "utf8")] as const];
  });
  return Object.fromEntries(now);
}
