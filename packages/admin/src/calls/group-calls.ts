import type { CallOptions } from '../core/admin-call.ts'
import type { Results } from '../core/results.ts'
import type { TopicPartition } from '../core/topic-partition.ts'
import { deleteGroups } from '../groups/delete-groups.ts'
import {
  type ClassicGroupDescription,
  type DescribeGroupsOptions,
  describeClassicGroups,
} from '../groups/describe-classic-groups.ts'
import { type ConsumerGroupDescription, describeConsumerGroups } from '../groups/describe-consumer-groups.ts'
import { describeShareGroups, type ShareGroupDescription } from '../groups/describe-share-groups.ts'
import {
  type DescribeStreamsGroupsOptions,
  describeStreamsGroups,
  type StreamsGroupDescription,
} from '../groups/describe-streams-groups.ts'
import {
  type GroupListing,
  type ListGroupsOptions,
  listConsumerGroups,
  listGroups,
  listGroupsByBroker,
} from '../groups/list-groups.ts'
import { type RemoveMembersOptions, removeMembers } from '../groups/remove-members.ts'
import { alterGroupOffsets, type NewGroupOffset } from '../offsets/alter-group-offsets.ts'
import { deleteGroupOffsets } from '../offsets/delete-group-offsets.ts'
import {
  type GroupOffsets,
  type ListGroupOffsetsOptions,
  listGroupOffsets,
  type WantedGroupOffsets,
} from '../offsets/list-group-offsets.ts'
import {
  alterShareGroupOffsets,
  deleteShareGroupOffsets,
  listShareGroupOffsets,
  type NewShareGroupOffset,
  type ShareGroupOffsets,
} from '../offsets/share-group-offsets.ts'
import { DataCalls } from './data-calls.ts'

/** What Admin does with groups of every type and their offsets. */
export abstract class GroupCalls extends DataCalls {
  /** All groups. @throws KafkaError when a broker does not tell its own */
  listGroups(options?: ListGroupsOptions): Promise<readonly GroupListing[]> {
    return listGroups(this.core, options)
  }

  /** The groups of every broker, by the id of the broker, so that those of the others are seen when one does not answer. */
  listGroupsByBroker(options?: ListGroupsOptions): Promise<Results<readonly GroupListing[], number>> {
    return listGroupsByBroker(this.core, options)
  }

  /** Groups of consumers of either protocol, and groups that only have offsets. */
  listConsumerGroups(options?: Omit<ListGroupsOptions, 'protocolTypes'>): Promise<readonly GroupListing[]> {
    return listConsumerGroups(this.core, options)
  }

  /** Groups of consumers of either protocol. */
  describeConsumerGroups(
    groupIds: Iterable<string>,
    options?: DescribeGroupsOptions,
  ): Promise<Results<ConsumerGroupDescription>> {
    return describeConsumerGroups(this.core, groupIds, options)
  }

  /** Groups of the classic protocol, whatever their members are. */
  describeClassicGroups(
    groupIds: Iterable<string>,
    options?: DescribeGroupsOptions,
  ): Promise<Results<ClassicGroupDescription>> {
    return describeClassicGroups(this.core, groupIds, options)
  }

  /** Deletes groups of consumers that have no members, with their offsets. */
  deleteConsumerGroups(groupIds: Iterable<string>, options?: CallOptions): Promise<Results<null>> {
    return deleteGroups(this.core, { name: 'deleteConsumerGroups', groupIds }, options)
  }

  /** Offsets that groups of consumers have committed, by the names of groups and then of partitions. */
  listConsumerGroupOffsets(
    groups: Iterable<string | WantedGroupOffsets>,
    options?: ListGroupOffsetsOptions,
  ): Promise<Results<GroupOffsets>> {
    return listGroupOffsets(this.core, { name: 'listConsumerGroupOffsets', groups }, options)
  }

