import * as consumption from "@pulumi/azure-native/consumption";
import * as pulumi from "@pulumi/pulumi";
import type { AzureSite } from "../../../components/azure/place";

/** A share of a budget at which somebody is told. */
export interface BudgetAlert {
  /** Name of the alert, and of its runbook page. */
  alert: string;
  /** Percent of the amount. */
  percent: number;
  /** What was spent, or what Azure reckons will be by the end of the month. */
  of: "Actual" | "Forecasted";
  /** Id of the group that is told. */
  group: pulumi.Input<string>;
}

/** Arguments of `Budget`. */
export interface BudgetArgs {
  at: AzureSite;
  /** Id of the subscription or resource group that it counts. */
  scope: string;
  /** Name of the budget. */
  budget: string;
  /** A month's, in the currency of the bill. */
  amount: number;
  /** First day of the month that it begins with: `2026-12-01`. */
  from: string;
  /** Who is written to besides the groups. */
  mail: readonly string[];
  alerts: readonly BudgetAlert[];
}

/** What may be spent in a month. It stops nothing, and knows of a day's costs up to two days later. */
export class Budget extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:azure:Budget", name, {}, opts);
    const { at, scope, budget, amount, from, mail, alerts } = args;
    if (!/^\d{4}-\d{2}-01$/.test(from))
      throw new RangeError(`${name}: from must be the first day of a month such as 2026-12-01, got ${from}`);
    new consumption.Budget(
      `${name}-budget`,
      {
        scope,
        budgetName: budget,
        category: "Cost",
        amount,
        timeGrain: "Monthly",
        timePeriod: { startDate: `${from}T00:00:00Z` },
        notifications: Object.fromEntries(
          alerts.map(({ alert, percent, of, group }) => [
            alert,
            {
              enabled: true,
              operator: "GreaterThan",
              threshold: percent,
              thresholdType: of,
              contactEmails: [...mail],
              contactGroups: [group],
            },
          ]),
        ),
      },
      { parent: this, provider: at.provider },
    );
    this.registerOutputs({});
  }
}
