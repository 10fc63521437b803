import type { AlertText } from "../../runbooks/alertPage";
import { commandsIn } from "../../runbooks/commands";

const { kubectl, lastRuns, startJob } = commandsIn("platform");

const failedJobs = [
  kubectl("get jobs --sort-by=.metadata.creationTimestamp | tail -20"),
  kubectl("get events | tail -20"),
];

/** Texts by alert. */
export const alertTexts: Readonly<Record<string, AlertText>> = {
  PlatformExportLate: {
    means:
      "One run was missed or failed. What already runs goes on; a lost region would cost more than on healthy days.",
    look: lastRuns("platform-export"),
    act: [
      "Read the log of the run: it names what was not whole, or what the bucket refused.",
      `Start it again, with the asset's name: \`${startJob("platform-export-state")}\`.`,
    ],
    stop: "The rerun fails with the same words: the next alert comes with the next missed run, call the platform team before it.",
  },
  PlatformExportStale: {
    means: "Two runs were missed: the promise for a lost region is about to break.",
    look: lastRuns("platform-export"),
    act: [
      "Bucket refused? Its lock or this account's role has changed: compare with the program.",
      "Source refused? The asset itself may be gone: see the recoveries.",
      "An image that cannot be pulled stops every job: see `kubectl describe` of the pod.",
    ],
    stop: "No export an hour after the page: tell the owners of the systems that deployments stop until there is one.",
  },
  PlatformJobFailed: {
    means: "An export, a verification, a drill or a site check failed. Its log says why in its last line.",
    look: failedJobs,
    act: ["Read the log, mend what it names, start the job again."],
    stop: "It fails three times: leave it to the alert on what is overdue, and call the platform team by day.",
  },
  PlatformVerificationOverdue: {
    means: "Nobody has read an export back for longer than a week.",
    look: lastRuns("platform-verify"),
    act: ["Start the verification of the asset that the alert names."],
    stop: "It cannot run: take an export by hand and count it on a machine of your own.",
  },
  PlatformDrillOverdue: {
    means: "Nobody has rehearsed the recovery for longer than a month: its time is a guess again.",
    look: lastRuns("platform-drill"),
    act: ["Start the drill at the secondary site.", "Write what it prints into the register as a drill record."],
    stop: "It fails: the recovery would fail as well. Treat it as an incident of the day.",
  },
  PlatformIntegrityFailed: {
    means:
      "An export does not hold what its manifest says. The asset may be damaged, or whoever writes the bucket is hostile.",
    look: lastRuns("platform-verify"),
    act: [
      "A recovery takes the export before it: write its time as RESTORE_BEFORE, see [restore in secondary](restore-in-secondary.md).",
      "Damaged in the bucket although locked: call the security team now.",
      "Damaged at its source: go to the recovery of the asset.",
    ],
    stop: "Two exports in a row are damaged: nothing newer is to be trusted, tell the owners.",
  },
  PlatformSiteDiffers: {
    means:
      "The site is not what the register says: promises of every system rest upon zones and storage classes that are not there.",
    look: lastRuns("site-check"),
    act: [
      "The log names each difference with what was claimed and what is there.",
      "The site is right: correct `holdfast:sites` and look at what the preview then says.",
      "The site is wrong: mend it. Deploy nothing until the check succeeds.",
    ],
    stop: "A class or zone that is gone takes data with it: go to the runbooks of the systems there.",
  },
  PlatformSiteUnchecked: {
    means: "Nobody has compared the site with the register for more than a day.",
    look: lastRuns("site-check"),
    act: [`Start it: \`${startJob("site-check-primary")}\` (or that of another site, there: the alert names it).`],
    stop: "It cannot run: its log says what it may not read.",
  },
  PlatformRegionLost: {
    means:
      "The primary region does not answer from the other one. What runs elsewhere goes on; deployments and recoveries need what stood there.",
    look: [kubectl("get pods"), "aws health describe-events --region us-east-1"],
    act: [
      "Decide with the owners of the systems. Names first, then state, images, clusters, monitoring.",
      "Follow [restore in secondary](restore-in-secondary.md); secrets open in the [clean room](rebuild-in-clean-room.md).",
    ],
    stop: "The region answers again before the first restore has ended: stop, and compare before anything is written back.",
  },
  PlatformMonitoringLost: {
    means: "Prometheus of the primary site does not answer: nobody there is told of anything.",
    look: ["kubectl --context <primary> -n monitoring get pods", kubectl("get pods")],
    act: [
      "It restarts by itself within minutes, or its node and volume are lost: the operator makes it again, empty.",
      "It stays away: follow [restore in secondary](restore-in-secondary.md) for `platform/monitoring`.",
    ],
    stop: "Two hours: somebody has to look at the systems themselves until alerting is back.",
  },
  PlatformEscalated: {
    means: "A critical alert of the platform stays: whoever was told did not end it.",
    look: failedJobs,
    act: ["Ask the primary on-call what they need; decide what they may not."],
    stop: "Nobody answers: you are on call now.",
  },
  HoldfastWatchdog: {
    means: "Always firing. The heartbeat service pages when it stops: alerting of this site is dead.",
    look: ["kubectl -n monitoring get pods"],
    act: ["Mend Prometheus or Alertmanager; the other site still sees the region."],
    stop: "See PlatformMonitoringLost.",
  },
};
