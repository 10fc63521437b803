import type { RestorePoints, Series } from "../../../recovery";
import { against, cron } from "../../recovery/answers";
import { points, series, term } from "../../recovery/build";
import { h } from "./words";

/** The example that most sections start from. */
const written = { expression: "0 2 * * *", zone: "Etc/UTC", slack: "0s", run: "30m", transfer: "10m" };

/** The restore points of the running example, or of one that differs in something. */
export function daily(edit: Partial<typeof written> = {}, more: Partial<Series> = {}): RestorePoints {
  const { expression, zone, slack, run, transfer } = { ...written, ...edit };
  return points({
    series: [
      series({
        schedule: cron(expression, zone),
        startSlack: term("start slack", slack),
        run: term("run", run),
        ...more,
      }),
    ],
    transfer: term("transfer", transfer),
  });
}

/** How a page writes it down. */
export function told(edit: Partial<typeof written> = {}): string {
  const { expression, zone, slack, run, transfer } = { ...written, ...edit };
  return `CronJob ${expression} ${zone}, start slack ${h(slack)}, run ${h(run)}, transfer ${h(transfer)}`;
}

/** What the loss of the region costs. */
export const lost = (taken: RestorePoints) => against("region", taken, {}, ["24h", "8h"]);
