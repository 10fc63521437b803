import { shell } from "../../../runbooks/commands";
import { CATALOG, LOCKED_CONTAINERS, TABLES } from "../../names";
import { KIT } from "../../recovery/recovery";
import { RECOVERY_ACCOUNT, ROOM_KEY } from "../../recovery/recoveryEnv";
import { kubectl } from "../commands";
import type { PathText } from "./pathText";

const alerts = ["AnalyticsSecurityBreach"];

const moment =
  "The security team says the last moment before the intrusion, in UTC, such as 2026-11-21T03:04:00Z: it is said as RESTORE_BEFORE. Nothing in the old subscription is changed: it is evidence.";

const kit = `Every job of this page is in the recovery kit, under the lock beside the copies. From a machine and an account that never held our credentials, in a cluster of the room:\n\n${shell(
  [
    "kubectl config use-context <clean-room>",
    `az storage blob download --auth-mode login --account-name <locked account> --container-name ${LOCKED_CONTAINERS.exports} --name ${KIT} --file analytics.json`,
    "kubectl apply -f analytics.json",
    kubectl(
      `annotate serviceaccount ${RECOVERY_ACCOUNT} azure.workload.identity/client-id=<client id of its identity>`,
    ),
  ],
)}`;

const workspace =
  "The room has a workspace of Databricks with warehouses and a catalog of the names and sizes that ours have; its identity is the admin of both.";

const places = `The tables come to an account of the room with a hierarchical namespace and a container \`${TABLES}\`: its name is said as ROOM_ACCOUNT, and logs come to the same one. The metastore of the room has external locations over that container and over \`${LOCKED_CONTAINERS.tables}\` of the locked account, in both of which its identity may make external tables. Its warehouses run SQL that clones external tables shallowly (runtime 14.3 and later).`;

const prepared = "Prepared as for [lake-in-clean-room](lake-in-clean-room.md), which comes first; what was said stays.";

const never =
  "What was in the old subscription is not trusted any more: new credentials, new keys, new members of groups.";

/** Brings back what somebody has deleted or overwritten under the lock: the lock keeps every version. */
export const promoteVersions = `Where files of a table were deleted or overwritten under the lock, their versions of before are there. An identity of the security team that may write blobs of that account (Storage Blob Data Contributor) makes them the current ones:\n\n${shell(
  [
    "ACCOUNT=<locked account> TABLE=<layer/table> MOMENT=<moment>",
    `az storage blob list --auth-mode login --account-name "$ACCOUNT" --container-name ${LOCKED_CONTAINERS.tables} --prefix "$TABLE/" --include v --num-results '*' --output json >versions.json`,
    'jq -r --arg moment "$MOMENT" \'[.[] | select(.versionId <= $moment)] | group_by(.name)[] | max_by(.versionId) | select(.isCurrentVersion | not) | [.name, (.name | split("/") | map(@uri) | join("/")), .versionId] | @tsv\' versions.json >back.tsv',
    `while IFS=$'\\t' read -r NAME PART VERSION; do az storage blob copy start --auth-mode login --account-name "$ACCOUNT" --destination-container ${LOCKED_CONTAINERS.tables} --destination-blob "$NAME" --source-uri "https://$ACCOUNT.blob.core.windows.net/${LOCKED_CONTAINERS.tables}/$PART?versionid=$VERSION" </dev/null; done <back.tsv`,
  ],
)}`;

const anew =
  "Nothing of ours is changed by it, and what lies under the lock is only read: empty what it has filled in the room, and begin again, with another moment.";

/** Texts of the ways back in a subscription that none of our credentials reach. */
export const roomTexts = {
  "lake-in-clean-room": {
    when: "Credentials of the platform or of the deployer are in other hands. Nothing that they reach is trusted: only what lies under the lock is.",
    alerts,
    before: [moment, kit, workspace, places, promoteVersions],
    over: `verify has ended: the tables of \`${CATALOG}\` in the room's workspace are what they were at that moment.`,
    after: [
      "Shallow clones read the files under the lock: copy what is to stay (`DEEP CLONE`) before their lock ends.",
      "Go on with [kafka-in-clean-room](kafka-in-clean-room.md) and [databricks-in-clean-room](databricks-in-clean-room.md).",
      never,
    ],
    undo: anew,
  },
  "kafka-in-clean-room": {
    when: "As for the lake: events that were captured under the lock are read into bronze of the room.",
    alerts,
    words: {
      EVENTS_SINCE:
        "a moment, only where bronze of the lake that came back is empty, or was behind by more than ten minutes: captured events are read from then on",
    },
    before: [prepared],
    over: "verify has ended: no event is there twice, and none without a name.",
    after: ["Producers get new namespaces and new rights; they are let in last.", never],
    undo: anew,
  },
  "databricks-in-clean-room": {
    when: "As for the lake: jobs, clusters, permissions and grants come back in the workspace of the room.",
    alerts,
    before: [
      prepared,
      "Make the groups and principals that the grants name, with members that the security team trusts: a grant to nobody fails.",
    ],
    over: "resume has ended, and every pipeline has a run that lives.",
    after: [
      "Look at every job before it is unpaused: somebody hostile may have written it, before the moment as well.",
      never,
    ],
    undo: anew,
  },
  "powerbi-in-clean-room": {
    when: "As for the lake: reports and models come back in workspaces of another tenant.",
    alerts,
    before: [
      prepared,
      "Make workspaces with the names that the export has, and a capacity; the identity of the room is admin of each.",
    ],
    over: "verify has ended: every model has been refreshed from the room's warehouse.",
    after: [never],
    undo: anew,
  },
  "configuration-in-clean-room": {
    when: "As for the lake: policies, alerts, action groups and networks as they were, in the group of the room.",
    alerts,
    before: [
      moment,
      kit,
      "Read the export before it is written: whoever is hostile may have set something before that moment.",
    ],
    over: "verify has ended; what it counts as `broughtByTheProgram` is deployed into the room from git.",
    after: [never],
    undo: anew,
  },
  "keys-in-clean-room": {
    when: "As for the lake: the secrets are opened with the key of the room, which was never in reach of the platform.",
    alerts,
    before: [
      moment,
      kit,
      `Two people bring the private key, and take it away afterwards:\n\n${shell([kubectl(`create secret generic ${ROOM_KEY.secret} --from-file=${ROOM_KEY.key}=<file with the private key>`)])}`,
    ],
    over: "verify has ended: every secret of the export has its value in the vault of the room.",
    after: [
      `Remove the key: ${`\`${kubectl(`delete secret ${ROOM_KEY.secret}`)}\``}.`,
      "Rotate every secret at its other end, then in the vault: whoever is hostile has read the old values.",
    ],
    undo: anew,
  },
  "logs-in-clean-room": {
    when: "Somebody hostile may have changed or purged logs, and the security team needs those from before.",
    alerts,
    before: [moment, kit, "An account of the room with a container `logs`, which its identity may write."],
    over: "verify has ended: as many files are there as were written.",
    after: ["Read them with `externaldata`. They are evidence: give nobody the right to change them."],
    undo: anew,
  },
} as const satisfies Readonly<Record<string, PathText>>;
