import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** A bucket and the job that writes to it. */
class Backup extends pulumi.ComponentResource {
  constructor(name: string, args: { schedule: string; aws: aws.Provider; k8s: k8s.Provider }) {
    super("fixture:index:Backup", name, {});
    const password = new random.RandomPassword(`${name}-password`, { length: 20 }, { parent: this });
    const given = config.get("bucket");
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { ...(given === undefined ? {} : { bucket: given }), tags: { asset: name } },
      { parent: this, provider: args.aws, protect: config.getBoolean("protect") ?? false },
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket: bucket.id, rules: [{ id: "expire", status: "Enabled", expiration: { days: 30 } }] },
      { parent: this, provider: args.aws },
    );
    const secret = new k8s.core.v1.Secret(
      `${name}-secret`,
      {
        metadata: { name, namespace: "backup" },
        stringData: { password: password.result, key: config.requireSecret("key") },
      },
      { parent: this, provider: args.k8s },
    );
    new k8s.batch.v1.CronJob(
      `${name}-cron`,
      {
        metadata: { name, namespace: "backup", annotations: { bucket: bucket.arn } },
        spec: {
          schedule: args.schedule,
          concurrencyPolicy: "Forbid",
          jobTemplate: {
            spec: {
              activeDeadlineSeconds: 3600,
              template: {
                spec: {
                  restartPolicy: "Never",
                  containers: [
                    {
                      name: "dump",
                      image: "registry.invalid/dump@sha256:0",
                      env: [
                        { name: "BUCKET", value: bucket.arn },
                        {
                          name: "SECRET",
                          valueFrom: { secretKeyRef: { name: secret.metadata.name, key: "password" } },
                        },
                      ],
                    },
                  ],
                },
              },
            },
          },
        },
      },
      { parent: this, provider: args.k8s, ignoreChanges: ["spec.suspend"] },
    );
    this.registerOutputs({ promise: { rpo: "24h" }, bucket: bucket.arn });
  }
}

const config = new pulumi.Config();
const region = new aws.Provider("region", { region: "eu-central-1", allowedAccountIds: ["123456789012"] });
const cluster = new k8s.Provider("cluster", { context: "cluster-1", kubeconfig: config.requireSecret("kubeconfig") });
new Backup("orders", { schedule: config.get("schedule") ?? "0 2 * * *", aws: region, k8s: cluster });
// One without an explicit provider or a parent.
new aws.s3.Bucket("loose", { tags: { asset: "loose" } }, { protect: true, retainOnDelete: true });

/** A component that its provider makes, as a Helm chart is. */
class Remote extends pulumi.ComponentResource {
  declare readonly bucket: pulumi.Output<string>;

  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("kubernetes:fixture:Archive", name, { bucket: undefined }, opts, true);
  }
}

if (config.getBoolean("more")) {
  const remote = new Remote("archive", { provider: cluster });
  const { accountId } = aws.getCallerIdentityOutput({}, { provider: region });
  new k8s.core.v1.ConfigMap(
    "answers",
    { metadata: { name: "answers", namespace: "backup" }, data: { account: accountId, bucket: remote.bucket } },
    { provider: cluster },
  );
}

/** A stack output. */
export const schedule = config.get("schedule");
