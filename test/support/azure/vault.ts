import { type Answer, type Asked, json, ok, refused } from "./wire";

/** One version of a secret. */
interface SecretVersion {
  value: string;
  /** Unix time in seconds. */
  created: number;
}

/** Secrets by name: the newest value of each, and all versions, oldest first. */
class Secrets extends Map<string, string> {
  private readonly all = new Map<string, SecretVersion[]>();
  // Long enough ago: no two in the same second, and none after a test began.
  private last = Math.floor(Date.now() / 1000) - 7_200;

  /** Writes a version, at a moment in Unix seconds. @default some time before the test, later than the one before */
  override set(name: string, value: string, created = this.last + 1): this {
    this.last = Math.max(this.last, created);
    this.all.set(name, [...this.versionsOf(name), { value, created }]);
    return super.set(name, value);
  }

  versionsOf(name: string): readonly SecretVersion[] {
    return this.all?.get(name) ?? [];
  }

  override delete(name: string): boolean {
    this.all.delete(name);
    return super.delete(name);
  }

  /** Takes a secret with all of its versions from another store. */
  take(name: string, from: Secrets): boolean {
    const versions = from.versionsOf(name);
    if (!from.delete(name)) return false;
    for (const { value, created } of versions) this.set(name, value, created);
    return true;
  }

  attributes(name: string): object {
    return { enabled: true, updated: this.versionsOf(name).at(-1)?.created };
  }
}

/** Entries that a page of a list has at most. */
const PAGE = 25;

/** A vault of keys: secrets by name with all of their versions, and those that were deleted and can be brought back. */
export class KeyVault {
  readonly secrets = new Secrets();
  readonly deleted = new Secrets();

  constructor(private readonly url: () => string) {}

  answer(asked: Asked): Answer {
    const { method, query, path } = asked;
    if (query.getAll("api-version").length !== 1) return refused(400, "BadParameter");
    const [, area = "", name = "", action] = path.split("/");
    const store = area === "deletedsecrets" ? this.deleted : this.secrets;
    if (method === "GET" && name === "")
      return this.page(
        asked,
        [...store.keys()].map((one) => ({ id: this.id(one), attributes: store.attributes(one) })),
      );
    if (area === "secrets" && action === "versions") {
      const all = store.versionsOf(name).map(({ created }, place) => ({ id: this.id(name, place), created }));
      return this.page(
        asked,
        all.map(({ id, created }) => ({ id, attributes: { created } })),
      );
    }
    if (area === "deletedsecrets" && action === "recover")
      return this.secrets.take(name, this.deleted) ? ok({ id: this.id(name) }) : refused(404, "SecretNotFound");
    if (method === "PUT") this.secrets.set(name, json(asked).value, Date.now() / 1000);
    if (method === "DELETE")
      return this.deleted.take(name, this.secrets) ? ok({ id: this.id(name) }) : refused(404, "SecretNotFound");
    const place = action === undefined ? store.versionsOf(name).length - 1 : Number(action.slice(1));
    const found = store.versionsOf(name)[place];
    return found ? ok({ id: this.id(name, place), value: found.value }) : refused(404, "SecretNotFound");
  }

  private page({ path, query }: Asked, all: readonly object[]): Answer {
    const from = Number(query.get("$skiptoken") ?? 0);
    const most = Math.min(PAGE, Number(query.get("maxresults") ?? PAGE));
    const next = from + most < all.length ? `${this.url()}${path}?api-version=7.4&$skiptoken=${from + most}` : null;
    return ok({ value: all.slice(from, from + most), nextLink: next });
  }

  private id(name: string, place?: number): string {
    return `${this.url()}/secrets/${name}${place === undefined ? "" : `/v${place}`}`;
  }
}
