import type { AlertText } from "../../runbooks/alertPage";
import { commandsIn } from "../../runbooks/commands";
import { jobNames, TLS_SECRET } from "../names";

const { kubectl, lastRuns, startJob } = commandsIn("omniverse-prod");

const look = [
  ...lastRuns(jobNames.certificates),
  kubectl("get certificate nucleus-server -o wide"),
  kubectl(
    `get secret ${TLS_SECRET} -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -dates -fingerprint -sha256`,
  ),
];

/** Texts of the alerts on what the services inside the cluster serve. */
export const servedTexts: Readonly<Record<string, AlertText>> = {
  OmniverseServedCertificateOld: {
    means:
      "A service still serves a certificate that cert-manager has replaced weeks ago, or the job that looks has not run for a day.",
    look,
    act: [
      "The Secret's is old too? cert-manager does not renew: read the events of the Certificate and of its issuer.",
      `The Secret's is new? \`${startJob(jobNames.certificates)}\`; on a Sunday, or with less than a week left, it restarts what serves the old one, one service after the other.`,
      "It says that a service lacks pods? Mend that first: a restart takes one pod after the other away.",
      "nginx? Its loop (proxy.sh) says in the pod's log why it cannot read it; delete that pod.",
    ],
    stop: "A week left: announce a break of some minutes, and restart the service that is named by hand.",
  },
  OmniverseServedCertificateEnds: {
    means: "A service's certificate ends within days. nginx checks it, and then passes nothing on: nobody can work.",
    look,
    act: [
      `\`${startJob(jobNames.certificates)}\`: it restarts at once what has less than a week left.`,
      "The Secret's is old too? Renew it by hand: `cmctl renew nucleus-server`, then start the job.",
    ],
    stop: "A day left and no valid one in the Secret: have the issuer's owner sign one by hand.",
  },
};
