import { type Answer, type Asked, json, ok, refused } from "./wire";

/** One version of a secret. */
interface SecretVersion {
  value: string;
  /** Unix time in seconds. */
  created: number;
}

/** Secrets by name, and when each was last written, in Unix seconds: no two in the same. */
class Secrets extends Map<string, string> {
  private readonly written = new Map<string, number>();
  private last = Math.floor(Date.now() / 1000);

  override set(name: string, value: string): this {
    this.last += 1;
    this.written.set(name, this.last);
    return super.set(name, value);
  }

  attributes(name: string): object {
    return { enabled: true, updated: this.written.get(name) };
  }
}

/** A vault of keys: secrets by name, their earlier versions, and those that were deleted and can be brought back. */
export class KeyVault {
  readonly secrets = new Secrets();
  /** Earlier versions, oldest first; the newest is what `secrets` holds. */
  readonly versions = new Map<string, SecretVersion[]>();
  readonly deleted = new Secrets();

  constructor(private readonly url: () => string) {}

  answer(asked: Asked): Answer {
    const { method, query } = asked;
    if (query.get("api-version") === null) return refused(400, "BadParameter");
    const [, area = "", name = "", action] = asked.path.split("/");
    const store = area === "deletedsecrets" ? this.deleted : this.secrets;
    if (method === "GET" && name === "")
      return ok({ value: [...store.keys()].map((one) => ({ id: this.id(one), attributes: store.attributes(one) })) });
    if (area === "secrets" && action === "versions") return ok({ value: this.versionsOf(name) });
    const [, old] = /^v(\d+)$/.exec(action ?? "") ?? [];
    if (old !== undefined) return ok({ value: this.versions.get(name)?.[Number(old)]?.value });
    if (area === "secrets" && action === "backup") return ok({ value: `backup of ${name}` });
    if (area === "deletedsecrets" && action === "recover") return this.recover(name);
    if (method === "PUT") this.secrets.set(name, json(asked).value);
    const value = store.get(name);
    if (value === undefined) return refused(404, "SecretNotFound");
    if (method !== "DELETE") return ok({ id: this.id(name), value });
    this.deleted.set(name, value);
    this.secrets.delete(name);
    return ok({ id: this.id(name) });
  }

  private versionsOf(name: string): object[] {
    return (this.versions.get(name) ?? []).map(({ created }, place) => ({
      id: `${this.id(name)}/v${place}`,
      attributes: { created },
    }));
  }

  private recover(name: string): Answer {
    const value = this.deleted.get(name);
    if (value === undefined) return refused(404, "SecretNotFound");
    this.deleted.delete(name);
    this.secrets.set(name, value);
    return ok({ id: this.id(name) });
  }

  private id(name: string): string {
    return `${this.url()}/secrets/${name}`;
  }
}
