/** What `zookeeper-server-start` says, so that an old page can be followed from top to bottom. */
export const noZooKeeper =
  'Kafka needs no ZooKeeper since 4.0: start the broker with kafka-server-start, there is nothing to do here.\n'
