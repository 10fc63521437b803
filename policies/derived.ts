import type { Asset, Plan } from "../recovery";

/** Whether an asset is made anew from another: what that keeps is all that it needs. */
export function isDerived({ protections }: Plan, { id }: Asset): boolean {
  return protections.some(({ asset, kind }) => asset === id && kind === "rebuild");
}