  /** Commits offsets for a group that has no members. */
  alterConsumerGroupOffsets(
    groupId: string,
    offsets: Iterable<NewGroupOffset>,
    options?: CallOptions,
  ): Promise<Results<null>> {
    return alterGroupOffsets(this.core, { name: 'alterConsumerGroupOffsets', groupId, offsets }, options)
  }

  /** Deletes offsets of a group, of topics that it does not subscribe to. */
  deleteConsumerGroupOffsets(
    groupId: string,
    partitions: Iterable<TopicPartition>,
    options?: CallOptions,
  ): Promise<Results<null>> {
    return deleteGroupOffsets(this.core, { name: 'deleteConsumerGroupOffsets', groupId, partitions }, options)
  }

  /** Removes members from a classic group; all of them unless some are named. The names of the results are instance ids or member ids. */
  removeMembersFromConsumerGroup(groupId: string, options?: RemoveMembersOptions): Promise<Results<null>> {
    return removeMembers(this.core, groupId, options)
  }

  /** Share groups. */
  describeShareGroups(
    groupIds: Iterable<string>,
    options?: DescribeGroupsOptions,
  ): Promise<Results<ShareGroupDescription>> {
    return describeShareGroups(this.core, groupIds, options)
  }

  /** Where share groups begin, by the names of groups and then of partitions. */
  listShareGroupOffsets(
    groups: Iterable<string | WantedGroupOffsets>,
    options?: CallOptions,
  ): Promise<Results<ShareGroupOffsets>> {
    return listShareGroupOffsets(this.core, groups, options)
  }

  /** Says where a share group without members shall begin. */
  alterShareGroupOffsets(
    groupId: string,
    offsets: Iterable<NewShareGroupOffset>,
    options?: CallOptions,
  ): Promise<Results<null>> {
    return alterShareGroupOffsets(this.core, { groupId, offsets }, options)
  }

  /** Makes a share group forget topics; results by topic. */
  deleteShareGroupOffsets(groupId: string, topics: Iterable<string>, options?: CallOptions): Promise<Results<null>> {
    return deleteShareGroupOffsets(this.core, { groupId, topics }, options)
  }

  /** Deletes share groups that have no members. */
  deleteShareGroups(groupIds: Iterable<string>, options?: CallOptions): Promise<Results<null>> {
    return deleteGroups(this.core, { name: 'deleteShareGroups', groupIds }, options)
  }

  /** Streams groups. */
  describeStreamsGroups(
    groupIds: Iterable<string>,
    options?: DescribeStreamsGroupsOptions,
  ): Promise<Results<StreamsGroupDescription>> {
    return describeStreamsGroups(this.core, groupIds, options)
  }

  /** Offsets that streams groups have committed, by the names of groups and then of partitions. */
  listStreamsGroupOffsets(
    groups: Iterable<string | WantedGroupOffsets>,
    options?: ListGroupOffsetsOptions,
  ): Promise<Results<GroupOffsets>> {
    return listGroupOffsets(this.core, { name: 'listStreamsGroupOffsets', groups }, options)
  }

  /** Commits offsets for a streams group that has no members. */
  alterStreamsGroupOffsets(
    groupId: string,
    offsets: Iterable<NewGroupOffset>,
    options?: CallOptions,
  ): Promise<Results<null>> {
    return alterGroupOffsets(this.core, { name: 'alterStreamsGroupOffsets', groupId, offsets }, options)
  }

  /** Deletes offsets of a streams group. */
  deleteStreamsGroupOffsets(
    groupId: string,
    partitions: Iterable<TopicPartition>,
    options?: CallOptions,
  ): Promise<Results<null>> {
    return deleteGroupOffsets(this.core, { name: 'deleteStreamsGroupOffsets', groupId, partitions }, options)
  }

  /** Deletes streams groups that have no members, with their offsets. */
  deleteStreamsGroups(groupIds: Iterable<string>, options?: CallOptions): Promise<Results<null>> {
    return deleteGroups(this.core, { name: 'deleteStreamsGroups', groupIds }, options)
  }
}
