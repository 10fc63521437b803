import { isUnknown } from "../../../recovery/bound";
import type { Facts, Read } from "../read";

/** What a container finds in one variable of its environment: nothing where the program certainly says nothing. */
export function variableOf(container: Facts, name: string): Read<string> {
  const list = container.items("env");
  if (isUnknown(list)) return list;
  let found: Read<string>;
  for (const variable of list ?? []) {
    const own = variable.text("name");
    if (isUnknown(own)) return own;
    // Of two variables of one name the later counts.
    if (own === name) found = literal(variable, name);
  }
  if (found !== undefined || container.isSilent("envFrom")) return found;
  return { unknown: `${container.source().name} may take ${name} out of ${container.property}.envFrom` };
}

/** Whether a value of the environment is a name, or the command line has it as a word; unknown where one is not known. */
export function says(container: Facts, wanted: string): Read<boolean> {
  const variables = container.items("env");
  if (isUnknown(variables)) return variables;
  const values = [
    ...(variables ?? []).map((variable) => (variable.isSilent("valueFrom") ? variable.text("value") : undefined)),
    ...(["command", "args"] as const).flatMap((list): Read<string>[] => {
      const texts = container.texts(list);
      return texts === undefined ? [] : isUnknown(texts) ? [texts] : texts.flatMap((text) => text.split(/[^\w.-]+/));
    }),
  ];
  return values.includes(wanted) ? true : (values.find(isUnknown) ?? false);
}

function literal(variable: Facts, name: string): Read<string> {
  const title = variable.source().name;
  if (!variable.isSilent("valueFrom")) return { unknown: `${title} takes ${name} from elsewhere when its pod starts` };
  const value = variable.text("value");
  if (typeof value === "string" && value.includes("$("))
    return { unknown: `${title} puts ${name} together when its pod starts` };
  return value ?? "";
}
