import type { Register } from "../../recovery/plan";
import type { Resource, ResourceGraph } from "../graph";
import { type AzureProgram, readAzureProgram } from "./azure/program";
import { noteContenders } from "./contenders";
import { Geography } from "./geography";
import { Problems } from "./problems";
import { readRegister, registerType } from "./register";
import { type AlertmanagerConfig, alertmanagerConfigs } from "./resources/alertmanagerConfig";
import { type Autoscaler, autoscalers } from "./resources/autoscaler";
import { type AwsRole, awsRoles } from "./resources/awsRole";
import { type Bucket, type BucketSetting, bucketSettings, buckets } from "./resources/bucket";
import { type BucketObject, bucketObjects } from "./resources/bucketObject";
import { type BucketReplication, bucketReplications } from "./resources/bucketReplication";
import { type Claim, claims } from "./resources/claim";
import { type CloudSecret, cloudSecrets } from "./resources/cloudSecret";
import { type CloudStore, cloudStores, isCloudStore } from "./resources/cloudStore";
import { type ConfigMap, configMaps } from "./resources/configMap";
import { type CronJob, cronJobs } from "./resources/cronJob";
import { type DeclaredObject, declaredObjects } from "./resources/declaredObject";
import { type HealthCheck, healthChecks } from "./resources/healthCheck";
import type { Reader, Surroundings } from "./resources/identity";
import { type Lease, leases } from "./resources/lease";
import {
  certificates,
  certificateValidations,
  type EdgePart,
  listeners,
  loadBalancers,
  targetGroups,
} from "./resources/loadBalancer";
import { type MetricAlarm, metricAlarms, type Notification, topicSubscriptions, topics } from "./resources/metricAlarm";
import { type OtherPods, otherPods } from "./resources/otherPods";
import { type Monitor, monitors, type PrometheusRule, prometheusRules } from "./resources/prometheusRule";
import {
  isPromise,
  type Promised,
  type PromisedAvailability,
  promisedAvailability,
  promises,
} from "./resources/promise";
import {
  parameterGroups,
  type RdsInstance,
  type RdsSetting,
  rdsInstances,
  replicatedBackups,
} from "./resources/rdsInstance";
import { type DnsRecord, dnsRecords } from "./resources/record";
import { type RolePolicy, rolePolicies } from "./resources/rolePolicy";
import { type Workload, workloads } from "./resources/workload";

/** Everything read from the resources of a program, each by the one reader of its type. */
export interface Program extends Surroundings {
  asOf: number;
  register: Register;
  promises: Promised[];
  availability: PromisedAvailability[];
  workloads: Workload[];
  others: OtherPods[];
  autoscalers: Autoscaler[];
  leases: Lease[];
  claims: Claim[];
  configMaps: ConfigMap[];
  declaredObjects: DeclaredObject[];
  cronJobs: CronJob[];
  prometheusRules: PrometheusRule[];
  monitors: Monitor[];
  alertmanagerConfigs: AlertmanagerConfig[];
  buckets: Bucket[];
  bucketSettings: BucketSetting[];
  bucketObjects: BucketObject[];
  bucketReplications: BucketReplication[];
  metricAlarms: MetricAlarm[];
  topics: Notification[];
  topicSubscriptions: Notification[];
  awsRoles: AwsRole[];
  rolePolicies: RolePolicy[];
  cloudSecrets: CloudSecret[];
  dnsRecords: DnsRecord[];
  healthChecks: HealthCheck[];
  loadBalancers: EdgePart[];
  targetGroups: EdgePart[];
  listeners: EdgePart[];
  certificates: EdgePart[];
  certificateValidations: EdgePart[];
  cloudStores: CloudStore[];
  rdsInstances: RdsInstance[];
  replicatedBackups: RdsSetting[];
  parameterGroups: RdsSetting[];
  azure: AzureProgram;
  /** Parents of resources, by URN. */
  components: ReadonlyMap<string, string | undefined>;
}

/** Reads every resource of a graph; their order does not matter. */
export function readProgram(graph: ResourceGraph, asOf: number): Program {
  const resources = [...graph.resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const problems = new Problems();
  const written = readRegister(
    resources.filter(({ type }) => type === registerType),
    asOf,
    problems,
  );
  const geography = new Geography(resources, written.sites);
  const surroundings = { geography, problems };
  const read = <T>({ types, read }: Reader<T>): T[] =>
    resources.filter(({ type }) => types.includes(type)).map((resource) => read(resource, surroundings));
  const program: Program = {
    ...surroundings,
    asOf,
    register: { ...written, sites: geography.sites },
    promises: resources.filter(isPromise).map((resource: Resource) => promises.read(resource, surroundings)),
    availability: resources.flatMap(promisedAvailability),
    workloads: read(workloads),
    others: read(otherPods),
    autoscalers: read(autoscalers),
    leases: read(leases),
    claims: read(claims),
    configMaps: read(configMaps),
    declaredObjects: read(declaredObjects),
    cronJobs: read(cronJobs),
    prometheusRules: read(prometheusRules),
    monitors: read(monitors),
    alertmanagerConfigs: read(alertmanagerConfigs),
    buckets: read(buckets),
    bucketSettings: read(bucketSettings),
    bucketObjects: read(bucketObjects),
    bucketReplications: read(bucketReplications),
    metricAlarms: read(metricAlarms),
    topics: read(topics),
    topicSubscriptions: read(topicSubscriptions),
    awsRoles: read(awsRoles),
    rolePolicies: read(rolePolicies),
    cloudSecrets: read(cloudSecrets),
    dnsRecords: read(dnsRecords),
    healthChecks: read(healthChecks),
    loadBalancers: read(loadBalancers),
    targetGroups: read(targetGroups),
    listeners: read(listeners),
    certificates: read(certificates),
    certificateValidations: read(certificateValidations),
    cloudStores: resources.filter(isCloudStore).map((resource: Resource) => cloudStores.read(resource, surroundings)),
    rdsInstances: read(rdsInstances),
    replicatedBackups: read(replicatedBackups),
    parameterGroups: read(parameterGroups),
    azure: readAzureProgram(resources, surroundings),
    components: new Map(resources.map(({ urn, parent }) => [urn, parent])),
  };
  noteContenders(resources, program);
  return program;
}
