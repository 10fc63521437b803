import type { StepText } from "../../runbooks/recoverySteps";
import type { accountPaths } from "../accountSteps";
import { lostRegion, lostRegionWords } from "./lostRegion";
import type { PathText } from "./pathTexts";

type AccountPath = keyof typeof accountPaths;

const moment = { RESTORE_BEFORE: "2026-11-21T03:04:00Z" };

const served =
  "SERVED is said only where the step restore asks for it: after a failover or a fail-back each site has copies of its own, and the newest may be the other's. `primary` or `secondary`: the site that served at RESTORE_BEFORE, or last.";

const restore: StepText = {
  does: "Fetches the copy, compares its version of Nucleus with the one that runs here, unpacks it beside what is there, reads it, and only then puts it in its place. What was there stays in a folder `replaced-…` of the volume. Refuses while a pod of Nucleus is left.",
  fails:
    "Another version: NVIDIA promises nothing between versions. Deploy the version that the message names, restore, then upgrade. It asks for SERVED: write that with the words above, then start it again. A run that was ended is started again.",
};

const verify: StepText = {
  does: "Reads what is on the volume with the vendor's tools and counts accounts and tags: as many as the manifest of the copy says.",
  fails: "Start restore again; twice the same: choose an earlier RESTORE_BEFORE.",
};

/** Texts of the steps of each way back of accounts and tags; `stop` is the one of all. */
export const accountStepTexts: Readonly<Record<AccountPath, Readonly<Record<string, StepText>>>> = {
  "accounts-in-place": {
    stop: {
      does: "Notes how many pods each Deployment labelled `app=nucleus` has, scales them to 0 and waits until no pod is left.",
      fails: "A pod is left: find its node and end it there. Restore nothing while one runs.",
    },
    restore,
    verify,
    resume: {
      does: "Starts the services in their order, each ready before the next, and waits for `/health`.",
      fails: "Look at the pods that are not ready; start the step again when they are.",
    },
  },
  "accounts-in-secondary": { restore, verify },
  "accounts-in-clean-room": {
    room: {
      does: "Waits until the recovery kit is applied and its copies can be read, and names in its log what is still to be made.",
      fails: "Its last line names what is missing: make that and start it again.",
    },
    find: {
      does: "Finds the newest copy in the locked bucket that had ended by RESTORE_BEFORE and that S3 had taken by then, and reads its manifest.",
      fails: "No copy that old: choose a later RESTORE_BEFORE, if the security team trusts it.",
    },
    restore,
    verify,
  },
};

/** What the pages of these ways back say around their steps. */
export const accountPathTexts: Readonly<Record<AccountPath, PathText>> = {
  "accounts-in-place": {
    when: "Accounts, groups or tags are wrong or gone: a bad import, an operator's error, a volume that is damaged. Projects and metadata are elsewhere and stay.",
    inputs: moment,
    before: [
      "Find the last moment that is trusted, in UTC: the newest copy that had ended by then comes back.",
      served,
      "Tell whoever works: from the first step on nobody is let in.",
      "In a [fail-back](fail-back.md), between its steps last and dns, nothing needs to be said: the copy that the second site made last comes back, and no other.",
    ],
    after: [
      "Accounts made after that moment are gone: their owners log in through the directory, or are made again.",
      "Keep the folder `replaced-…` until its owners have looked; no job ever deletes it.",
    ],
  },
  "accounts-in-secondary": {
    when: "The primary region is lost. Accounts and tags come from the locked bucket, which is here; begun together with the assets and the database.",
    inputs: lostRegion,
    words: lostRegionWords,
    before: [served, "Start nothing of Nucleus: its volume must be filled first."],
    after: [
      "Step resume of [database-in-secondary](database-in-secondary.md) and of [promote-replica](promote-replica.md) waits for this page.",
    ],
  },
  "accounts-in-clean-room": {
    when: "Credentials of the workload or of the deployer are in other hands: accounts may be theirs.",
    inputs: { ...moment, SERVED: "primary" },
    before: [
      "As for [assets-in-clean-room](assets-in-clean-room.md): the security team says the moment.",
      "Make the secrets `nucleus-admin-token` and `nucleus-api-token` with a new `token` each, and in Secrets Manager the one with the directory's password: no kit holds them.",
    ],
    after: [
      "Look at every account that may change rights before the name moves; the tokens of the old site are worth nothing here.",
      "Go on with [database-in-clean-room](database-in-clean-room.md).",
    ],
  },
};
