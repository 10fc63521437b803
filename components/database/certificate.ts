import type { Duration } from "../../recovery/duration";
import { duration } from "../../recovery/duration";

/** A server certificate from cert-manager. */
export interface CertificateArgs {
  /** Secret that receives certificate and key. */
  secret: string;
  /** ClusterIssuer of the site. */
  issuer: string;
  lifetime: Duration;
  /** So early that a failed renewal can be mended before the certificate ends. */
  renewBefore: Duration;
  names: string[];
}

/** The spec of a cert-manager Certificate. */
export function certificateSpec({ secret, issuer, lifetime, renewBefore, names }: CertificateArgs) {
  return {
    secretName: secret,
    duration: hours(lifetime),
    renewBefore: hours(renewBefore),
    dnsNames: names,
    usages: ["server auth"],
    // A new key with every renewal: an old one that leaked ends with its certificate.
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
  };
}

/** cert-manager reads Go durations, whose largest unit is the hour. */
function hours(text: Duration): string {
  return `${Math.floor(duration(text) / 3_600)}h`;
}
