import { awsBackup } from "./awsBackup";
import { awsVolumes } from "./awsVolumes";
import { azureMonitor } from "./azureMonitor";
import { azureRegionFacts } from "./azureRegions";
import { azureStorage } from "./azureStorage";
import { cloudWatch } from "./cloudWatch";
import { commands } from "./commands";
import { cronJobs } from "./cronJobs";
import { databricks } from "./databricks";
import { dns } from "./dns";
import { eventHubs } from "./eventHubs";
import { fabric } from "./fabric";
import type { Fact } from "./fact";
import { kafka } from "./kafka";
import { keyVault } from "./keyVault";
import { kubernetes } from "./kubernetes";
import { loadBalancing } from "./loadBalancing";
import { managedServices } from "./managedServices";
import { model } from "./model";
import { monitoring } from "./monitoring";
import { nucleus } from "./nucleus";
import { postgres } from "./postgres";
import { quorum } from "./quorum";
import { rds } from "./rds";
import { isStale } from "./review";
import { s3 } from "./s3";
import { vast } from "./vast";

export * from "./awsBackup";
export * from "./awsVolumes";
export * from "./azureMonitor";
export * from "./azureRegions";
export * from "./azureStorage";
export * from "./cloudWatch";
export * from "./commands";
export * from "./cronJobs";
export * from "./databricks";
export * from "./dns";
export * from "./eventHubs";
export * from "./fabric";
export * from "./fact";
export * from "./kafka";
export * from "./keyVault";
export * from "./kubernetes";
export * from "./loadBalancing";
export * from "./managedServices";
export * from "./model";
export * from "./monitoring";
export * from "./nucleus";
export * from "./postgres";
export * from "./quorum";
export * from "./rds";
export * from "./review";
export * from "./s3";
export * from "./vast";

/** The facts of one technology: a chapter of `docs/facts.md`. */
export interface FactGroup {
  title: string;
  facts: Readonly<Record<string, Fact>>;
}

/** All facts by technology. */
export const factGroups: readonly FactGroup[] = [
  { title: "The model", facts: model },
  { title: "Kubernetes", facts: kubernetes },
  { title: "Schedules", facts: cronJobs },
  { title: "Monitoring", facts: monitoring },
  { title: "DNS and routing", facts: dns },
  { title: "AWS load balancers", facts: loadBalancing },
  { title: "Amazon RDS", facts: rds },
  { title: "AWS Backup", facts: awsBackup },
  { title: "Amazon S3", facts: s3 },
  { title: "Amazon EFS and EBS", facts: awsVolumes },
  { title: "Amazon CloudWatch", facts: cloudWatch },
  { title: "Services that AWS runs", facts: managedServices },
  { title: "Regions of Azure", facts: azureRegionFacts },
  { title: "Azure Storage", facts: azureStorage },
  { title: "Azure Event Hubs", facts: eventHubs },
  { title: "Kafka over two regions", facts: kafka },
  { title: "Databricks and Delta", facts: databricks },
  { title: "Azure Key Vault", facts: keyVault },
  { title: "Azure Monitor and budgets", facts: azureMonitor },
  { title: "Power BI and Fabric", facts: fabric },
  { title: "PostgreSQL", facts: postgres },
  { title: "Quorums and erasure codes", facts: quorum },
  { title: "VAST Data", facts: vast },
  { title: "Omniverse Nucleus", facts: nucleus },
  { title: "Commands and tools", facts: commands },
];

/** Every fact that the model, a reader or a runbook reckons with. */
export const facts: readonly Fact[] = factGroups.flatMap((group) => Object.values(group.facts));

/** Facts whose source is due to be read again at an instant (seconds since 1970). */
export function staleFacts(asOf: number): Fact[] {
  return facts.filter((fact) => isStale(fact, asOf));
}
