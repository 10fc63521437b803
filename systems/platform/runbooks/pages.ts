import { duration } from "../../../recovery/duration";
import type { AlertRule } from "../../alerts/rule";
import { saidForIncident, saidHolds } from "../../incident";
import { alertPage } from "../../runbooks/alertPage";
import { commandsIn, shell } from "../../runbooks/commands";
import { bullets, type Page, page, table } from "../../runbooks/page";
import { primaryAlertGroups, secondaryAlertGroups } from "../alerts";
import { type AssetName, assetId, assetNames, assetPlans } from "../assets";
import { INCIDENT_MAP, jobsOf, type PathName, siteCheckJob } from "../names";
import { contacts } from "../routes";
import { alertTexts } from "./alertTexts";

const { kubectl, removeInputs, runJob, writeInputs } = commandsIn("platform");

/** Every page of `docs/runbooks/platform/`. */
export function runbookPages(): Page[] {
  const alerts = documentedRules().map(pageOf);
  const others = [inPlace(), inSecondary(), inCleanRoom(), siteCheckPage()];
  return [...alerts, ...others, index(alerts, others)];
}

/** Every alert that the platform can have, once. */
export function documentedRules(): AlertRule[] {
  // Thresholds depend on the stack and stand in each alert's own description.
  const ages = { warn: duration("2h"), page: duration("3h"), credit: false };
  const job = [{ cronJob: "any", overdueAfter: duration("8d") }];
  const common = { namespace: "platform", runbooks: ".", interval: "15s" };
  const siteCheck = { site: "primary", cronJob: siteCheckJob("primary"), overdueAfter: duration("25h") };
  const probes = { region: "region", monitoring: "monitoring" };
  const groups = [
    ...primaryAlertGroups({ ...common, siteCheck, freshness: { [assetId("state")]: ages }, verifications: job }),
    ...secondaryAlertGroups({ ...common, siteCheck, drills: job, probes, lostFor: "2m" }),
  ];
  return [...new Map(groups.flatMap(({ rules }) => rules).map((rule) => [rule.alert, rule])).values()];
}

/** Throws for an alert that has no text: nobody may be paged to an empty page. */
function pageOf({ alert, annotations, labels }: AlertRule): Page {
  const text = alertTexts[alert];
  if (!text) throw new RangeError(`the alert ${alert} must have a text in systems/platform/runbooks/alertTexts.ts`);
  const head = `**${annotations.holdfast_guards ?? ""}** · ${labels.severity ?? ""} · told: ${labels.team ?? ""}`;
  return alertPage(alert, head, text, CALL);
}

const CALL = `Primary on-call: ${contacts["on-call"].reach}, ${contacts["on-call"].above}. Platform team: ${contacts.platform.reach}, ${contacts.platform.above}. Security team: ${contacts.security.reach}, ${contacts.security.above}.`;

/** Tells the jobs what only a person knows; what belongs to another incident, or is too old, they refuse. */
function say(values: Readonly<Record<string, string>>): string {
  return shell(writeInputs(INCIDENT_MAP, saidForIncident(values)));
}

const trusted = { RESTORE_BEFORE: "2026-11-21T03:04:00Z" };

function after(): string[] {
  return [
    "## After the last step",
    "What was said for this incident must not steer the next:",
    shell([removeInputs(INCIDENT_MAP)]),
  ];
}

const differs =
  "After damage the verification compares content, not names alone. It names whatever was added, changed or is missing, and fails while there is any (all of the log: `kubectl logs` without `--tail`). What was added, no job deletes by itself.";

const accepting =
  "Right as it is (deployed since, by us)? The verification says `ACCEPTED=<id>`, which stands for exactly that list: write it beside the others and verify again.";

function inPlace(): Page {
  const names = assetNames.filter((name) => assetPlans[name].mendedInPlace);
  return page("restore-in-place.md", "Recovery: restore in place", [
    "Objects of the serving cluster are damaged: deleted, or changed by mistake. What is missing is made again, and what differs is replaced as a whole, replicas included. Not put back: Secrets, which are in no export of objects, and roles and bindings, which take an administrator.",
    "## Before",
    bullets([
      "Name the incident, and the last moment that is trusted, in UTC; without that moment the newest export before this command is taken.",
      saidHolds,
    ]),
    say(trusted),
    "## Steps",
    "Run by the primary site: `kubectl config use-context <primary>`.",
    stepTable(names),
    ...names.flatMap((name) => pathBlocks(name, "restore-in-place")),
    "## When the verification fails",
    bullets([
      differs,
      "Added: look who made it, then delete it yourself: `kubectl -n <namespace> delete <kind> <name>`.",
      "Roles and bindings: put them back by hand, after reading them in the export.",
      accepting,
    ]),
    ...after(),
    "## When to stop, who to call",
    `What the program declares is put back by the next deployment as well: run \`pulumi preview\` and compare. ${CALL}`,
  ]);
}

