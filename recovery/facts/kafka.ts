import { factsOf } from "./group";

const hdInsight = { source: "https://learn.microsoft.com/answers/questions/687030/", read: "2021" };
const mirrorMaker = {
  source: "apache/kafka connect/mirror/src/main/java/org/apache/kafka/connect/mirror/MirrorCheckpointConfig.java",
  read: "2025",
};
const confluent = { source: "https://developer.confluent.io/courses/architecture/geo-replication/", read: "2025" };

/** Apache Kafka over two regions. */
export const kafka = factsOf("kafka", {
  mirrorLag: {
    says: "MirrorMaker may lag behind without limit, and clients cannot use both clusters as one.",
    standing: "none",
    ...hdInsight,
  },
  mirrorOffsets: {
    says: "MirrorMaker 2 leaves the offsets of consumers out of step unless sync.group.offsets.enabled is true.",
    standing: "design",
    ...mirrorMaker,
  },
  mirrorCheckpoint: {
    says: "MirrorMaker 2 carries offsets over this often.",
    value: 60,
    unit: "seconds",
    standing: "design",
    ...mirrorMaker,
  },
  mirrorRefresh: {
    says: "MirrorMaker 2 finds new topics and groups this often: until then they have no copy.",
    value: 600,
    unit: "seconds",
    standing: "design",
    ...mirrorMaker,
  },
  stretchedLoss: {
    says: "A cluster that spans regions synchronously loses this with one, and needs a third place for its quorum.",
    value: 0,
    unit: "seconds",
    standing: "design",
    ...confluent,
  },
  linkLag: {
    says: "Cluster Linking is asynchronous and may lag behind without limit.",
    standing: "none",
    ...confluent,
  },
});
