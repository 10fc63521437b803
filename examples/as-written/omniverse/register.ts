import { Register } from "../../../components/register/register";
import type { AssumptionArgs, SiteArgs } from "../../../recovery/plan";
import { ASSETS, DATABASE } from "./runbook";
import type { Mend } from "./variant";

/** The account that everything is in. */
export const ACCOUNT = "111111111111";

/** The runbook's two sites; it says of neither where it is. */
export const SITES = {
  primary: { context: "omniverse-primary", region: "eu-central-1" },
  secondary: { context: "omniverse-secondary", region: "eu-west-1" },
} as const;

const assumed = { owner: "example as-written/omniverse", expires: "2027-03-01" };

/** Declares what the runbook does not say and a judgement needs; numbers are in its favour, as small as can be. */
export function declareRegister(mended: ReadonlySet<Mend>, controllerTimeZone: string): Register {
  return new Register("register", {
    sites: (["primary", "secondary"] as const).map((name) => siteOf(name, controllerTimeZone)),
    assumptions: assumptions(mended),
    waivers: [],
    drills: [],
  });
}

function siteOf(name: keyof typeof SITES, controllerTimeZone: string): SiteArgs {
  const { context, region } = SITES[name];
  return {
    name,
    cloud: "aws",
    account: ACCOUNT,
    region,
    zones: ["a", "b", "c"].map((zone) => `${region}${zone}`),
    context,
    controllerTimeZone,
    drill: `site-check-${name}`,
    ...assumed,
  };
}

function assumptions(mended: ReadonlySet<Mend>): AssumptionArgs[] {
  return [
    instant("image-pull", "the host holds the images already"),
    instant("redirect", "clients reach the new place at once"),
    instant("acknowledge", "whoever is called answers at once"),
    instant("decide", "nobody hesitates to restore"),
    instant("detection", "damage is noticed as it strikes"),
    statement("restorable", [DATABASE], "what pg_dump writes can be restored"),
    ...(mended.has("restorable")
      ? [statement("restorable", [ASSETS], "what rsync copies while Nucleus writes can be restored")]
      : []),
    statement("images", [DATABASE, ASSETS], "the images can be pulled in the other region"),
    statement("keys", [DATABASE, ASSETS], "certificates and users are at hand there"),
    statement("dns", [DATABASE, ASSETS], "the DNS name can be changed while the region is lost"),
    statement("capacity", [DATABASE, ASSETS], "the other region has room for both"),
  ];
}

function statement(what: string, assets: string[], reason: string): AssumptionArgs {
  const scope = assets.length > 1 ? "" : `-${assets[0]?.split("/")[1]}`;
  return {
    id: `omniverse-need-${what}${scope}`,
    term: `need:${what}`,
    assets,
    reason: `the runbook does not say: ${reason}`,
    drill: "omniverse-restore",
    ...assumed,
  };
}

function instant(term: string, reason: string): AssumptionArgs {
  return {
    id: `omniverse-${term}`,
    term,
    assets: [DATABASE, ASSETS],
    value: "0s",
    reason: `the runbook gives no number, so this is in its favour: ${reason}`,
    drill: "omniverse-restore",
    ...assumed,
  };
}
