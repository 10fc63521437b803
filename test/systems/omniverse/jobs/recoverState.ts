import { standbyJobs } from "../../../../systems/omniverse/names";
import { makeBucket } from "../../../support/doubles";

const NOW = Math.floor(Date.now() / 1_000) * 1_000;

/** A moment so many minutes before the tests began. */
export const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString().replace(".000Z", "Z");

/** The instance that is restored to a moment. */
export const restored = (moment: string): string => `omniverse-prod-at-${moment.replace(/[-:]/g, "").toLowerCase()}`;

/** The moment before the damage, in the examples. */
export const BEFORE = ago(420);

/** Buckets of the examples: the first site's, the other's, the locked one, a clean room's. */
export const buckets = { first: "assets-one", other: "assets-two", copies: "copies", clean: "assets-clean" } as const;

/** Their regions. */
export const REGIONS = { first: "eu-central-1", other: "eu-west-1" } as const;
/** Names at which the sites are reached. */
export const hosts = {
  primary: "omniverse-primary.example.com",
  secondary: "omniverse-secondary.example.com",
  cleanRoom: "omniverse-clean.example.com",
} as const;

/** A record of the clients' name as Route 53 has it, in the words of its API. */
export const placed = (role: "PRIMARY" | "SECONDARY", site: keyof typeof hosts) => ({
  Name: "omniverse.example.com",
  Type: "CNAME",
  SetIdentifier: role.toLowerCase(),
  Failover: role,
  TTL: 60,
  HealthCheckId: `check-${site}`,
  ResourceRecords: [{ Value: hosts[site] }],
});

/** The zone while the sites of these roles come first and second. */
export const zoneOf = (primary: keyof typeof hosts, secondary: keyof typeof hosts) => ({
  "Z123 omniverse.example.com CNAME primary": placed("PRIMARY", primary),
  "Z123 omniverse.example.com CNAME secondary": placed("SECONDARY", secondary),
});

/** The password of the database, which nobody may see; both signs are escaped in a password file. */
const PASSWORD = "canary:of\\the-database";

/** A database as the double of psql knows it. */
export interface Database {
  tables: Record<string, number>;
  references: string[];
  replayed?: number;
  damaged?: boolean;
  /** pg_amcheck takes long. */
  slow?: boolean;
  /** What a recovery or a fail-back has left written about it. */
  comment?: string;
}

/** An instance as RDS describes it. */
export const rdsInstance = (region: string, id: string) => ({
  DBInstanceIdentifier: id,
  DbiResourceId: `db-${id.toUpperCase()}`,
  DBInstanceStatus: "available",
  DBInstanceClass: "db.m6g.xlarge",
  Endpoint: { Address: `${id}.c0ffee.${region}.rds.amazonaws.com`, Port: 5432 },
  DBSubnetGroup: { DBSubnetGroupName: `subnets-${region}` },
  DBParameterGroups: [{ DBParameterGroupName: "omniverse-prod-postgres15" }],
  VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1" }, { VpcSecurityGroupId: "sg-2" }],
  StorageType: "gp3",
  MaxAllocatedStorage: 400,
  MultiAZ: true,
  DeletionProtection: true,
  BackupRetentionPeriod: 35,
});

const backup = (arn: string, LatestTime: string) => ({
  DBInstanceIdentifier: "omniverse-prod",
  DbiResourceId: "db-OMNIVERSE-PROD",
  Region: REGIONS.first,
  DBInstanceAutomatedBackupsArn: arn,
  Status: "active",
  BackupRetentionPeriod: 35,
  RestoreWindow: { EarliestTime: ago(35 * 1_440), LatestTime },
});

/** Writes what the doubles hold before anything has happened. */
export function writeState(at: (file: string) => string, write: (file: string, value: unknown) => void): void {
  makeBucket(at("aws"), buckets.first, { region: REGIONS.first });
  for (const name of [buckets.other, buckets.copies, buckets.clean])
    makeBucket(at("aws"), name, { region: REGIONS.other });
  write("aws/secrets.json", { "omniverse-prod-postgres": JSON.stringify({ username: "nucleus", password: PASSWORD }) });
  write("aws/rds.json", {
    [REGIONS.first]: {
      instances: {
        "omniverse-prod": {
          ...rdsInstance(REGIONS.first, "omniverse-prod"),
          ReadReplicaDBInstanceIdentifiers: ["arn:aws:rds:eu-west-1:1:db:omniverse-prod-replica"],
        },
      },
      backups: [backup("arn:one", ago(5))],
      subnetGroups: [`subnets-${REGIONS.first}`],
    },
    [REGIONS.other]: {
      instances: {
        "omniverse-prod-replica": {
          ...rdsInstance(REGIONS.other, "omniverse-prod-replica"),
          MultiAZ: false,
          ReadReplicaSourceDBInstanceIdentifier: "arn:aws:rds:eu-central-1:1:db:omniverse-prod",
        },
      },
      backups: [backup("arn:two", ago(10))],
      subnetGroups: [`subnets-${REGIONS.other}`],
    },
  });
  write("aws/route53.json", {
    records: zoneOf("primary", "secondary"),
    changes: {},
    checks: (Object.keys(hosts) as (keyof typeof hosts)[]).map((site) => ({
      Id: `check-${site}`,
      HealthCheckConfig: {
        Type: "HTTPS",
        FullyQualifiedDomainName: hosts[site],
        ResourcePath: "/health",
        Disabled: false,
      },
    })),
  });
  write("psql/password.json", PASSWORD.replace(/[\\:]/g, "\\$&"));
  const good: Database = { tables: { "public.assets": 2, "public.users": 1 }, references: ["a.usd", "b/c d.usd"] };
  write("psql/databases.json", {
    ...Object.fromEntries([BEFORE, ago(10), ago(25)].map((moment) => [restored(moment), good])),
    "omniverse-prod": good,
    "omniverse-prod-replica": { ...good, replayed: Date.parse(ago(6)) / 1_000 },
  });
  const deployment = (name: string, replicas: number) => ({
    [`deployment/${name}`]: { metadata: { name, labels: { app: "nucleus" } }, spec: { replicas } },
    ...Object.fromEntries(
      Array.from({ length: replicas }, (_, i) => [
        `pod/${name}-${i}`,
        { metadata: { name: `${name}-${i}`, labels: { app: "nucleus" } } },
      ]),
    ),
  });
  write("kube/state.json", {
    objects: {
      ...deployment("nucleus-server", 2),
      ...deployment("nucleus-navigator", 1),
      "deployment/other": { metadata: { name: "other", labels: { app: "other" } }, spec: { replicas: 1 } },
      ...Object.fromEntries(
        standbyJobs.map((name) => [`cronjob/${name}`, { metadata: { name }, spec: { suspend: true } }]),
      ),
      "configmap/omniverse-recovery": { metadata: { name: "omniverse-recovery" } },
    },
  });
}
