package odradek.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;

/** Admin calls that only look. */
final class AdminLookups {
    static void register(Map<String, Driver.Operation> operations) {
        operations.put("listTopics", args -> AdminCalls.with(args, (admin, a) ->
            admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get().stream().sorted().toList()));
        operations.put("describeTopics", args -> AdminCalls.with(args, AdminLookups::describeTopics));
        operations.put("describeConfigs", args -> AdminCalls.with(args, AdminLookups::describeConfigs));
        operations.put("listConfigResources", args -> AdminCalls.with(args, (admin, a) ->
            admin.listConfigResources().all().get().stream().map(r -> r.type() + ":" + r.name()).sorted().toList()));
        operations.put("listOffsets", args -> AdminCalls.with(args, AdminLookups::listOffsets));
        operations.put("describeLogDirs", args -> AdminCalls.with(args, AdminLookups::describeLogDirs));
        operations.put("describeCluster", args -> AdminCalls.with(args, AdminLookups::describeCluster));
        operations.put("describeProducers", args -> AdminCalls.with(args, AdminLookups::describeProducers));
        operations.put("describeMetadataQuorum", args -> AdminCalls.with(args, AdminLookups::describeMetadataQuorum));
        operations.put("describeFeatures", args -> AdminCalls.with(args, AdminLookups::describeFeatures));
    }

    private static Object describeTopics(Admin admin, JsonNode args) {
        List<String> names = new ArrayList<>();
        args.get("topics").forEach(name -> names.add(name.asText()));
        Map<String, Object> answer = new LinkedHashMap<>();
        admin.describeTopics(names).topicNameValues().forEach((name, future) ->
            answer.put(name, AdminCalls.outcome(() -> topic(future.get()))));
        return answer;
    }

    private static Object topic(TopicDescription topic) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("topicId", topic.topicId().toString());
        json.put("internal", topic.isInternal());
        List<Object> partitions = new ArrayList<>();
        for (TopicPartitionInfo info : topic.partitions()) {
            Map<String, Object> partition = new LinkedHashMap<>();
            partition.put("partition", info.partition());
            partition.put("leader", info.leader() == null ? -1 : info.leader().id());
            partition.put("replicas", ids(info.replicas()));
            partition.put("isr", ids(info.isr()));
            partition.put("eligibleLeaderReplicas", info.elr() == null ? null : ids(info.elr()));
            partition.put("lastKnownElr", info.lastKnownElr() == null ? null : ids(info.lastKnownElr()));
            partitions.add(partition);
        }
        json.put("partitions", partitions);
        return json;
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    private static Object describeConfigs(Admin admin, JsonNode args) {
        DescribeConfigsOptions options = new DescribeConfigsOptions().includeSynonyms(args.path("synonyms").asBoolean());
        ConfigResource resource = AdminCalls.resource(args.get("resource"));
        return AdminCalls.outcome(() -> {
            Map<String, Object> entries = new TreeMap<>();
            for (ConfigEntry entry : admin.describeConfigs(List.of(resource), options).values().get(resource).get().entries()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("value", entry.value());
                json.put("source", entry.source().name());
                json.put("type", entry.type().name());
                json.put("sensitive", entry.isSensitive());
                json.put("readOnly", entry.isReadOnly());
                json.put("synonyms", entry.synonyms().stream().map(s -> s.source() + ":" + s.name() + "=" + s.value()).toList());
                entries.put(entry.name(), json);
            }
            return entries;
        });
    }

    private static Object listOffsets(Admin admin, JsonNode args) {
        TopicPartition partition = new TopicPartition(args.get("topic").asText(), args.get("partition").asInt());
        Map<String, Object> answer = new LinkedHashMap<>();
        for (JsonNode spec : args.get("specs")) {
            answer.put(spec.asText(), AdminCalls.outcome(() -> {
                ListOffsetsResultInfo info = admin.listOffsets(Map.of(partition, spec(spec))).partitionResult(partition).get();
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("offset", info.offset());
                json.put("timestamp", info.timestamp());
                json.put("leaderEpoch", info.leaderEpoch().orElse(null));
                return json;
            }));
        }
        return answer;
    }

