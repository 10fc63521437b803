/** Marks an encrypted value in an exported stack. */
const signature = "4dabf18193072939515e22adb298388d";

interface Exported {
  deployment: { resources: { type: string; outputs?: { [name: string]: unknown } }[] };
}

/**
 * Every text that must be in no state, log or evidence, from a stack exported with `--show-secrets`: generated
 * passwords, their hashes, and each line of a secret made of them, as it is and as a Secret encodes it.
 */
export function plaintexts(exported: string): string[] {
  const { resources } = (JSON.parse(exported) as Exported).deployment;
  const generated = resources
    .filter(({ type }) => type.endsWith(":RandomPassword"))
    .flatMap(({ outputs = {} }) => [outputs.result, outputs.bcryptHash].flatMap(secretTexts));
  const made = resources
    .flatMap(secretTexts)
    .filter((text) => generated.some((one) => decoded(text).includes(one)))
    .flatMap((text) => [text, ...text.split("\n")]);
  const encoded = [...generated, ...made].map((text) => Buffer.from(text).toString("base64"));
  return [...new Set([...generated, ...made, ...encoded])].filter((text) => text.length >= 8 && !text.includes("\n"));
}

/** The texts under every secret mark. */
function secretTexts(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { [signature]: marked, plaintext } = value as { [name: string]: unknown };
  if (marked !== undefined && typeof plaintext === "string") return texts(JSON.parse(plaintext));
  return Object.values(value).flatMap(secretTexts);
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

function decoded(text: string): string {
  return `${text}\n${Buffer.from(text, "base64").toString("utf8")}`;
}
