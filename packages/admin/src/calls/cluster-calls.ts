import { type ClusterDescription, type DescribeClusterOptions, describeCluster } from '../cluster/describe-cluster.ts'
import {
  type DescribeFeaturesOptions,
  describeApiVersions,
  describeFeatures,
  type FeatureMetadata,
  type FeatureUpdate,
  type ServedApi,
  type UpdateFeaturesOptions,
  updateFeatures,
} from '../cluster/features.ts'
import type { CallOptions } from '../core/admin-call.ts'
import type { Results } from '../core/results.ts'
import { describeMetadataQuorum, type QuorumInfo } from '../quorum/describe-quorum.ts'
import {
  addRaftVoter,
  type NewRaftVoter,
  type RaftVoter,
  type RaftVoterOptions,
  removeRaftVoter,
} from '../quorum/raft-voters.ts'
import { unregisterBroker, unregisterController } from '../quorum/unregister.ts'
import {
  describeTransactions,
  type ListTransactionsOptions,
  listTransactions,
  listTransactionsByBroker,
  type TransactionDescription,
  type TransactionListing,
} from '../transactions/describe-transactions.ts'
import {
  abortTransaction,
  type FencedProducer,
  fenceProducers,
  forceTerminateTransaction,
  type HangingTransaction,
} from '../transactions/end-transactions.ts'
import { SecurityCalls } from './security-calls.ts'

/** What Admin does with the cluster itself: its nodes, quorum, features and transactions. */
export abstract class ClusterCalls extends SecurityCalls {
  /** Id and nodes of the cluster. */
  describeCluster(options?: DescribeClusterOptions): Promise<ClusterDescription> {
    return describeCluster(this.core, options)
  }

  /** Features that are supported and finalized. */
  describeFeatures(options?: DescribeFeaturesOptions): Promise<FeatureMetadata> {
    return describeFeatures(this.core, options)
  }

  /** The APIs that a node serves with their versions, by key. Kafka's Admin has no such call, its command kafka-broker-api-versions does. */
  describeApiVersions(options?: DescribeFeaturesOptions): Promise<readonly ServedApi[]> {
    return describeApiVersions(this.core, options)
  }

  /** Sets the versions of features that the cluster uses; results by feature. */
  updateFeatures(updates: Iterable<FeatureUpdate>, options?: UpdateFeaturesOptions): Promise<Results<null>> {
    return updateFeatures(this.core, updates, options)
  }

  /** State of the quorum that keeps the metadata. */
  describeMetadataQuorum(options?: CallOptions): Promise<QuorumInfo> {
    return describeMetadataQuorum(this.core, options)
  }

  /** Adds a controller to the quorum. */
  addRaftVoter(voter: NewRaftVoter, options?: RaftVoterOptions): Promise<void> {
    return addRaftVoter(this.core, voter, options)
  }

  /** Takes a controller out of the quorum. */
  removeRaftVoter(voter: RaftVoter, options?: RaftVoterOptions): Promise<void> {
    return removeRaftVoter(this.core, voter, options)
  }

  /** Makes the cluster forget a broker that is gone for good. */
  unregisterBroker(brokerId: number, options?: CallOptions): Promise<void> {
    return unregisterBroker(this.core, brokerId, options)
  }

  /** Makes the cluster forget a controller that is gone for good. */
  unregisterController(controllerId: number, options?: CallOptions): Promise<void> {
    return unregisterController(this.core, controllerId, options)
  }

  /** Transactions by their transactional ids. */
  describeTransactions(
    transactionalIds: Iterable<string>,
    options?: CallOptions,
  ): Promise<Results<TransactionDescription>> {
    return describeTransactions(this.core, transactionalIds, options)
  }

  /** All transactions. @throws KafkaError when a broker does not tell its own */
  listTransactions(options?: ListTransactionsOptions): Promise<readonly TransactionListing[]> {
    return listTransactions(this.core, options)
  }

  /** The transactions of every broker, by the id of the broker. */
  listTransactionsByBroker(options?: ListTransactionsOptions): Promise<Results<readonly TransactionListing[], number>> {
    return listTransactionsByBroker(this.core, options)
  }

  /** Writes an abort marker for a transaction whose coordinator has forgotten it. */
  abortTransaction(transaction: HangingTransaction, options?: CallOptions): Promise<void> {
    return abortTransaction(this.core, transaction, options)
  }

  /** Takes transactional ids away from their producers, whose open transactions are aborted. */
  fenceProducers(transactionalIds: Iterable<string>, options?: CallOptions): Promise<Results<FencedProducer>> {
    return fenceProducers(this.core, transactionalIds, options)
  }

  /** Ends whatever transaction a transactional id has, by fencing its producer. */
  forceTerminateTransaction(transactionalId: string, options?: CallOptions): Promise<void> {
    return forceTerminateTransaction(this.core, transactionalId, options)
  }
}
