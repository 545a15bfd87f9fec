package odradek.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Members of consumer groups, each under a name that the other program chose. A member moves only when it is polled. */
final class Members {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Map<String, Consumer<byte[], byte[]>> MEMBERS = new ConcurrentHashMap<>();
    private static final Map<String, String> ASSIGNORS = Map.of(
        "range", "RangeAssignor",
        "roundrobin", "RoundRobinAssignor",
        "sticky", "StickyAssignor",
        "cooperative-sticky", "CooperativeStickyAssignor");

    static void register(Map<String, Driver.Operation> operations) {
        operations.put("join", Members::join);
        operations.put("poll", Members::poll);
        operations.put("commitPolled", Members::commitPolled);
        operations.put("leave", Members::leave);
    }

    /** Subscribes to "topics", or to the "pattern" that the broker matches, by "protocol": a classic assignor or `consumer`. */
    private static Object join(JsonNode args) {
        Properties properties = Records.config(args, "enable.auto.commit", "false", "auto.offset.reset", "earliest", "fetch.max.wait.ms", "50");
        properties.put("group.id", args.get("groupId").asText());
        String protocol = args.get("protocol").asText();
        if (protocol.equals("consumer")) {
            properties.put("group.protocol", "consumer");
        } else {
            properties.putIfAbsent("heartbeat.interval.ms", "200");
            properties.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer." + ASSIGNORS.get(protocol));
        }
        Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        if (args.hasNonNull("pattern")) {
            consumer.subscribe(new SubscriptionPattern(args.get("pattern").asText()));
        } else {
            List<String> topics = new ArrayList<>();
            args.get("topics").forEach(topic -> topics.add(topic.asText()));
            consumer.subscribe(topics);
        }
        MEMBERS.put(args.get("member").asText(), consumer);
        return null;
    }

    /** Polls once: the records that came, and what the member is assigned after that. */
    private static Object poll(JsonNode args) {
        Consumer<byte[], byte[]> consumer = member(args);
        synchronized (consumer) {
            List<Object> records = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) records.add(Records.consumed(record));
            Map<String, Object> polled = new LinkedHashMap<>();
            polled.put("records", records);
            polled.put("assignment", consumer.assignment().stream().map(TopicPartition::toString).sorted().toList());
            return polled;
        }
    }

    private static Object commitPolled(JsonNode args) {
        Consumer<byte[], byte[]> consumer = member(args);
        synchronized (consumer) {
            consumer.commitSync();
        }
        return null;
    }

    private static Object leave(JsonNode args) {
        Consumer<byte[], byte[]> consumer = MEMBERS.remove(args.get("member").asText());
        synchronized (consumer) {
            consumer.close();
        }
        return null;
    }

    private static Consumer<byte[], byte[]> member(JsonNode args) {
        return MEMBERS.get(args.get("member").asText());
    }

    private Members() { }
}
