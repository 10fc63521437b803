import * as pulumi from "@pulumi/pulumi";

/** Reads which of `mends` a stack asks for; throws for what is not among them. */
export function mendedIn<Mend extends string>(
  config: pulumi.Config,
  mends: Readonly<Record<Mend, string>>,
): ReadonlySet<Mend> {
  const isMend = (name: string): name is Mend => Object.hasOwn(mends, name);
  const names = config.getObject<string[]>("mended") ?? [];
  const wrong = names.filter((name) => !isMend(name));
  if (wrong.length > 0) {
    throw new pulumi.RunError(
      `${config.name}:mended must be a list of ${Object.keys(mends).join(", ")}, got ${wrong.join(", ")}`,
    );
  }
  return new Set(names.filter(isMend));
}
