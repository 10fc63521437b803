import { factsOf } from "./group";

const guide = (page: string) => `https://docs.aws.amazon.com/aws-backup/latest/devguide/${page}.html`;
const creating = { source: guide("creating-a-backup-plan"), read: "2026-11-21" };
const planOptions = { source: guide("plan-options-and-configuration"), read: "2026-11-21" };
const assigning = { source: guide("assigning-resources"), read: "2025" };
const planRule = {
  source:
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-backup-backupplan-backupruleresourcetype.html",
  read: "2026-11-21",
};
const retention = { source: guide("point-in-time-recovery-retention-period"), read: "2026-11-21" };
const copying = { source: guide("recov-point-create-a-copy"), read: "2025" };
const lock = {
  source:
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-backup-backupvault-lockconfigurationtype.html",
  read: "2026-11-21",
};
const lockType = { source: "@pulumi/aws 7.48.0 backup/vaultLockConfiguration.d.ts", read: "2026-11-21" };

/** AWS Backup. */
export const awsBackup = factsOf("aws-backup", {
  startWindow: {
    says: "A job whose rule names no start window may start this much later than its schedule.",
    value: 28_800,
    unit: "seconds",
    standing: "design",
    ...creating,
  },
  startWindowLeast: {
    says: "A start window cannot be shorter than this.",
    value: 3_600,
    unit: "seconds",
    standing: "design",
    ...planRule,
  },
  completionWindow: {
    says: "A job whose rule names no completion window may take this long.",
    value: 604_800,
    unit: "seconds",
    standing: "design",
    ...creating,
  },
  intervalLeast: {
    says: "Restore points cannot be taken more often than this.",
    value: 3_600,
    unit: "seconds",
    standing: "design",
    ...planOptions,
  },
  overlappingRules: {
    says: "Of rules of one plan whose start windows overlap only the one with the longer retention runs.",
    standing: "design",
    ...planOptions,
  },
  selection: {
    says: "A plan without a selection protects nothing.",
    standing: "design",
    ...assigning,
  },
  jobTime: {
    says: "How long a backup or a restore takes is published nowhere.",
    standing: "none",
    ...planOptions,
  },
  continuousRetention: {
    says: "Continuous backups, which restore to any second, are kept at most this long.",
    value: 35,
    unit: "days",
    standing: "design",
    ...retention,
  },
  continuousCopies: {
    says: "A copy of a continuous backup is a snapshot taken as often as the plan runs: it restores to no second.",
    standing: "design",
    ...copying,
  },
  copyOneWay: {
    says: "A copy of an RDS or Aurora backup goes to another region or to another account, never to both in one rule.",
    standing: "design",
    ...copying,
  },
  vaultLockGrace: {
    says: "A vault lock in compliance mode can still be removed for at least this long after it was set.",
    value: 3,
    unit: "days",
    standing: "design",
    ...lock,
  },
  vaultLockGovernance: {
    says: "A vault lock without changeableForDays is in governance mode, which permitted users remove at any time.",
    standing: "design",
    ...lockType,
  },
});
