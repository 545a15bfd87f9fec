package odradek.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The consuming operations. */
final class Reading {
    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * Reads one partition without a group, from "offset" or from the first record at or after "timestamp", to the end it had at the start
     * (the last stable offset with read_committed).
     */
    static Object read(JsonNode args) throws Exception {
        TopicPartition partition = new TopicPartition(args.get("topic").asText(), args.get("partition").asInt());
        List<Object> records = new ArrayList<>();
        // Closing waits for the fetch in flight.
        Properties properties = Records.config(args, "enable.auto.commit", "false", "fetch.max.wait.ms", "50");
        try (Consumer<byte[], byte[]> consumer = consumer(properties)) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            if (args.hasNonNull("timestamp")) {
                OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(partition, args.get("timestamp").asLong())).get(partition);
                if (found == null) return records;
                consumer.seek(partition, found.offset());
            } else {
                consumer.seek(partition, args.get("offset").asLong());
            }
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) records.add(Records.consumed(record));
                if (System.nanoTime() > deadline) throw new TimeoutException(partition + " at " + consumer.position(partition) + " of " + end);
            }
        }
        return records;
    }

    /** Joins "groupId", reads until "count" records have come, commits what was read if "commit" says so, and leaves. */
    static Object subscribe(JsonNode args) throws Exception {
        List<String> topics = new ArrayList<>();
        args.get("topics").forEach(topic -> topics.add(topic.asText()));
        List<Object> records = new ArrayList<>();
        Properties properties = Records.config(args, "enable.auto.commit", "false", "auto.offset.reset", "earliest");
        properties.put("group.id", args.get("groupId").asText());
        try (Consumer<byte[], byte[]> consumer = consumer(properties)) {
            consumer.subscribe(topics);
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (records.size() < args.get("count").asInt()) {
                ConsumerRecords<byte[], byte[]> batch = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : batch) records.add(Records.consumed(record));
                if (System.nanoTime() > deadline) throw new TimeoutException("only " + records.size() + " records came");
            }
            if (args.path("commit").asBoolean()) consumer.commitSync();
        }
        return records;
    }

    /** Commits one offset for "groupId" without joining it. */
    static Object commit(JsonNode args) {
        TopicPartition partition = new TopicPartition(args.get("topic").asText(), args.get("partition").asInt());
        Properties properties = Records.config(args, "enable.auto.commit", "false");
        properties.put("group.id", args.get("groupId").asText());
        try (Consumer<byte[], byte[]> consumer = consumer(properties)) {
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(args.get("offset").asLong(), args.path("metadata").asText(""))));
        }
        return null;
    }

    /** What sendOffsetsToTransaction wants to know of a group that nobody has joined. */
    static ConsumerGroupMetadata groupMetadata(JsonNode args, String groupId) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", args.get("bootstrap").asText());
        properties.put("group.id", groupId);
        try (Consumer<byte[], byte[]> consumer = consumer(properties)) {
            return consumer.groupMetadata();
        }
    }

    private static Consumer<byte[], byte[]> consumer(Properties properties) {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Reading() { }
}
