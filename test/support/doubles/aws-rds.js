// The part of `aws rds` that the jobs use, on AWS_DOUBLE_DIR/rds.json: {"<region>": {"instances": {}, "backups": [],
// "down": true}}, or {"<instance>": {"carried": {"<region>": []}}} where regions do not matter. As in RDS: an instance that is made, renamed or promoted takes another look; one that is not available
// is not changed; a new name must be free; nothing later than the latest restorable time is restored, and network,
// settings and source must exist. {"restoresTo": "incompatible-network"} ends restores so, {"slow": true} ends none.
// {"down": "Read timeout on"} says which silence it is; {"refuses": {"modify-db-instance": {"code": "AccessDenied",
// "times": 2}}} answers an operation with an error, so often (else always).
const fs = require("node:fs");
const path = require("node:path");

const FEW_LOOKS = 1;
const known = {
  "describe-db-instances": "db-instance-identifier",
  "describe-db-instance-automated-backups": "db-instance-identifier",
  "restore-db-instance-to-point-in-time":
    "source-db-instance-identifier source-db-instance-automated-backups-arn target-db-instance-identifier source-dbi-resource-id restore-time db-instance-class db-subnet-group-name db-parameter-group-name storage-type max-allocated-storage vpc-security-group-ids multi-az no-multi-az deletion-protection no-publicly-accessible no-auto-minor-version-upgrade copy-tags-to-snapshot enable-cloudwatch-logs-exports",
  "modify-db-instance":
    "db-instance-identifier new-db-instance-identifier apply-immediately backup-retention-period deletion-protection multi-az",
  "describe-db-log-files": "db-instance-identifier file-last-written",
  "download-db-log-file-portion": "db-instance-identifier log-file-name starting-token",
  "create-db-instance-read-replica":
    "db-instance-identifier source-db-instance-identifier source-region db-instance-class db-subnet-group-name db-parameter-group-name storage-type kms-key-id vpc-security-group-ids deletion-protection no-publicly-accessible no-auto-minor-version-upgrade copy-tags-to-snapshot max-allocated-storage enable-cloudwatch-logs-exports",
  "start-db-instance-automated-backups-replication": "source-db-instance-arn backup-retention-period kms-key-id",
  "add-tags-to-resource": "resource-name tags",
  "start-db-instance": "db-instance-identifier",
  "reboot-db-instance": "db-instance-identifier",
  "promote-read-replica": "db-instance-identifier backup-retention-period",
};