function inSecondary(): Page {
  const names = assetNames.filter((name) => assetPlans[name].recoveredAt === "secondary");
  return page("restore-in-secondary.md", "Recovery: restore in secondary", [
    "The primary region is lost, or the state, the images or the names are damaged. Every asset comes back by itself; names come first where clients wait. At a cluster only what is missing is added: what stands ready stays as it is.",
    "## Before",
    bullets([
      "A lost region alone: say nothing. The newest export is taken; the verification fails for what is missing, and names what differs here rightly (names that were moved, a newer state, this site's own objects) as left as it is.",
      "State or names damaged: name the incident, and the last moment that is trusted, in UTC. Then what differs is put back too.",
      saidHolds,
    ]),
    say(trusted),
    "## Steps",
    "Run by the secondary site: `kubectl config use-context <secondary>`.",
    stepTable(names),
    ...names.flatMap((name) => pathBlocks(name, "restore-in-secondary", extra[name])),
    "## When the verification fails",
    bullets([differs, removing, accepting]),
    ...after(),
    "## When to stop, who to call",
    `A step that failed twice: its log names what is missing. ${CALL}`,
  ]);
}

const removing =
  "Added names: its list says `REMOVE=<id>` as well. Every one of them planted? Write it beside the others and repeat the restore of `platform/dns`: it deletes exactly those, and nothing once the list is another.";

const extra: Partial<Record<AssetName, string>> = {
  state:
    "Then point the stacks' backend to the replica in the workflows' settings. Nothing deploys to a lost region: remove its resources from the state only when it is given up.",
  clusters:
    "Roles and their bindings take an administrator: apply `rbac` kinds of the export by hand, after reading them.",
  registry: "Then point the nodes' mirror at the folder, or the images' names in the stack's configuration.",
  monitoring:
    "No series come back: each job pushes its own with its next run, and until then alerts on what is missing fire. Rules of systems that do not run here fire because nothing answers: silence them by their `system` label.",
};

function inCleanRoom(): Page {
  return page("rebuild-in-clean-room.md", "Recovery: rebuild in clean room", [
    "Credentials of the workload or of the deployer are in other hands, or sealed secrets are needed. Only the locked bucket is trusted.",
    "## Before",
    bullets([
      `Call the security team: ${contacts.security.reach}, ${contacts.security.above}.`,
      "Use an account and a machine that never held those credentials; its own reader of the bucket fetches `recovery-kit/platform.json`, which holds every job below.",
      "Name the incident, and the last moment that is trusted, in UTC; without that moment the newest export before this command is taken.",
      saidHolds,
    ]),
    "Say where to, for what is declared lies in the account that is lost:",
    say({
      ...trusted,
      RECOVER_TO: "<backend of the state, or registry of the images>",
      SECRETS_PROVIDER: "awskms:///<key of the new account>",
      ZONE_MAP: "<old zone>=<new zone>",
    }),
    "## Steps",
    stepTable(assetNames),
    ...assetNames.flatMap((name) => pathBlocks(name, "rebuild-in-clean-room")),
    "## When the verification fails",
    bullets([
      `${differs} Objects of our own namespace that the recovery kit brought are named as left.`,
      "Roles and bindings are missing until an administrator has applied those of the export, after reading them.",
      removing,
      accepting,
    ]),
    "## Opening the secrets",
    "By two people, on a machine without a network: the identity never leaves the clean room.",
    shell([
      kubectl("get configmap -l holdfast.dev/sealed=yes -o json > sealed.json"),
      'jq -r ".items[].binaryData.sealed" sealed.json | while read -r one; do base64 -d <<<"$one" | age --decrypt --identity <identity file>; done',
    ]),
    ...after(),
    "## When to stop, who to call",
    `An export that does not verify: take the one before. ${CALL}`,
  ]);
}

function stepTable(names: readonly AssetName[]): string {
  const rows = names.map((name) => {
    const { is, restore, verify } = assetPlans[name];
    return [assetId(name), is, restore, verify];
  });
  return table(["asset", "is", "restore, at most", "verify, at most"], rows);
}

function pathBlocks(name: AssetName, path: PathName, more?: string): string[] {
  const { restore, verify } = assetPlans[name];
  const job = jobsOf(name).paths[path];
  return [
    `### ${assetId(name)}`,
    shell([...runJob(`${job}-restore`, restore), ...runJob(`${job}-verify`, verify)]),
    ...(more === undefined ? [] : [more]),
  ];
}

function siteCheckPage(): Page {
  return page("site-check.md", "Checking a site", [
    "After every deployment, and by itself each day: is the site what the register says of it? The job reads and changes nothing, names each difference and fails.",
    shell(runJob(siteCheckJob("primary"), "5m")),
    "At the other sites `site-check-secondary`, `site-check-analytics-primary` and `site-check-analytics-secondary`. Compared: region, zones and cloud of the nodes, provisioner and parameters of the storage classes, the account (of Azure the subscription, as Azure says it to the job and as the nodes say it), the version of the API server, the node grace where its flags show, whether the issuer is ready, the OIDC issuer, and whether the endpoint leads to the load balancers of the ingress.",
    "Printed as still assumed: what cannot be seen from inside a cluster (flags of a managed control plane, what a storage class survives, what bounds the roles), and everything that is said of the clean rooms: nothing here holds credentials for them, their owner checks it by the drill that is named.",
  ]);
}

function index(alerts: readonly Page[], others: readonly Page[]): Page {
  const links = (pages: readonly Page[]) =>
    pages.map(({ file }) => `- [${file.replace(/\.md$/, "")}](${file})`).join("\n");
  return page("README.md", "Platform runbooks", [
    "Paged? Open the page of your alert.",
    "## Recoveries and checks",
    links(others),
    "## Alerts",
    links(alerts),
  ]);
}
