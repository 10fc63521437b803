import { Register } from "../../../components/register/register";
import type { AssumptionArgs, SiteArgs } from "../../../recovery/plan";
import { BYTES_PER_SECOND, RESPONSE } from "./guide";
import { type Role, SITES, SUBSCRIPTION } from "./places";
import type { Mend } from "./variant";

const assumed = { owner: "example as-written/analytics", expires: "2027-03-01" };
const all = ["analytics/*"];

/** Declares what the guide does not say and a judgement needs; numbers are in its favour, as small as can be. */
export function declareRegister(mended: ReadonlySet<Mend>): Register {
  return new Register("register", {
    sites: (["primary", "secondary"] as const).map(siteOf),
    assumptions: assumptions(mended),
    waivers: [],
    drills: [],
  });
}

function siteOf(name: Role): SiteArgs {
  const { context, region } = SITES[name];
  const zones = ["1", "2", "3"].map((zone) => `zone ${zone} of ${region}`);
  return {
    name,
    cloud: "azure",
    account: SUBSCRIPTION,
    region,
    zones,
    context,
    drill: `site-check-${name}`,
    ...assumed,
  };
}

function assumptions(mended: ReadonlySet<Mend>): AssumptionArgs[] {
  return [
    { ...instant("acknowledge", "the escalation matrix: 15 minutes for what is critical"), value: RESPONSE },
    instant("redirect", "clients reach the new place at once"),
    instant("decide", "nobody hesitates"),
    instant("detection", "damage is noticed as it strikes"),
    instant("managed-service", "what Azure runs goes on at once when a zone is lost"),
    instant("late-start", "Databricks starts a job when it is due"),
    instant("link-restore", "files alone take time"),
    { ...entry("restore-rate", "all of the 4.2 GB/s"), bytesPerSecond: BYTES_PER_SECOND },
    ...["restorable", "images", "keys", "dns", "capacity"].map((what) =>
      entry(`need:${what}`, `${what}: the guide does not say, so it is taken to be there`),
    ),
    ...(mended.has("promotion")
      ? [{ ...instant("managed-service", "a promotion takes no time"), id: "analytics-promotion", path: "promotion" }]
      : []),
  ];
}

function entry(term: string, reason: string): AssumptionArgs {
  return { id: `analytics-${term.replace(":", "-")}`, term, assets: all, reason, drill: "dr-test", ...assumed };
}

function instant(term: string, reason: string): AssumptionArgs {
  return { ...entry(term, `the guide gives no number, so this is in its favour: ${reason}`), value: "0s" };
}
