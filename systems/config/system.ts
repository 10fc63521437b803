import type { z } from "zod";
import type { ConfigProblem } from "./problems";

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
