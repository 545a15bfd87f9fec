export {
  type KafkajsAssigner,
  type KafkajsCluster,
  type KafkajsGroup,
  type KafkajsPartitionAssigner,
  kafkajsAssigner,
} from './assigner.ts'
export {
  type KafkajsConsumer,
  type KafkajsGroupJoin,
  type KafkajsStickyAssigner,
  rangeAssigner,
  roundRobinAssigner,
  stickyAssigner,
} from './assigners.ts'
export { type KafkajsCreatePartitioner, type KafkajsPartitionerArgs, kafkajsPartitioner } from './partitioner.ts'
