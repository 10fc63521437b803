import { type Page, page, steps } from "../../runbooks/page";
import { WORKLOAD } from "../names";
import { contacts } from "../routes";
import { countErrors, findServing, kubectl, metrics, shell, startJob, whoServes } from "./commands";
import { jobNames } from "./jobNames";

/** The guide's troubleshooting and its runbook templates, with what its own commands leave out. */
export function troubleshootingPages(): Page[] {
  return [highMemory(), walCorruption(), performance(), incident(), security(), access()];
}

function highMemory(): Page {
  return page("high-memory.md", "High memory usage", [
    "Signs: [HighMemoryUsage](HighMemoryUsage.md), [OmenDBOutOfMemory](OmenDBOutOfMemory.md), slow queries.",
    "## First look",
    shell([
      ...metrics("omendb_memory"),
      kubectl('exec "$SERVING" -c omendb -- top -b -n 1 | head -12'),
      kubectl("top pods -l app=omendb --containers"),
    ]),
    "## What to do",
    steps([
      `Rebuild the index; it frees memory and takes minutes:\n\n${shell([startJob(jobNames.rebuildIndex)])}`,
      "Still growing: it is a leak or a load. Delete the serving pod; a standby starts with empty memory:\n\n" +
        shell([findServing, kubectl('delete pod "$SERVING"')]),
      "Here to stay: raise `limits.memory_limit_mb` in the stack's configuration, below the container's limit. 75 % of the container's memory is the guide's measure.",
    ]),
    "## What not to do",
    "The guide's patch to `memory: 6Gi` puts the container's limit below the database's own 8192 MB: it makes the kernel kill the database. The configuration refuses it.",
    call(),
  ]);
}

function walCorruption(): Page {
  return page("wal-corruption.md", "WAL corruption", [
    "Signs: log recovery fails at start, messages of inconsistent data, inserts that fail ([OmenDBStartFailing](OmenDBStartFailing.md), [OmenDBInsertFailures](OmenDBInsertFailures.md)).",
    "## First look",
    shell([
      countErrors,
      kubectl("logs -l app=omendb --previous --tail=50 --prefix"),
      findServing,
      kubectl('exec "$SERVING" -c omendb -- ls -la /var/lib/omendb/wal'),
      startJob(jobNames.verification),
    ]),
    "## What to do",
    steps([
      "Write down the time of the first error, in UTC. That is DAMAGE_TIME.",
      "Stop further starts: every start may write. [Restore clean](restore-clean.md) begins with that.",
      "Follow it. The newest backup may hold the damage; it looks for the newest that does not.",
    ]),
    "## What not to do",
    'Do not remove or cut log files: acknowledged writes may be in them only. Do not restore "the latest" by hand as the guide does: the tool empties the volume before it has looked at the backup.',
    call(),
  ]);
}

function performance(): Page {
  return page("performance-degradation.md", "Performance degradation", [
    "Signs: [HighQueryLatency](HighQueryLatency.md), [HighInsertLatency](HighInsertLatency.md), timeouts, busy CPUs.",
    "## First look",
    shell([
      ...metrics("duration_seconds_bucket"),
      startJob(jobNames.index),
      kubectl("top pods -l app=omendb --containers"),
      `${kubectl("logs -l app=omendb --since=1h --tail=-1")} | grep duration | awk '{print $NF}' | sort -n | tail`,
      countErrors,
    ]),
    "## What to do",
    steps([
      `Retrain the learned index; queries go on meanwhile, slower:\n\n${shell([startJob(jobNames.retrainIndex)])}`,
      "Compare with the last monthly benchmark: a step down at a deployment means going back ([upgrade](upgrade.md)).",
      "CPU at its limit: raise `resources.cores`, and `performance.worker_threads` with it.",
      "Latency of the volume: raise its throughput.",
      "Accuracy to spare: the index profile `high-throughput`.",
    ]),
    "## What not to do",
    `Scaling \`deployment/${WORKLOAD}\` to 5, as the guide says, does nothing: OmenDB has no replication, one pod serves, and more standbys only wait.`,
    call(),
  ]);
}

function incident(): Page {
  return page("incident-response.md", "Incident response", [
    "For any incident, before you know which.",
    steps([
      `Say that you have it, in Slack #omendb-oncall, with the time.`,
      `Look who serves:\n\n${shell(whoServes)}`,
      "Choose: one pod or node → it heals by the lease, watch [OmenDBDown](OmenDBDown.md). Volume → [restore in place](restore-in-place.md). Region → [OmenDBRegionLost](OmenDBRegionLost.md). Damaged data → [restore clean](restore-clean.md). Intrusion → [security incidents](security-incidents.md).",
      "Every 15 minutes: say what you know, what you do next, and when you will speak again.",
      "Afterwards: write down what was lost, how long it took, and which page was wrong. Measured times become drill records.",
    ]),
    call(),
  ]);
}

function security(): Page {
  return page("security-incidents.md", "Security incidents", [
    "Signs: [OmenDBIntrusionSuspected](OmenDBIntrusionSuspected.md), objects missing from the bucket, users nobody knows.",
    "## First look",
    shell([
      `${kubectl("logs -l app=omendb --since=24h --tail=-1")} | grep auth | tail -50`,
      `${kubectl("logs -l app=omendb --since=24h --tail=-1")} | grep -E '\\b40[13]\\b' | tail -50`,
      kubectl("get events --sort-by=.lastTimestamp | tail -30"),
    ]),
    "## What to do",
    steps([
      `Call the security team before changing anything: ${contacts.security.reach}, ${contacts.security.above}.`,
      "One user: change that user's line ([access](access.md)).",
      "The workload's or the deployer's credentials: everything they reach is lost. [Rebuild in the clean room](rebuild-in-clean-room.md).",
      "Write what you see into the incident, not into the shared channel: whoever is inside may read it.",
    ]),
    "## What not to do",
    "Do not delete pods, logs or objects: they are evidence. Do not restore into the old site.",
  ]);
}

function access(): Page {
  return page("access.md", "Users and certificate", [
    "## A user",
    steps([
      "Make the line on your machine: `htpasswd -nB <user>`. Never `htpasswd -c` on the existing file, as the guide has it: `-c` empties it, and all users are gone.",
      "Put it as a secret under that user's name in the stack's configuration, then deploy. The Secret `omendb-users` follows; each full backup holds a copy of the file.",
      "Check: `" +
        kubectl("get secret omendb-users -o jsonpath='{.data}' | wc -c") +
        "` grew, and the user can log in.",
    ]),
    "## The certificate",
    "cert-manager renews it 30 days before its end and again each time; nothing is done by hand. The guide's `kubectl create secret tls` fails on the second renewal, because the Secret exists. See [OmenDBCertificateExpiry](OmenDBCertificateExpiry.md).",
  ]);
}

function call(): string {
  const { "on-call": onCall, database } = contacts;
  return `Who to call: ${onCall.who} ${onCall.reach} (${onCall.above}); ${database.who} ${database.reach} (${database.above}).`;
}
