import { factsOf } from "./group";

const recovery = { source: "cloudomate/objectio docs/operations/failure-recovery.md @30024dd", read: "2025" };
const protection = { source: "cloudomate/objectio docs/architecture/data-protection.md @01ab05e", read: "2025" };
const objectFeatures = { source: "cloudomate/objectio docs/FEATURES.md", read: "2025" };
const ceph = {
  source: "https://docs.ceph.com/en/latest/rados/configuration/mon-osd-interaction/",
  read: "2026-11-21",
};
const minio = { source: "minio/minio docs/erasure/storage-class/README.md", read: "2025" };
const shares = { source: "measured: every placement of 4+2 over 7 disks, and over 3 racks", read: "2026-11-21" };

/** Quorums and erasure codes: ObjectIO, and what Ceph and MinIO do alike. */
export const quorum = factsOf("quorum", {
  committedLoss: {
    says: "What a majority committed is lost by this while a majority stands.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...recovery,
  },
  leaderTimeout: {
    says: "A metadata node of ObjectIO takes a silent leader for lost after this long.",
    value: 1,
    unit: "seconds",
    standing: "design",
    ...recovery,
  },
  election: {
    says: "ObjectIO usually has a new leader within this.",
    value: 5,
    unit: "seconds",
    standing: "typical",
    ...recovery,
  },
  metadataSnapshots: {
    says: "ObjectIO takes snapshots of its metadata by itself, at an interval that is published nowhere.",
    standing: "none",
    ...recovery,
  },
  metadataRestore: {
    says: "Bringing all metadata back is said to take up to this.",
    value: 1_800,
    unit: "seconds",
    standing: "none",
    ...recovery,
  },
  diskDown: {
    says: "ObjectIO takes a silent disk service for lost after this long.",
    value: 30,
    unit: "seconds",
    standing: "typical",
    ...recovery,
  },
  repair: {
    says: "An example in the ObjectIO guide repairs the shares of one disk in up to this.",
    value: 8_100,
    unit: "seconds",
    standing: "none",
    ...recovery,
  },
  siteReplicationLag: {
    says: "ObjectIO replicates to another site asynchronously, without a limit.",
    standing: "none",
    ...recovery,
  },
  lifecycleScan: {
    says: "ObjectIO deletes what has expired when it looks, this often.",
    value: 86_400,
    unit: "seconds",
    standing: "design",
    ...objectFeatures,
  },
  shareDomains: {
    says: "k + m shares need k + m fault domains, and one more to rebuild a lost share in.",
    standing: "design",
    ...protection,
  },
  sevenDisksThreeLost: {
    says: "With 4 + 2 shares over 7 disks the loss of three leaves this part of the placements unreadable.",
    value: 571_429,
    unit: "per million",
    standing: "measured",
    ...shares,
  },
  sevenDisksOneLost: {
    says: "With 4 + 2 shares over 7 disks the loss of one takes a share of this part of the placements.",
    value: 857_143,
    unit: "per million",
    standing: "measured",
    ...shares,
  },
  threeRacksTwoLost: {
    says: "With 4 + 2 shares over three racks the loss of one rack loses nothing and that of two everything.",
    standing: "measured",
    ...shares,
  },
  cephGrace: {
    says: "Ceph takes a silent disk service for lost after this long.",
    value: 20,
    unit: "seconds",
    standing: "design",
    ...ceph,
  },
  cephOut: {
    says: "Ceph starts to rebuild the shares of a lost disk after this long.",
    value: 600,
    unit: "seconds",
    standing: "design",
    ...ceph,
  },
  cephWholeRack: {
    says: "Ceph starts no rebuild by itself while a whole rack is lost.",
    standing: "design",
    ...ceph,
  },
  minioWriteQuorum: {
    says: "MinIO reads with k shares and writes with k, or with k + 1 where half of the shares are parity.",
    standing: "design",
    ...minio,
  },
});
