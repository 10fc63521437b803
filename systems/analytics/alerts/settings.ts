import { z } from "zod";
import * as is from "../../config/settings";

const address = (what: string) => is.matching(`an address of the ${what}`, /^https:\/\/\S+$/);
const mail = (example: string) => is.words(example).default(example);

/** What a stack says of its alerts: who is told, and what may be spent. */
export const alertSettings = z.strictObject({
  /** Folder of the runbook pages. */
  runbooks: is.words("https://runbooks.example.com/analytics"),
  /** Address of the paging service that action groups call. */
  webhook: address("paging service"),
  /** Address of the heartbeat outside, which pages when it is called no more. */
  heartbeat: address("heartbeat outside"),
  /** Id in the directory of whoever deploys: what anybody else does is news. */
  deployer: is.guid("the id of an object of the directory"),
  /** Who is written to: the team, its queue of tickets, the weekly review, and the security team. */
  to: z
    .strictObject({
      team: mail("platform-operations@company.com"),
      tickets: mail("platform-tickets@company.com"),
      review: mail("platform-review@company.com"),
      security: mail("security@company.com"),
    })
    .prefault({}),
  /** How often rules of Prometheus are evaluated. */
  interval: is.span().default("15s"),
  /** How often Prometheus reads what the jobs push. */
  scrape: z.strictObject({ interval: is.span().default("15s"), timeout: is.span().default("10s") }).prefault({}),
  regionLostFor: is.span().default("2m"),
  escalateAfter: is.span().default("15m"),
  /** Existing Secret of the namespace with addresses of the paging service and the password of the mail account. */
  secret: is.objectName().default("analytics-alert-routes"),
  mail: z.strictObject({
    from: is.words("alerts@company.com"),
    smarthost: is.words("smtp.company.com:587"),
    username: is.words("alerts@company.com"),
  }),
  budget: z.strictObject({
    /** A month's, in the currency of the bill. */
    amount: is.whole(1, 1e9, 1_000_000),
    /** First day of the month that it begins with. */
    from: is.day(),
  }),
});

/** When the jobs of monitoring run. */
export const monitoringSettings = z
  .strictObject({
    /** Test events through the whole platform. */
    endToEnd: is.timing("* * * * *", "15s", "55s"),
    /** Whether any of them are lost. */
    lostEvents: is.timing("*/2 * * * *", "15s", "90s"),
    /** Whether anything was taken from tables. The register counts on its being noticed within 15 minutes. */
    tableWatch: is.timing("*/4 * * * *", "30s", "2m"),
    /** How long an event may take before it counts as lost. */
    lostAfter: is.span().default("5m"),
    /** How far behind what Azure copies is. */
    copyLag: is.timing("* * * * *", "15s", "50s"),
    logLag: is.timing("*/5 * * * *", "30s", "2m"),
  })
  .prefault({});
