import { type Invocation, invocationsOf } from './invocation.ts'

const offsets = invocationsOf('kafka-get-offsets')
const records = invocationsOf('kafka-delete-records')
const logDirs = invocationsOf('kafka-log-dirs')
const apiVersions = invocationsOf('kafka-broker-api-versions')
const features = invocationsOf('kafka-features')
const quorum = invocationsOf('kafka-metadata-quorum')
const cluster = invocationsOf('kafka-cluster')
const isUnordered = true
const isBare = true
const isProcess = true

/** What is asked of the commands about offsets, records, brokers and the cluster. */
export const brokerInvocations: readonly Invocation[] = [
  offsets('', { isBare }),
  offsets('--help', { isBare }),
  offsets('--topic orders'),
  offsets('--topic orders --time earliest'),
  offsets('--topic orders --time -2'),
  offsets('--topic orders --time max-timestamp'),
  offsets('--topic orders --time 1750000015000'),
  offsets('--topic orders --partitions 0,2'),
  offsets('--topic orders --partitions zero'),
  offsets('--topic-partitions orders:1-,payments'),
  offsets('--topic-partitions orders:0 --topic orders'),
  offsets('--topic nowhere'),
  offsets('--topic orders --time yesterday'),
  offsets('--bootstrap-server nonsense --topic orders', { isBare }),
  records('--offset-json-file %records'),
  records('--offset-json-file %beyond'),
  records('--offset-json-file %nonsense'),
  records('--offset-json-file /nowhere/at/all'),
  records(''),
  offsets('--topic @trimmed --time earliest'),
  logDirs('--describe --topic-list orders', { isUnordered }),
  logDirs('--describe --topic-list orders,payments --broker-list 1', { isUnordered }),
  logDirs('--describe --broker-list 1,7'),
  logDirs('--topic-list orders'),
  apiVersions(''),
  apiVersions('--help', { isBare }),
  apiVersions('', { isBare }),
  features('describe', { isUnordered }),
  features('describe --node-id 1', { isUnordered }),
  features('--help', { isBare, isProcess }),
  features('version-mapping --release-version 4.0'),
  features('version-mapping --release-version 9.9'),
  features('feature-dependencies --feature transaction.version=2'),
  features('upgrade --feature nonsense=1'),
  features('upgrade --feature metadata.version=99'),
  features('downgrade --feature metadata.version'),
  features('disable'),
  features('upgrade --release-version 4.0 --dry-run'),
  features('describe', { isBare }),
  quorum('describe --status'),
  quorum('describe --replication'),
  quorum('describe --replication --human-readable'),
  quorum('describe'),
  quorum('describe --status --replication'),
  quorum('describe --status --human-readable'),
  quorum('--help', { isBare, isProcess }),
  quorum('remove-controller --controller-id -1 --controller-directory-id abc'),
  cluster('cluster-id --bootstrap-server BROKER', { isBare }),
  cluster('cluster-id -b BROKER', { isBare }),
  cluster('list-endpoints --bootstrap-server BROKER', { isBare }),
  cluster('list-endpoints --bootstrap-server BROKER --include-fenced-brokers', { isBare }),
  cluster('unregister --bootstrap-server BROKER --id 99', { isBare }),
  cluster('unregister --bootstrap-server BROKER', { isBare, isProcess }),
  cluster('--help', { isBare, isProcess }),
  cluster('nonsense', { isBare, isProcess }),
  cluster('cluster-id', { isBare, isProcess }),
]
