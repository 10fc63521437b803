import { createRequire } from "node:module";

/** Columns of tables by name, each with its type as Kusto writes it. */
type Tables = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The few parts of Microsoft's parser that are used here; its own declarations take the compiler half a minute. */
interface Language {
  Symbols: {
    TableSymbol: { From(columns: string): { WithName(name: string): object } };
    DatabaseSymbol: { $ctor1: new (name: string, members: object[]) => object };
  };
  GlobalState: { Default: { WithDatabase(database: object): object } };
  KustoCode: { ParseAndAnalyze(query: string, globals: object): Analyzed };
}

interface Analyzed {
  GetDiagnostics(): { Count: number; getItem(at: number): { Severity: string; Message: string } };
}

let loaded: Language | undefined;

/** Microsoft's parser of Kusto, which puts itself into the global scope. */
function language(): Language {
  if (loaded === undefined) {
    const require = createRequire(__filename);
    require("@kusto/language-service-next/bridge.min.js");
    require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
    loaded = (globalThis as unknown as { Kusto: { Language: Language } }).Kusto.Language;
  }
  return loaded;
}

const databases = new WeakMap<Tables, object>();

function databaseOf(tables: Tables): object {
  const known = databases.get(tables);
  if (known !== undefined) return known;
  const { Symbols, GlobalState } = language();
  const symbols = Object.entries(tables).map(([name, columns]) => {
    const text = Object.entries(columns).map(([column, type]) => `${column}: ${type}`);
    return Symbols.TableSymbol.From(`(${text.join(", ")})`).WithName(name);
  });
  const made = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1("logs", symbols));
  databases.set(tables, made);
  return made;
}

/** Whatever Microsoft's parser finds wrong with a query over these tables: words, names, types. */
export function kustoProblems(query: string, tables: Tables): string[] {
  const found = language().KustoCode.ParseAndAnalyze(query, databaseOf(tables)).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, at) => found.getItem(at)).map(
    ({ Severity, Message }) => `${Severity}: ${Message}`,
  );
}
