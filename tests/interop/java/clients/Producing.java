package odradek.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The producing operations. */
final class Producing {
    /** Sends records in order and answers with the offset and timestamp of each. */
    static Object produce(JsonNode args) throws Exception {
        try (Producer<byte[], byte[]> producer = producer(Records.config(args, "linger.ms", "5"))) {
            return send(producer, args);
        }
    }

    /** Several transactions after each other by one transactional producer; each is committed or aborted as it says. */
    static Object transactions(JsonNode args) throws Exception {
        List<Object> all = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = producer(Records.config(args))) {
            producer.initTransactions();
            for (JsonNode transaction : args.get("transactions")) {
                producer.beginTransaction();
                all.add(send(producer, transaction));
                if (transaction.hasNonNull("groupId")) {
                    TopicPartition partition = new TopicPartition(transaction.get("topic").asText(), transaction.get("partition").asInt());
                    producer.sendOffsetsToTransaction(
                        Map.of(partition, new OffsetAndMetadata(transaction.get("offset").asLong())),
                        Reading.groupMetadata(args, transaction.get("groupId").asText()));
                }
                if (transaction.path("abort").asBoolean()) producer.abortTransaction();
                else producer.commitTransaction();
            }
        }
        return all;
    }

    private static List<Object> send(Producer<byte[], byte[]> producer, JsonNode args) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        Integer partition = args.hasNonNull("partition") ? args.get("partition").asInt() : null;
        for (JsonNode record : args.get("records")) {
            sent.add(producer.send(Records.toProduce(args.get("topic").asText(), partition, record)));
        }
        producer.flush();
        List<Object> acknowledged = new ArrayList<>();
        for (Future<RecordMetadata> one : sent) {
            RecordMetadata metadata = one.get();
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("partition", metadata.partition());
            json.put("offset", metadata.offset());
            json.put("timestamp", metadata.timestamp());
            acknowledged.add(json);
        }
        return acknowledged;
    }

    private static Producer<byte[], byte[]> producer(Properties properties) {
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Producing() { }
}
