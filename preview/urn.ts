/** The URN the engine gives a resource: the types of all its parents but the stack, its own type, its name. */
export function urnOf(stack: string, project: string, parent: string, type: string, name: string): string {
  const parentType = parent.split("::")[2] ?? "";
  const qualified = parentType === "" || parentType === stackType ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** The type of the root resource. */
export const stackType = "pulumi:pulumi:Stack";

/** Where the types of provider resources start. */
export const providerTypes = "pulumi:providers:";