    private static OffsetSpec spec(JsonNode json) {
        if (json.isNumber()) return OffsetSpec.forTimestamp(json.asLong());
        return switch (json.asText()) {
            case "earliest" -> OffsetSpec.earliest();
            case "latest" -> OffsetSpec.latest();
            case "maxTimestamp" -> OffsetSpec.maxTimestamp();
            case "earliestLocal" -> OffsetSpec.earliestLocal();
            case "latestTiered" -> OffsetSpec.latestTiered();
            default -> throw new IllegalArgumentException("no offset spec " + json);
        };
    }

    private static Object describeLogDirs(Admin admin, JsonNode args) throws Exception {
        List<Integer> brokers = new ArrayList<>();
        args.get("brokers").forEach(broker -> brokers.add(broker.asInt()));
        Map<String, Object> answer = new TreeMap<>();
        for (Map.Entry<Integer, Map<String, LogDirDescription>> broker : admin.describeLogDirs(brokers).allDescriptions().get().entrySet()) {
            Map<String, Object> dirs = new TreeMap<>();
            broker.getValue().forEach((path, dir) -> dirs.put(path, logDir(dir)));
            answer.put(String.valueOf(broker.getKey()), dirs);
        }
        return answer;
    }

    private static Object logDir(LogDirDescription dir) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("error", dir.error() == null ? null : dir.error().getClass().getSimpleName());
        json.put("totalBytes", dir.totalBytes().isPresent() ? dir.totalBytes().getAsLong() : null);
        json.put("usableBytes", dir.usableBytes().isPresent() ? dir.usableBytes().getAsLong() : null);
        Map<String, Object> replicas = new TreeMap<>();
        for (Map.Entry<TopicPartition, ReplicaInfo> replica : dir.replicaInfos().entrySet()) {
            ReplicaInfo info = replica.getValue();
            replicas.put(replica.getKey().toString(), Map.of("size", info.size(), "offsetLag", info.offsetLag(), "isFuture", info.isFuture()));
        }
        json.put("replicas", replicas);
        return json;
    }

    private static Object describeCluster(Admin admin, JsonNode args) throws Exception {
        DescribeClusterResult cluster = admin.describeCluster();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("clusterId", cluster.clusterId().get());
        json.put("controller", cluster.controller().get().id());
        json.put("nodes", cluster.nodes().get().stream().map(n -> n.id() + "@" + n.host() + ":" + n.port()).toList());
        return json;
    }

    private static Object describeProducers(Admin admin, JsonNode args) throws Exception {
        TopicPartition partition = new TopicPartition(args.get("topic").asText(), args.get("partition").asInt());
        List<Object> producers = new ArrayList<>();
        for (ProducerState state : admin.describeProducers(List.of(partition)).partitionResult(partition).get().activeProducers()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("producerId", state.producerId());
            json.put("producerEpoch", state.producerEpoch());
            json.put("lastSequence", state.lastSequence());
            json.put("lastTimestamp", state.lastTimestamp());
            json.put("coordinatorEpoch", state.coordinatorEpoch().isPresent() ? state.coordinatorEpoch().getAsInt() : null);
            json.put("currentTransactionStartOffset",
                state.currentTransactionStartOffset().isPresent() ? state.currentTransactionStartOffset().getAsLong() : null);
            producers.add(json);
        }
        return producers;
    }

    private static Object describeMetadataQuorum(Admin admin, JsonNode args) throws Exception {
        QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("leaderId", quorum.leaderId());
        json.put("leaderEpoch", quorum.leaderEpoch());
        json.put("highWatermark", quorum.highWatermark());
        json.put("voters", quorum.voters().stream().map(QuorumInfo.ReplicaState::replicaId).toList());
        json.put("observers", quorum.observers().stream().map(QuorumInfo.ReplicaState::replicaId).toList());
        return json;
    }

    private static Object describeFeatures(Admin admin, JsonNode args) throws Exception {
        FeatureMetadata metadata = admin.describeFeatures().featureMetadata().get();
        Map<String, Object> finalized = new TreeMap<>();
        metadata.finalizedFeatures().forEach((name, range) -> finalized.put(name, range.maxVersionLevel()));
        Map<String, Object> supported = new TreeMap<>();
        metadata.supportedFeatures().forEach((name, range) -> supported.put(name, List.of(range.minVersion(), range.maxVersion())));
        return Map.of("finalized", finalized, "supported", supported);
    }

    private AdminLookups() { }
}
