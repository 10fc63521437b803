import type { AlertText } from "../../../runbooks/alertPage";
import { CLAIMS, TLS_SECRET, WORKLOAD } from "../../names";
import { countErrors, findServing, kubectl, lastRuns, shell, startJob, whoServes } from "../commands";
import { jobNames } from "../jobNames";

const secretExpiry = `${kubectl(`get secret ${TLS_SECRET} -o jsonpath='{.data.tls\\.crt}'`)} | base64 -d | openssl x509 -noout -enddate`;

/** Texts of the alerts on what the database stands on. */
export const platformTexts: Readonly<Record<string, AlertText>> = {
  OmenDBLeaseStale: {
    means:
      "Nobody renews the lease. The last holder has stopped its database, as it must, and no standby took over: nothing serves.",
    look: [
      ...whoServes,
      kubectl("logs -l app=omendb --tail=20 --prefix"),
      kubectl(`auth can-i update leases/${WORKLOAD} --as=system:serviceaccount:omendb-prod:omendb-serving`),
    ],
    act: [
      "No pod runs: [OmenDBStandbyMissing](OmenDBStandbyMissing.md).",
      "Pods run and cannot reach the API server: its outage is the cause; the database returns with it.",
      "Pods may not write the lease: compare Role and RoleBinding with the program, deploy again.",
    ],
    stop: "Do not edit the lease by hand while any pod runs.",
  },
  OmenDBTakeoversRepeat: {
    means: "The lease keeps changing hands. Every change costs clients a start of the database.",
    look: [
      ...whoServes,
      kubectl("logs -l app=omendb --since=30m --prefix | grep -E 'fenced|lease|ended'"),
      kubectl("top nodes"),
    ],
    act: [
      "`no renewal` in the logs: the API server is slow, or the node is. Drain that node.",
      "`the database ended`: it crashes. [OmenDBStartFailing](OmenDBStartFailing.md).",
      "`OOMKilled`: [OmenDBOutOfMemory](OmenDBOutOfMemory.md).",
    ],
    stop: "If it goes on for an hour, call the database team.",
  },
  OmenDBStandbyMissing: {
    means: "Fewer pods run than the promises need: the next loss of a node or zone may find nobody to take over.",
    look: [
      kubectl("get pods -l app=omendb -o wide"),
      kubectl(`describe deployment ${WORKLOAD} | tail -20`),
      "kubectl get nodes -L topology.kubernetes.io/zone",
    ],
    act: [
      "Pending: the pods must stand in different zones. Bring a node back in the zone that has none.",
      "Somebody scaled it: deploy again, the program declares the number.",
    ],
    stop: "Not before the morning if two pods run in two zones; at once if one is left.",
  },
  OmenDBOutOfMemory: {
    means: "The kernel killed the database: the container's limit came before the database's own, which must not be.",
    look: [
      kubectl("describe pod -l app=omendb | grep -A5 'Last State'"),
      kubectl("top pods -l app=omendb --containers"),
    ],
    act: [
      "Follow [high memory](high-memory.md).",
      "Compare `limits.memory_limit_mb` with the container's limit: the guide's patch to 6Gi below 8192 MB is what causes this.",
    ],
    stop: "A second kill within the hour: call the database team.",
  },
  OmenDBStartFailing: {
    means: "A pod fails at every start. If it is the one that holds the lease, nothing serves.",
    look: [kubectl("get pods -l app=omendb"), kubectl("logs -l app=omendb --previous --tail=50 --prefix"), countErrors],
    act: [
      "Log recovery fails: [WAL corruption](wal-corruption.md).",
      "A bad setting: it names the key. Go back to the last deployment.",
      "A bad image: [upgrade](upgrade.md), step back.",
    ],
    stop: "When the messages name damaged data, stop trying: every start may write. Go to [restore clean](restore-clean.md).",
  },
  OmenDBVolumeFilling: {
    means: "A volume of data or log is above four fifths of its declared size, or no longer reports.",
    look: [
      findServing,
      kubectl('exec "$SERVING" -c omendb -- df -h /var/lib/omendb/data /var/lib/omendb/wal'),
      startJob(jobNames.capacity),
    ],
    act: [
      "Raise `database.expected_size` in the stack's configuration: the volumes follow the formula. A claim can grow, never shrink.",
      "What a restore kept aside (`.holdfast/aside`) may be removed once the restored data is validated.",
      `No series: nothing mounts ${CLAIMS.data}. Then [OmenDBDown](OmenDBDown.md) fires too.`,
    ],
    stop: "Above 95 % wake the database team: at 100 % inserts fail.",
  },
  OmenDBScratchFull: {
    means: "Backups are built on scratch. When it is full no restore point is taken, and nobody is told by the tool.",
    look: [...lastRuns(jobNames.full), kubectl(`describe pvc ${CLAIMS.scratch}`)],
    act: [
      "Two chains are kept here and the bucket has all: a full backup that succeeds removes the oldest. Start one:\n\n" +
        shell([startJob(jobNames.full)]),
      "It does not fit: enlarge `storage.scratchGib`, then start it again.",
      "Left from a drill or a recovery (`drill`, `restore`, `work`): remove it once no Job runs.",
    ],
    stop: "Never remove the newest folder under `chains`: the next incremental builds on it.",
  },
  OmenDBCertificateExpiry: {
    means:
      "cert-manager should have renewed the certificate 30 days before its end and did not, or does not know it. When it ends, clients, probes, scrapes and backups stop together.",
    look: [
      kubectl(`describe certificate ${WORKLOAD}`),
      secretExpiry,
      "kubectl -n cert-manager logs deploy/cert-manager --since=24h | grep -i omendb | tail",
    ],
    act: [
      "Mend what the Certificate's condition names (issuer, quota, DNS).",
      `Ask for a new one: \`${kubectl(`delete certificaterequest -l cert-manager.io/certificate-name=${WORKLOAD}`)}\`.`,
      "Then check that it is served: [OmenDBServedCertificateExpiry](OmenDBServedCertificateExpiry.md).",
    ],
    stop: "With less than three days left, call the security team.",
  },
  OmenDBServedCertificateExpiry: {
    means:
      "Clients see a certificate that ends soon, whatever the Secret holds: the renewed one was not loaded, or the address cannot be seen from the other site.",
    look: [
      secretExpiry,
      "openssl s_client -connect <public name>:443 </dev/null 2>/dev/null | openssl x509 -noout -enddate",
    ],
    act: [
      "The Secret is newer: the process has not read it. Restart the serving pod by deleting it; a standby takes over:\n\n" +
        shell([findServing, kubectl('delete pod "$SERVING"')]),
      "The Secret is old: [OmenDBCertificateExpiry](OmenDBCertificateExpiry.md).",
    ],
    stop: "With less than three days left, call the security team.",
  },
  OmenDBEscalated: {
    means:
      "An alert that woke the on-call still fires: nobody answered, or whoever did needs help. You are the one above.",
    look: whoServes,
    act: [
      "Open the page of the alert that is named.",
      "Ask in Slack #omendb-oncall who has it. Nobody: call the primary on-call yourself, then follow the page together.",
      "Decisions that cost data or a region are yours: [restore in secondary](restore-in-secondary.md), [restore clean](restore-clean.md).",
    ],
    stop: "It ends with the alert it names.",
  },
  HoldfastWatchdog: {
    means:
      "This alert always fires. The heartbeat outside pages you when it *stops*: Prometheus or Alertmanager of that site is dead, and no other alert can reach you.",
    look: [
      "kubectl -n monitoring get pods",
      "kubectl -n monitoring logs -l app.kubernetes.io/name=alertmanager --since=15m | tail",
      ...whoServes,
    ],
    act: [
      "Until alerting is back, look at the database by hand every five minutes with the commands above.",
      "Restart what is down. If the whole cluster is silent: [OmenDBRegionLost](OmenDBRegionLost.md).",
    ],
    stop: "Alerting down for half an hour: call the database manager, someone must watch.",
  },
};
