import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of `SiteCertificate`. */
export interface SiteCertificateArgs {
  /** Of the region of the load balancer. */
  provider: aws.Provider;
  /** Zone of the names, and who may write it. */
  zone: { id: string; provider: aws.Provider };
  /** The name that clients use: both sites answer to it. */
  record: string;
  /** Name of this site. */
  host: string;
  /**
   * A certificate of the same account for `record` that is there before: AWS asks for one and the same record of a name,
   * whatever the region.
   */
  after?: SiteCertificate;
  tags?: Record<string, string>;
}

/** A certificate that AWS renews by itself, because the records by which it was validated stay. */
export class SiteCertificate extends pulumi.ComponentResource {
  /** Its ARN, once it is valid. */
  declare readonly validated: pulumi.Output<string>;
  /** The record by which the clients' name is validated. */
  declare readonly shared: aws.route53.Record;

  constructor(name: string, args: SiteCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:edge:SiteCertificate", name, {}, opts);
    const { provider, zone, record, host, after, tags = {} } = args;
    const options = { parent: this, provider };
    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      { domainName: record, subjectAlternativeNames: [host], validationMethod: "DNS", tags },
      options,
    );
    const proof = (of: string, domain: string) => {
      const wanted = certificate.domainValidationOptions.apply((all) => all.find((one) => one.domainName === domain));
      const text = (key: "resourceRecordName" | "resourceRecordType" | "resourceRecordValue") =>
        wanted.apply((one) => one?.[key] ?? "");
      return new aws.route53.Record(
        `${name}-${of}-proof`,
        {
          zoneId: zone.id,
          name: text("resourceRecordName"),
          type: text("resourceRecordType").apply((type) => type as aws.types.enums.route53.RecordType),
          ttl: 300,
          records: [text("resourceRecordValue")],
        },
        { parent: this, provider: zone.provider },
      );
    };
    this.shared = after?.shared ?? proof("shared", record);
    const own = proof("own", host);
    this.validated = new aws.acm.CertificateValidation(
      `${name}-validation`,
      { certificateArn: certificate.arn, validationRecordFqdns: [this.shared.fqdn, own.fqdn] },
      options,
    ).certificateArn;
    this.registerOutputs({});
  }
}