/** Runs one operation; `exit` and `fail` end as the real command does. */
exports.run = ({ root, operation, options, print, exit, fail, region }) => {
  const allowed = known[operation] ?? exit(252, `argument operation: Invalid choice: ${operation}`);
  for (const name of Object.keys(options)) {
    if (!["region", "output", "cli-connect-timeout", "cli-read-timeout", ...allowed.split(" ")].includes(name))
      exit(252, `Unknown options: --${name}`);
  }
  const file = path.join(root, "rds.json");
  const state = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
  const regional = Object.keys(state).some((one) => /^[a-z]{2}-[a-z]+-\d$/.test(one));
  const carried = Object.entries(state).flatMap(([id, { carried = {} }]) =>
    (carried[region] ?? []).map((one) => ({ DBInstanceIdentifier: id, ...one })),
  );
  const here = regional ? state[region] : { instances: state, backups: carried, subnetGroups: [] };
  const silence = typeof here?.down === "string" ? here.down : "Could not connect to the";
  if (!here || here.down) exit(255, `${silence} endpoint URL: "https://rds.${region}.amazonaws.com/"`);
  const save = () => fs.writeFileSync(file, JSON.stringify(state, null, 2));
  const name = operation.replace(/(^|-)([a-z])/g, (_, __, letter) => letter.toUpperCase()).replace(/Db/g, "DB");
  const id = options["db-instance-identifier"];
  const find = (one) => here.instances[one] ?? fail("DBInstanceNotFound", name, `DBInstance ${one} not found.`);
  const host = (one) => `${one}.c0ffee.${region}.rds.amazonaws.com`;
  const refusal = here.refuses?.[operation];
  if (refusal && (refusal.times === undefined || refusal.times-- > 0)) {
    save();
    fail(refusal.code, name, refusal.message ?? "as the test wants it");
  }
  const idle = (instance) => {
    if (instance.DBInstanceStatus !== "available")
      fail("InvalidDBInstanceState", name, `Instance ${id} is in state: ${instance.DBInstanceStatus}`);
  };
  const shown = ({ later, looks, ...instance }) => ({
    ...(instance.DBInstanceIdentifier
      ? { DBInstanceArn: `arn:aws:rds:${region}:111111111111:db:${instance.DBInstanceIdentifier}` }
      : {}),
    ...instance,
  });
  const become = (one, status, later) => {
    Object.assign(here.instances[one], { DBInstanceStatus: status, later, looks: FEW_LOOKS });
  };

  if (operation === "describe-db-instances" && id === undefined) {
    print({ DBInstances: Object.values(here.instances).map(shown) });
  } else if (operation === "add-tags-to-resource") {
    const [Key, Value] = options.tags.split(",").map((part) => part.split("=")[1]);
    const instance = find(options["resource-name"].split(":").at(-1));
    instance.TagList = [...(instance.TagList ?? []).filter((one) => one.Key !== Key), { Key, Value }];
  } else if (operation === "describe-db-instances") {
    const instance = find(id);
    print({ DBInstances: [shown(instance)] });
    if (instance.later && !here.slow && --instance.looks <= 0) {
      const { rename, ...later } = instance.later;
      delete instance.later;
      delete instance.looks;
      Object.assign(instance, later);
      if (later.ReadReplicaSourceDBInstanceIdentifier === null) delete instance.ReadReplicaSourceDBInstanceIdentifier;
      if (rename) {
        delete here.instances[id];
        here.instances[rename] = {
          ...instance,
          DBInstanceIdentifier: rename,
          Endpoint: { Address: host(rename), Port: 5432 },
        };
        become(rename, "rebooting", { DBInstanceStatus: "available" });
      }
    }
  } else if (operation === "describe-db-log-files") {
    print({
      DescribeDBLogFiles: Object.keys(find(id).logs ?? {}).map((LogFileName) => ({
        LogFileName,
        LastWritten: 1,
        Size: 1,
      })),
    });
  } else if (operation === "download-db-log-file-portion") {
    const file = options["log-file-name"];
    const text =
      find(id).logs?.[file] ??
      fail("DBLogFileNotFoundFault", name, `DBLog File: ${file}, is not found on the DB instance`);
    process.stdout.write(text);
  } else if (operation === "describe-db-instance-automated-backups") {
    print({
      DBInstanceAutomatedBackups: here.backups.filter((one) => id === undefined || one.DBInstanceIdentifier === id),
    });
    // The first snapshot takes its time.
    for (const one of here.backups.filter(({ looks }) => looks !== undefined && --looks <= 0)) {
      delete one.looks;
      Object.assign(one, {
        Status: "replicating",
        RestoreWindow: { LatestTime: `${new Date().toISOString().slice(0, 19)}Z` },
      });
    }
  } else if (operation === "restore-db-instance-to-point-in-time") {
    const target = options["target-db-instance-identifier"];
    const arn = options["source-db-instance-automated-backups-arn"];
    if (here.instances[target]) fail("DBInstanceAlreadyExists", name, "DB instance already exists");
    if (!/^[a-z](-?[a-z0-9])*$/.test(target) || target.length > 63)
      fail("InvalidParameterValue", name, `The parameter DBInstanceIdentifier is not a valid identifier: ${target}`);
    const numbered = options["source-dbi-resource-id"];
    if (arn === undefined && numbered === undefined) find(options["source-db-instance-identifier"]);
    const backup =
      here.backups.find((one) =>
        arn !== undefined
          ? one.DBInstanceAutomatedBackupsArn === arn
          : numbered !== undefined
            ? one.DbiResourceId === numbered
            : one.DBInstanceIdentifier === options["source-db-instance-identifier"],
      ) ?? fail("DBInstanceAutomatedBackupNotFound", name, "automated backup not found");
    const at = Date.parse(options["restore-time"]);
    if (!(at <= Date.parse(backup.RestoreWindow.LatestTime) && at >= Date.parse(backup.RestoreWindow.EarliestTime))) {
      fail("InvalidParameterValue", name, "The specified time is outside of the restorable window.");
    }
    if (!here.subnetGroups.includes(options["db-subnet-group-name"]))
      fail("DBSubnetGroupNotFoundFault", name, "subnet group not found");
    here.instances[target] = {
      DBInstanceIdentifier: target,
      DbiResourceId: `db-${target.toUpperCase()}`,
      DBInstanceClass: options["db-instance-class"],
      Endpoint: { Address: host(target), Port: 5432 },
      DBSubnetGroup: { DBSubnetGroupName: options["db-subnet-group-name"] },
      DBParameterGroups: [{ DBParameterGroupName: options["db-parameter-group-name"] }],
      VpcSecurityGroups: [].concat(options["vpc-security-group-ids"]).map((one) => ({ VpcSecurityGroupId: one })),
      StorageType: options["storage-type"],
      MultiAZ: options["multi-az"] === true,
      DeletionProtection: options["deletion-protection"] === true,
      BackupRetentionPeriod: backup.BackupRetentionPeriod,
      restoredTo: options["restore-time"],
    };
    become(target, "creating", { DBInstanceStatus: here.restoresTo ?? "available" });
    print({ DBInstance: shown(here.instances[target]) });
  } else if (operation === "modify-db-instance") {
    const instance = find(id);
    idle(instance);
    const rename = options["new-db-instance-identifier"];
    if (!options["apply-immediately"]) exit(252, "the double changes nothing in a maintenance window");
    if (rename && here.instances[rename]) fail("DBInstanceAlreadyExists", name, "DB instance already exists");
    if (rename) become(id, "renaming", { rename });
    if (options["backup-retention-period"]) instance.BackupRetentionPeriod = Number(options["backup-retention-period"]);
    if (options["deletion-protection"]) instance.DeletionProtection = true;
    if (options["multi-az"]) instance.MultiAZ = true;
    print({ DBInstance: shown(instance) });
  } else if (operation === "create-db-instance-read-replica") {
    const source = options["source-db-instance-identifier"];
    if (here.instances[id]) fail("DBInstanceAlreadyExists", name, "DB instance already exists");
    if (!state[options["source-region"]].instances[source.split(":").at(-1)])
      fail("DBInstanceNotFound", name, `DBInstance ${source} not found.`);
    here.instances[id] = {
      DBInstanceIdentifier: id,
      DbiResourceId: `db-${id.toUpperCase()}`,
      DBInstanceClass: options["db-instance-class"],
      Endpoint: { Address: host(id), Port: 5432 },
      ReadReplicaSourceDBInstanceIdentifier: source,
      MaxAllocatedStorage: Number(options["max-allocated-storage"]),
      EnabledCloudwatchLogsExports: JSON.parse(options["enable-cloudwatch-logs-exports"] ?? "[]"),
      MultiAZ: false,
      DeletionProtection: options["deletion-protection"] === true,
      BackupRetentionPeriod: 0,
    };
    const followed = state[options["source-region"]].instances[source.split(":").at(-1)];
    followed.ReadReplicaDBInstanceIdentifiers = [
      ...(followed.ReadReplicaDBInstanceIdentifiers ?? []),
      `arn:aws:rds:${region}:111111111111:db:${id}`,
    ];
    become(id, "creating", { DBInstanceStatus: "available" });
    print({ DBInstance: shown(here.instances[id]) });
  } else if (operation === "start-db-instance-automated-backups-replication") {
    const [, , , from, , , source] = options["source-db-instance-arn"].split(":");
    const instance =
      state[from]?.instances[source] ?? fail("DBInstanceNotFound", name, `DBInstance ${source} not found.`);
    const one = {
      DBInstanceIdentifier: source,
      DbiResourceId: instance.DbiResourceId,
      Region: from,
      Status: "pending",
      KmsKeyId: options["kms-key-id"],
      BackupRetentionPeriod: Number(options["backup-retention-period"]),
      looks: FEW_LOOKS,
    };
    here.backups.push(one);
    print({ DBInstanceAutomatedBackup: one });
  } else if (operation === "start-db-instance") {
    const instance = find(id);
    if (instance.DBInstanceStatus !== "stopped")
      fail("InvalidDBInstanceState", name, `Instance ${id} is not stopped: ${instance.DBInstanceStatus}`);
    become(id, "starting", { DBInstanceStatus: "available" });
    print({ DBInstance: shown(instance) });
  } else if (operation === "reboot-db-instance") {
    const instance = find(id);
    idle(instance);
    const groups = (instance.DBParameterGroups ?? []).map((one) => ({ ...one, ParameterApplyStatus: "in-sync" }));
    become(id, "rebooting", { DBInstanceStatus: "available", DBParameterGroups: groups });
    print({ DBInstance: shown(instance) });
  } else {
    const instance = find(id);
    idle(instance);
    if (!instance.ReadReplicaSourceDBInstanceIdentifier)
      fail("InvalidDBInstanceState", name, "DB Instance is not a read replica.");
    instance.BackupRetentionPeriod = Number(options["backup-retention-period"] ?? instance.BackupRetentionPeriod);
    // Still `available` and still a replica for a moment.
    instance.later = { ReadReplicaSourceDBInstanceIdentifier: null };
    instance.looks = FEW_LOOKS;
    print({ DBInstance: shown(instance) });
  }
  save();
};
