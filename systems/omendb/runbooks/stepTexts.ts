import type { StepText } from "../../runbooks/recoverySteps";

/** Texts by step; paths share steps. */
export const stepTexts: Readonly<Record<string, StepText>> = {
  stop: {
    does: "Scales the Deployment to 0 and waits until no pod is left and the lease is free.",
    fails: "A pod or a holder is left: find it on its node and end it. Never restore while one runs.",
  },
  find: {
    does: "Finds the newest restore point in the locked bucket and reads its manifest; in a clean room only of those that are not later than RESTORE_BEFORE and that S3 had taken by then.",
  },
  activate: {
    does: "Checks that this site can take over: nodes ready, claims bound, the bucket readable. Fences the old site if it still answers.",
    fails: "Without nodes, claims or bucket this site cannot take over: call the platform's on-call.",
  },
  deploy: {
    does: "Checks that the declared objects and image are here. They were deployed with the program, at 0 replicas: nothing is deployed now.",
  },
  "stop-writes": {
    does: "Stops the database. The guide names no read-only mode: no writes means no service.",
    fails: "A pod or a holder is left: end it on its node.",
  },
  scope: { does: "Lists which files changed since the damage and which restore points hold it." },
  "find-clean": {
    does: "Finds the newest point whose copying had ended before the damage and whose whole chain verifies.",
    fails: "No clean point within its tries: choose an earlier DAMAGE_TIME, or raise MAX_CANDIDATES.",
  },
  restore: {
    does: "Downloads the chain, verifies every link, and only then changes the volume; the old data is kept aside where it fits.",
    fails:
      "It can be repeated at any moment: whole downloads are kept and an interrupted switch goes on where it stopped.",
  },
  start: { does: "Scales the Deployment up and waits until one pod serves." },
  replay: {
    does: "Says from when to when writes are lost. There is no log archive, so nothing can be replayed.",
    fails: "Note the times by hand from the restore step's log.",
  },
  verify: {
    does: "Asks health, readiness and metrics, and compares the number of records with the restored point.",
    fails: "Fewer records than the point holds: do not send clients here. Restore again, from the point before.",
  },
  validate: {
    does: "As verify, and the index statistics; look at them.",
    fails: "Data still inconsistent: go back to scope with an earlier DAMAGE_TIME.",
  },
  dns: {
    does: "Points the public name to this site and waits until the change is everywhere. Clients follow within the record's TTL.",
  },
  resume: {
    does: "Lets this site's backup schedules run and begins a new chain of restore points: the restored data continues none. Until it ends, a second failure has no newer copy. Then declare what is in force (`suspend` of both schedules): until the program says so, `pulumi up` fails at what `kubectl` has changed.",
  },
  backup: {
    does: "Takes a full backup into the locked bucket and notes the image that runs now.",
    fails: "Stop here: nothing has changed yet.",
  },
  roll: { does: "Sets the new image." },
  rollout: {
    does: "Waits for the rollout: standbys become ready, then one pod must serve.",
    fails: "Go to step back.",
  },
  health: { does: "Runs the guide's health check through the Service.", fails: "Go to step back." },
  back: {
    does: "The way back, only when a step before failed: the old image and, with FORMAT_CHANGED=yes, the data of the backup; writes since are lost.",
    fails: "Follow restore-in-place.",
  },
};
