import type { AlertText } from "../../../runbooks/alertPage";
import { WORKLOAD } from "../../names";
import { kubectl, lastRuns, startJob } from "../commands";
import { jobNames } from "../jobNames";

/** Texts of the alerts that guard the promises. */
export const recoveryTexts: Readonly<Record<string, AlertText>> = {
  OmenDBRestorePointLate: {
    means:
      "One incremental was missed. The promise holds: it counts with one missed run, and the next one is its rerun.",
    look: lastRuns(jobNames.incremental),
    act: [
      "Wait for the next run, minutes away. A rerun by hand comes no sooner.",
      "Again and again: read the log; upload time or lock errors are usual.",
    ],
    stop: "Nothing to do at night. If it does not end, [OmenDBRestorePointStale](OmenDBRestorePointStale.md) follows.",
  },
  OmenDBRestorePointStale: {
    means:
      "Two runs in a row were missed. If the region is lost now, more data is lost than promised. Nothing is lost yet.",
    look: [...lastRuns(jobNames.incremental), kubectl(`get cronjob ${jobNames.incremental}`)],
    act: [
      "`SUSPEND` is true: somebody suspended it. Deploy again.",
      "Deadline exceeded: the upload is too slow or the chain too long; take a full: see [OmenDBFullBackupOverdue](OmenDBFullBackupOverdue.md).",
      "Scratch full: [OmenDBScratchFull](OmenDBScratchFull.md).",
      "The bucket refuses: check the role and the bucket's region. Without the other region there is no copy: tell the database manager.",
      "The Job succeeded and the time is old: the Pushgateway is down; the copy is there.",
    ],
    stop: "Not back within 15 minutes: call the database manager; bulk loads should wait.",
  },
  OmenDBFullBackupOverdue: {
    means:
      "A full backup was missed. Restore points still come, but the chain they need grows, and a longer chain restores slower.",
    look: lastRuns(jobNames.full),
    act: [
      `Take one now, it may run beside the incrementals: \`${startJob(jobNames.full)}\``,
      "Fails again: the log says which file, folder or lock. Fulls that miss files of the database are refused on purpose.",
    ],
    stop: "A second full missed: wake the database team, the restore no longer fits its deadline.",
  },
  OmenDBJobFailed: {
    means:
      "A Job failed or ran into its deadline. Backups, verification and drills have alerts of their own; this one says what and when.",
    look: [
      kubectl("get jobs --sort-by=.metadata.creationTimestamp | tail"),
      kubectl("logs job/<the job of the alert> --tail=50"),
    ],
    act: [
      "A backup: wait for the freshness alerts, they know whether it matters.",
      "A recovery step: its page says what to do before repeating it.",
      "A check of the [checklists](checklists.md): read its log, it names what it found.",
    ],
    stop: "A failed recovery step during an incident: call the database team before repeating it a second time.",
  },
  OmenDBVerificationOverdue: {
    means:
      "No restore point was read back in its time. Backups are taken, but nobody knows whether they can be restored.",
    look: lastRuns(jobNames.verification),
    act: [
      `Run it: \`${startJob(jobNames.verification)}\``,
      "It fails: [OmenDBIntegrityFailed](OmenDBIntegrityFailed.md).",
    ],
    stop: "Leave it for the morning.",
  },
  OmenDBDrillOverdue: {
    means:
      "No restore was rehearsed for more than a month. The recovery time in the evidence is a guess again, and after 90 days the policy pack stops deployments.",
    look: lastRuns(jobNames.drill),
    act: [
      `Run it: \`${startJob(jobNames.drill)}\``,
      "Put its result, one line of JSON, into the drill records of the stack's configuration.",
    ],
    stop: "Leave it for the morning.",
  },
  OmenDBAuditOverdue: {
    means: "The weekly audit of logins and refused access did not run.",
    look: lastRuns(jobNames.audit),
    act: [
      `Run it: \`${startJob(jobNames.audit)}\``,
      "Logs older than the cluster keeps are gone: tell the security team which days nobody saw.",
    ],
    stop: "Leave it for the morning.",
  },
  OmenDBIntegrityFailed: {
    means:
      "A restore point was read back and is not what was written, or a link of its chain does not verify. Either the copy or the data itself is damaged.",
    look: [
      ...lastRuns(jobNames.verification),
      kubectl("logs -l app=omendb --since=24h --tail=-1 | grep -iE 'corrupt|inconsisten|checksum' | head"),
    ],
    act: [
      `Only an old chain: take a full now (\`${startJob(jobNames.full)}\`), verify again, and keep the broken chain for the database team.`,
      "The newest point too, and errors in the database's log: the data is damaged. Note the time of the first error. [Restore clean](restore-clean.md).",
      "Objects missing or changed although they are locked: [security incidents](security-incidents.md).",
    ],
    stop: "Do not delete anything from the bucket. Call the database team before you restore.",
  },
  OmenDBIntrusionSuspected: {
    means: "The audit found refused logins or access that it does not know.",
    look: lastRuns(jobNames.audit),
    act: ["Follow [security incidents](security-incidents.md)."],
    stop: "Call the security team (security@company.com, CISO +1-555-0102) before changing anything: what you delete is evidence.",
  },
  OmenDBRegionLost: {
    means:
      "From the other region nothing of OmenDB answers. Either the region is lost, or the way to it, or the prober itself.",
    look: [
      "kubectl config get-contexts",
      `kubectl --context <primary> -n omendb-prod get deployment ${WORKLOAD}`,
      "kubectl --context <secondary> get nodes",
      "# Open the cloud provider's status page of the primary region.",
    ],
    act: [
      "The primary answers kubectl and clients work: the prober is at fault. Mend it.",
      "The primary answers and OmenDB does not: [OmenDBDown](OmenDBDown.md).",
      "The primary does not answer and the provider confirms, or 10 minutes have passed: decide. The promise is an hour, half of it is the restore.",
      "Decided: [restore in secondary](restore-in-secondary.md).",
    ],
    stop: "Decide with the database manager (+1-555-0101): what was written since the newest copy, up to 15 minutes, is given up, and going back is planned work.",
  },
};
