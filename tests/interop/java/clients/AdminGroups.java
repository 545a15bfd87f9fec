package odradek.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Admin calls about groups. */
final class AdminGroups {
    static void register(Map<String, Driver.Operation> operations) {
        operations.put("listGroups", args -> AdminCalls.with(args, AdminGroups::listGroups));
        operations.put("describeGroup", args -> AdminCalls.with(args, AdminGroups::describeGroup));
        operations.put("groupOffsets", args -> AdminCalls.with(args, AdminGroups::groupOffsets));
    }

    /** Each group as `type protocol state`. */
    private static Object listGroups(Admin admin, JsonNode args) throws Exception {
        Map<String, String> groups = new TreeMap<>();
        for (GroupListing group : admin.listGroups().all().get()) {
            String type = group.type().map(Object::toString).orElse("?");
            String state = group.groupState().map(Object::toString).orElse("?");
            groups.put(group.groupId(), type + " " + group.protocol() + " " + state);
        }
        return groups;
    }

    private static Object describeGroup(Admin admin, JsonNode args) {
        String groupId = args.get("groupId").asText();
        return AdminCalls.outcome(() -> described(admin.describeConsumerGroups(List.of(groupId)).describedGroups().get(groupId).get()));
    }

    private static Object described(ConsumerGroupDescription group) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", group.type().toString());
        json.put("state", group.groupState().toString());
        json.put("assignor", group.partitionAssignor());
        List<Object> members = new ArrayList<>();
        for (MemberDescription member : group.members()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("instanceId", member.groupInstanceId().orElse(null));
            one.put("assignment", member.assignment().topicPartitions().stream().map(TopicPartition::toString).sorted().toList());
            one.put("upgraded", member.upgraded().orElse(null));
            members.add(one);
        }
        json.put("members", members);
        return json;
    }

    /** Every committed offset: `topic-partition` with offset, leader epoch and metadata. */
    private static Object groupOffsets(Admin admin, JsonNode args) {
        return AdminCalls.outcome(() -> {
            String groupId = args.get("groupId").asText();
            Map<String, Object> offsets = new TreeMap<>();
            for (Map.Entry<TopicPartition, OffsetAndMetadata> entry :
                admin.listConsumerGroupOffsets(groupId).partitionsToOffsetAndMetadata().get().entrySet()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("offset", entry.getValue().offset());
                one.put("leaderEpoch", entry.getValue().leaderEpoch().orElse(null));
                one.put("metadata", entry.getValue().metadata());
                offsets.put(entry.getKey().toString(), one);
            }
            return offsets;
        });
    }

    private AdminGroups() { }
}
