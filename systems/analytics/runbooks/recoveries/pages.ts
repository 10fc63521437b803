import type { Page } from "../../../runbooks/page";
import { drillsPage } from "./drillsPage";
import { failBackPage } from "./failBackPage";
import { pathPages } from "./pathPages";

/** Pages on every way back, on the way back to the first region, and on what rehearses them; `call` is whom to call. */
export function recoveryPages(call: string): { ways: Page[]; others: Page[] } {
  return { ways: pathPages(), others: [failBackPage(call), drillsPage(call)] };
}
