import { factsOf } from "./group";

const s3 = {
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/DataDurability.html",
  read: "2025",
};
const eks = {
  source: "https://docs.aws.amazon.com/eks/latest/userguide/disaster-recovery-resiliency.html",
  read: "2026-11-21",
};
const boundaries = {
  source: "AWS whitepaper aws-fault-isolation-boundaries, appendix B (edge network global services)",
  read: "2026-11-21",
};
const ecr = {
  source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/disaster-recovery-resiliency.html",
  read: "2025",
};
const secrets = {
  source: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/disaster-recovery-resiliency.html",
  read: "2025",
};

const resourceManager = {
  source: "https://learn.microsoft.com/azure/azure-resource-manager/management/overview (resiliency)",
  read: "2025",
};

/** What services that a cloud runs keep by themselves when a zone is lost; none says how long clients notice it. */
export const managedServices = factsOf("managed-services", {
  s3: {
    says: "S3 keeps what it acknowledged in at least three zones, the one-zone classes excepted.",
    standing: "design",
    ...s3,
  },
  eks: {
    says: "EKS runs its API servers and etcd over three zones and replaces those that are lost.",
    standing: "design",
    ...eks,
  },
  route53: {
    says: "Route 53 answers from hundreds of places; its changes go through us-east-1 alone.",
    standing: "design",
    ...boundaries,
  },
  ecr: {
    says: "ECR keeps the layers of images in S3, so in several zones of one region.",
    standing: "design",
    ...ecr,
  },
  secretsManager: {
    says: "Secrets Manager keeps secrets in several zones of one region.",
    standing: "design",
    ...secrets,
  },
  resourceManager: {
    says: "Azure Resource Manager keeps what it was told in several zones and regions, and answers from all of them.",
    standing: "design",
    ...resourceManager,
  },
});
