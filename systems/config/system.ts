import { z } from "zod";
import type { ConfigProblem } from "./problems";
import { objectName } from "./settings";

/** A site that a system's settings name. */
export interface SiteUse {
  /** Which setting names it: `sites.primary`. */
  key: string;
  /** Its name; undefined where the setting could not be read. */
  site: string | undefined;
  needsCluster: boolean;
}

/** What the configuration of a stack has to know of one system; the system is declared where its key is there. */
export interface SystemSettings<Schema extends z.ZodType, Config> {
  schema: Schema;
  /** Fills in what follows from other settings; `raw` is what the stack itself writes. */
  resolve(parsed: z.output<Schema>, raw: unknown): Config;
  /** What settings that are right one by one contradict; settings that could not be read are left out. */
  contradictions(raw: Readonly<Record<string, unknown>>): ConfigProblem[];
  sites(raw: Readonly<Record<string, unknown>>): SiteUse[];
}

/** Names of sites in `holdfast:sites`, by what a system does there. */
export const siteRoles = () =>
  z
    .strictObject({
      primary: objectName().default("primary"),
      secondary: objectName().default("secondary"),
      cleanRoom: objectName().default("clean-room"),
    })
    .prefault({});

/** The sites that a system names, and the one that keeps its backups; what could not be read is left out. */
export function sitesUsed(
  raw: Readonly<Record<string, unknown>>,
  { sites, backups }: { sites: ReturnType<typeof siteRoles>; backups: z.ZodType<{ site: string }> },
): SiteUse[] {
  const roles = sites.safeParse(raw.sites).data;
  return [
    { key: "sites.primary", site: roles?.primary, needsCluster: true },
    { key: "sites.secondary", site: roles?.secondary, needsCluster: true },
    { key: "sites.cleanRoom", site: roles?.cleanRoom, needsCluster: false },
    { key: "backups.site", site: backups.safeParse(raw.backups).data?.site, needsCluster: true },
  ];
}
