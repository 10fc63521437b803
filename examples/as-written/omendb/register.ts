import { Register } from "../../../components/register/register";
import type { AssumptionArgs, SiteArgs } from "../../../recovery/plan";
import { DATA } from "./guide";

/** The account that everything is in. */
export const ACCOUNT = "111111111111";

/** The cluster of the guide and the one that its checklist calls the backup data centre. */
export const SITES = {
  cluster: { context: "omendb-production", region: "eu-central-1" },
  backup: { context: "omendb-backup", region: "eu-west-1" },
} as const;

/** Storage classes of the cluster. */
export const CLASSES = { zonal: "zonal", zoneRedundant: "zone-redundant" } as const;

const assumed = { owner: "example as-written/omendb", expires: "2027-03-01" };

/** Declares what the guide does not say and a judgement needs; numbers are in the guide's favour, as small as can be. */
export function declareRegister(): Register {
  return new Register("register", { sites, assumptions, waivers: [], drills: [] });
}

const sites: SiteArgs[] = (["cluster", "backup"] as const).map((name) => {
  const { context, region } = SITES[name];
  return {
    name,
    cloud: "aws",
    account: ACCOUNT,
    region,
    zones: ["a", "b", "c"].map((zone) => `${region}${zone}`),
    context,
    // The guide's schedule has no time zone; UTC is the one that never skips a night.
    controllerTimeZone: "Etc/UTC",
    storageClasses: {
      [CLASSES.zonal]: { survives: "node", shared: false },
      [CLASSES.zoneRedundant]: { survives: "zone", shared: true },
    },
    drill: `site-check-${name}`,
    ...assumed,
  };
});

const statements = {
  "need:restorable": "what backup_tool copies while the database writes can be restored",
  "need:images": "the image can be pulled in the backup region",
  "need:keys": "certificates and users are at hand there",
  "need:dns": "the DNS name can be changed while the region is lost",
  "need:capacity": "the backup region has room for three pods",
};

const assumptions: AssumptionArgs[] = [
  instant("image-pull", "every node holds the image already"),
  instant("redirect", "clients reach the new pod at once"),
  instant("acknowledge", "whoever is called answers at once"),
  instant("decide", "nobody hesitates to restore"),
  instant("detection", "damage is noticed as it strikes"),
  ...Object.entries(statements).map(([term, reason]) => ({
    id: `omendb-${term.replace(":", "-")}`,
    term,
    assets: [DATA],
    reason: `the guide does not say: ${reason}`,
    drill: "omendb-disaster-recovery",
    ...assumed,
  })),
];

function instant(term: string, reason: string): AssumptionArgs {
  return {
    id: `omendb-${term}`,
    term,
    assets: [DATA],
    value: "0s",
    reason: `the guide gives no number, so this is in its favour: ${reason}`,
    drill: "omendb-disaster-recovery",
    ...assumed,
  };
}
