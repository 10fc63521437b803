import { STATE_META, stateKeys } from "../systems/platform/stateKeys";
import type { BootstrapConfig, StackSettings, SystemSettings } from "./config";
import { boundaryName, keyAlias, stateBuckets } from "./names";
import { type Services, servicesOf } from "./services";
import { allow, bucketArns, objectArns, type Statement } from "./statement";
import { united } from "./systems";

/** What belongs to one stack, or to some of its systems, as the ARNs and conditions that its policies are made of. */
export interface Scope {
  stack: string;
  account: string;
  /** Buckets with state, here and in the other region. */
  state: string[];
  /** What Pulumi writes for the stack. */
  written: string[];
  /** Of these, the files that say that somebody is at work. */
  locks: string[];
  meta: string[];
  evidence: string;
  /** Where the stack's evidence goes. */
  ownEvidence: string[];
  buckets: string[];
  objects: string[];
  zones: string[];
  names: string[];
  roles: string[];
  clusters: string[];
  /** Of each system, its roles and the policy that bounds them. */
  bounds: { roles: string[]; boundary: string }[];
  services: Services;
  /** What jobs of the platform bring back. */
  recovers: Recovers;
}

/** What a recovery of the platform reads and writes besides, as ARNs; nothing where a stack has none. */
export interface Recovers {
  state: string[];
  locks: string[];
  zones: string[];
  repositories: string[];
  secrets: string[];
}

/** What belongs to a stack: to those of its systems, by default to all. */
export function scopeOf(
  { state, evidence }: Pick<BootstrapConfig, "state" | "evidence">,
  stack: string,
  settings: StackSettings,
  names: readonly string[] = Object.keys(settings.systems),
): Scope {
  const { account } = settings;
  const systems = Object.entries(settings.systems).filter(([name]) => names.includes(name));
  const own = united(systems.map(([, one]) => one));
  const arns = (roles: readonly string[]) => roles.map((role) => `arn:aws:iam::${account}:role/${role}`);
  const both = Object.values(stateBuckets(state));
  const keys = stateKeys(state.project, stack);
  return {
    stack,
    account,
    state: bucketArns(both),
    written: objectArns(both, keys.written),
    locks: objectArns(both, [keys.locks]),
    meta: objectArns(both, [STATE_META]),
    evidence: `arn:aws:s3:::${evidence.bucket}`,
    ownEvidence: objectArns([evidence.bucket], [`${stack}/*`]),
    buckets: bucketArns(own.buckets),
    objects: own.objects.map((one) => `arn:aws:s3:::${one}`),
    zones: Object.keys(own.records).map(zoneArn),
    names: [...new Set(Object.values(own.records).flat())],
    roles: arns(own.roles),
    clusters: settings.clusters.map((cluster) => `arn:aws:eks:*:${account}:cluster/${cluster}`),
    bounds: systems.map(([name, { roles }]) => ({
      roles: arns(roles),
      boundary: `arn:aws:iam::${account}:policy/${boundaryName(stack, name)}`,
    })),
    services: servicesOf(
      settings,
      systems.filter(([, { services }]) => services).map(([name]) => name),
      own,
    ),
    recovers: recoversOf(account, own.platform, stateBuckets(state).replica, keys),
  };
}

function recoversOf(
  account: string,
  platform: SystemSettings["platform"],
  replica: string,
  keys: ReturnType<typeof stateKeys>,
): Recovers {
  const { zones = [], repositories = [], secrets = [] } = platform ?? {};
  return {
    state: platform ? objectArns([replica], keys.written) : [],
    locks: platform ? objectArns([replica], [keys.locks]) : [],
    zones: zones.map(zoneArn),
    repositories: repositories.map((one) => `arn:aws:ecr:*:${account}:repository/${one}`),
    secrets: secrets.map((one) => `arn:aws:secretsmanager:*:${account}:secret:${one}*`),
  };
}

function zoneArn(zone: string): string {
  return `arn:aws:route53:::hostedzone/${zone}`;
}

/** Opens what is encrypted with a stack's key, which has a number only once it exists, and the same in each region. */
export function opensSecrets({ stack, account }: Scope, further: string[] = []): Statement {
  return allow("Secrets", ["kms:Decrypt", ...further], [`arn:aws:kms:*:${account}:key/*`], {
    "ForAnyValue:StringEquals": { "kms:ResourceAliases": [keyAlias(stack)] },
  });
}

/** Writes the systems' names in its zones, and none of its neighbours'; `whole` are zones that it writes anyway. */
export function writesRecords({ zones, names }: Scope, whole: readonly string[] = []): Statement[] {
  if (zones.length + whole.length === 0) return [];
  const named = zones.filter((zone) => !whole.includes(zone));
  return [
    allow("Records", ["route53:ChangeResourceRecordSets"], named, {
      "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": names },
    }),
    allow("WaitForRecords", ["route53:GetChange"], ["arn:aws:route53:::change/*"]),
  ];
}
