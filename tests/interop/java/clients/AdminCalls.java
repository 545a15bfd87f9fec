package odradek.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;

/** Admin calls that change something. Each item's outcome stands for itself: {value} or {error}. */
final class AdminCalls {
    interface Call {
        Object run(Admin admin, JsonNode args) throws Exception;
    }

    interface Asked {
        Object get() throws Exception;
    }

    static void register(Map<String, Driver.Operation> operations) {
        operations.put("createTopics", args -> with(args, AdminCalls::createTopics));
        operations.put("deleteTopics", args -> with(args, AdminCalls::deleteTopics));
        operations.put("createPartitions", args -> with(args, AdminCalls::createPartitions));
        operations.put("incrementalAlterConfigs", args -> with(args, AdminCalls::incrementalAlterConfigs));
        operations.put("deleteRecords", args -> with(args, AdminCalls::deleteRecords));
        operations.put("updateFeatures", args -> with(args, AdminCalls::updateFeatures));
    }

    static Object with(JsonNode args, Call call) throws Exception {
        try (Admin admin = Admin.create(Records.config(args))) {
            return call.run(admin, args);
        }
    }

    static Map<String, Object> outcome(Asked asked) {
        Map<String, Object> outcome = new LinkedHashMap<>();
        try {
            outcome.put("value", asked.get());
        } catch (Exception thrown) {
            outcome.put("error", Driver.error(thrown));
        }
        return outcome;
    }

    static ConfigResource resource(JsonNode json) {
        return new ConfigResource(ConfigResource.Type.valueOf(json.get("type").asText()), json.get("name").asText());
    }

    private static Object createTopics(Admin admin, JsonNode args) {
        List<NewTopic> topics = new ArrayList<>();
        for (JsonNode json : args.get("topics")) {
            Optional<Integer> partitions = json.hasNonNull("partitions") ? Optional.of(json.get("partitions").asInt()) : Optional.empty();
            Optional<Short> replicas = json.hasNonNull("replicationFactor")
                ? Optional.of((short) json.get("replicationFactor").asInt()) : Optional.empty();
            Map<String, String> configs = new LinkedHashMap<>();
            json.path("configs").properties().forEach(entry -> configs.put(entry.getKey(), entry.getValue().asText()));
            topics.add(new NewTopic(json.get("name").asText(), partitions, replicas).configs(configs));
        }
        CreateTopicsOptions options = new CreateTopicsOptions().validateOnly(args.path("validateOnly").asBoolean());
        CreateTopicsResult result = admin.createTopics(topics, options);
        Map<String, Object> answer = new LinkedHashMap<>();
        for (String name : result.values().keySet()) {
            answer.put(name, outcome(() -> {
                Map<String, Object> value = new LinkedHashMap<>();
                value.put("topicId", result.topicId(name).get().toString());
                value.put("partitions", result.numPartitions(name).get());
                value.put("replicationFactor", result.replicationFactor(name).get());
                Map<String, Object> configs = new LinkedHashMap<>();
                for (ConfigEntry entry : result.config(name).get().entries()) {
                    if (!entry.isDefault()) configs.put(entry.name(), entry.value());
                }
                value.put("configs", configs);
                return value;
            }));
        }
        return answer;
    }

    private static Object deleteTopics(Admin admin, JsonNode args) {
        if (args.hasNonNull("topicIds")) {
            List<Uuid> ids = new ArrayList<>();
            args.get("topicIds").forEach(id -> ids.add(Uuid.fromString(id.asText())));
            return outcomes(admin.deleteTopics(TopicCollection.ofTopicIds(ids)).topicIdValues());
        }
        List<String> names = new ArrayList<>();
        args.get("topics").forEach(name -> names.add(name.asText()));
        return outcomes(admin.deleteTopics(names).topicNameValues());
    }

    private static Object createPartitions(Admin admin, JsonNode args) {
        Map<String, NewPartitions> asked = new LinkedHashMap<>();
        args.get("topics").properties().forEach(entry -> asked.put(entry.getKey(), NewPartitions.increaseTo(entry.getValue().asInt())));
        CreatePartitionsOptions options = new CreatePartitionsOptions().validateOnly(args.path("validateOnly").asBoolean());
        return outcomes(admin.createPartitions(asked, options).values());
    }

    private static Object incrementalAlterConfigs(Admin admin, JsonNode args) {
        List<AlterConfigOp> ops = new ArrayList<>();
        for (JsonNode json : args.get("ops")) {
            String value = json.hasNonNull("value") ? json.get("value").asText() : null;
            ops.add(new AlterConfigOp(new ConfigEntry(json.get("name").asText(), value), AlterConfigOp.OpType.valueOf(json.get("op").asText())));
        }
        return outcome(() -> admin.incrementalAlterConfigs(Map.of(resource(args.get("resource")), ops)).all().get());
    }

    private static Object deleteRecords(Admin admin, JsonNode args) {
        TopicPartition partition = new TopicPartition(args.get("topic").asText(), args.get("partition").asInt());
        RecordsToDelete before = RecordsToDelete.beforeOffset(args.get("offset").asLong());
        return outcome(() -> admin.deleteRecords(Map.of(partition, before)).lowWatermarks().get(partition).get().lowWatermark());
    }

    private static Object updateFeatures(Admin admin, JsonNode args) {
        FeatureUpdate update = new FeatureUpdate(
            (short) args.get("level").asInt(), FeatureUpdate.UpgradeType.valueOf(args.path("upgradeType").asText("UPGRADE")));
        UpdateFeaturesOptions options = new UpdateFeaturesOptions().validateOnly(args.path("validateOnly").asBoolean());
        return outcome(() -> admin.updateFeatures(Map.of(args.get("feature").asText(), update), options).all().get());
    }

    private static <K> Object outcomes(Map<K, KafkaFuture<Void>> futures) {
        Map<String, Object> answer = new LinkedHashMap<>();
        futures.forEach((key, future) -> answer.put(key.toString(), outcome(future::get)));
        return answer;
    }

    private AdminCalls() { }
}
