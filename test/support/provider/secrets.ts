import { isValues, reveal, secret, unknown, type Value, type Values } from "./values";

/** Whether anything in the value is not known yet. */
export function hasUnknown(value: Value | undefined): boolean {
  const plain = reveal(value);
  if (Array.isArray(plain)) return plain.some(hasUnknown);
  return isValues(plain) ? Object.values(plain).some(hasUnknown) : plain === unknown;
}

/**
 * Marks as secret in a Kubernetes object what is secret in the inputs, as the Kubernetes provider does: objects member
 * by member, a list as a whole, and all the data of a Secret.
 */
export function keepSecret(object: Values, inputs: Values): Values {
  const ofSecret = object.kind === "Secret";
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      if (ofSecret && (name === "data" || name === "stringData")) return [name, secret(value)];
      const input = inputs[name];
      if (isValues(value) && isValues(input) && reveal(input) === input) return [name, keepSecret(value, input)];
      return [name, isSecret(input) ? secret(value) : value];
    }),
  );
}

function isSecret(value: Value | undefined): boolean {
  if (reveal(value) !== value) return true;
  if (Array.isArray(value)) return value.some(isSecret);
  return isValues(value) && Object.values(value).some(isSecret);
}
