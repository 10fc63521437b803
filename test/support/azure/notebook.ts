import type { Warehouse } from "./delta";

type Value = string | number | null;
type Scope = Map<string, Value | Record<string, Value>>;

const SPACE = /^(?:\s+|--[^\n]*(?:\n|$))+/;
const TOKEN = /^(?:'(?:[^']|'')*'|:?[A-Za-z_][\w.]*(?:\(\))?|\|\||<>|\d+|\S)/;

/**
 * Runs a notebook of SQL scripting in a simulated warehouse, as far as those of the clones and of replays need: DECLARE, SET,
 * CAST to a whole number, EXECUTE IMMEDIATE, FOR, IF, nested blocks and an EXIT HANDLER.
 * @throws Error as the run would end; SyntaxError where the notebook uses more than that.
 */
export function runNotebook(text: string, warehouse: Warehouse, parameters: Readonly<Record<string, string>>): void {
  const [, body = ""] = text.split("-- COMMAND ----------");
  new Script(body, warehouse, parameters).run();
}

class Script {
  private readonly tokens: string[] = [];
  private at = 0;

  constructor(
    body: string,
    private readonly warehouse: Warehouse,
    private readonly parameters: Readonly<Record<string, string>>,
  ) {
    let rest = body.replace(SPACE, "");
    while (rest !== "") {
      const token = TOKEN.exec(rest)?.[0] ?? "";
      this.tokens.push(token);
      rest = rest.slice(token.length).replace(SPACE, "");
    }
  }

  run(): void {
    this.block(new Map());
  }

  /** BEGIN … END; what is declared in it is its own. */
  private block(outer: Scope): void {
    const scope = new Map(outer);
    const own = new Set<string>();
    const from = this.at;
    let handler: number | undefined;
    this.take("BEGIN");
    try {
      while (!this.is("END")) {
        if (!this.is("DECLARE")) this.statement(scope);
        else if (this.is("EXIT", 1)) {
          for (const word of ["DECLARE", "EXIT", "HANDLER", "FOR", "SQLEXCEPTION"]) this.take(word);
          handler = this.at;
          this.skipStatement();
        } else {
          this.take("DECLARE");
          const name = this.take();
          this.take();
          own.add(name);
          if (this.is("DEFAULT")) this.take();
          scope.set(name, this.is(";") ? null : this.expression(scope));
          this.take(";");
        }
      }
    } catch (error) {
      if (handler === undefined || error instanceof SyntaxError) throw error;
      this.at = handler;
      this.statement(scope);
      this.at = from;
      this.skipBlock();
    }
    this.take("END");
    for (const name of outer.keys()) if (!own.has(name)) outer.set(name, scope.get(name) ?? null);
  }

  private statement(scope: Scope): void {
    const word = this.tokens[this.at]?.toUpperCase();
    if (word === "BEGIN") {
      this.block(scope);
      this.take(";");
    } else if (word === "SET") {
      this.take();
      const name = this.take();
      if (!scope.has(name)) throw new SyntaxError(`${name} is not declared`);
      this.take("=");
      scope.set(name, this.expression(scope));
      this.take(";");
    } else if (word === "EXECUTE") this.execute(scope);
    else if (word === "IF") {
      this.take();
      const holds = this.condition(scope);
      this.take("THEN");
      while (!this.is("END")) holds ? this.statement(scope) : this.skipStatement();
      for (const end of ["END", "IF", ";"]) this.take(end);
    } else if (word === "FOR") this.each(scope);
    else throw new SyntaxError(`no statement begins with ${word}`);
  }

  private execute(scope: Scope): void {
    for (const word of ["EXECUTE", "IMMEDIATE"]) this.take(word);
    const text = String(scope.get(this.take()));
    const values: Record<string, string> = {};
    if (this.is("USING"))
      do {
        this.take();
        values[Object.keys(values).length] = String(scope.get(this.take()));
      } while (this.is(","));
    this.take(";");
    this.warehouse.run(text, values);
  }

  private each(scope: Scope): void {
    this.take("FOR");
    const name = this.take();
    this.take("AS");
    const query: string[] = [];
    while (!this.is("DO")) {
      if (this.tokens[this.at]?.startsWith(":")) query.push(`'${this.term(scope)}'`);
      else if (!this.is("IDENTIFIER")) query.push(this.take());
      else {
        for (const word of ["IDENTIFIER", "("]) this.take(word);
        query.push(String(this.expression(scope)));
        this.take(")");
      }
    }
    this.take("DO");
    const body = this.at;
    for (const row of this.warehouse.run(query.join(" "), {})) {
      this.at = body;
      scope.set(name, row);
      while (!this.is("END")) this.statement(scope);
    }
    this.at = body;
    while (!this.is("END")) this.skipStatement();
    for (const end of ["END", "FOR", ";"]) this.take(end);
    scope.delete(name);
  }

  private condition(scope: Scope): boolean {
    const left = this.expression(scope);
    this.take("<>");
    return left !== this.expression(scope);
  }

  private expression(scope: Scope): Value {
    let value = this.term(scope);
    while (this.is("||")) {
      this.take();
      const next = this.term(scope);
      value = value === null || next === null ? null : `${value}${next}`;
    }
    return value;
  }

  private term(scope: Scope): Value {
    const token = this.take();
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token.startsWith(":")) return this.parameters[token.slice(1)] ?? null;
    if (token === "CAST") return this.whole(scope);
    if (token === "current_timestamp()") return new Date().toISOString();
    const [name = "", field] = token.split(".");
    const value = scope.get(name);
    if (value === undefined) throw new SyntaxError(`${token} is not declared`);
    return field === undefined ? (value as Value) : ((value as Record<string, Value>)[field] ?? null);
  }

  /** What is between the parentheses of CAST. @throws Error where that is no whole number, as ANSI has it. */
  private whole(scope: Scope): number {
    this.take("(");
    const value = this.expression(scope);
    for (const word of ["AS", "BIGINT", ")"]) this.take(word);
    if (!/^-?\d+$/.test(String(value))) throw new Error("CAST_INVALID_INPUT");
    return Number(value);
  }

  private skipStatement(): void {
    if (this.is("BEGIN")) {
      this.skipBlock();
      this.take("END");
    } else while (!this.is(";")) this.take();
    this.take(";");
  }

  /** To the END of the block that begins here. */
  private skipBlock(): void {
    this.take("BEGIN");
    while (!this.is("END")) this.skipStatement();
  }

  private is(word: string, ahead = 0): boolean {
    return this.tokens[this.at + ahead]?.toUpperCase() === word;
  }

  private take(word?: string): string {
    const token = this.tokens[this.at++] ?? "the end";
    if (word !== undefined && token.toUpperCase() !== word) throw new SyntaxError(`expected ${word}, got ${token}`);
    return token;
  }
}
