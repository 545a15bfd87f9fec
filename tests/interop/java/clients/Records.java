package odradek.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records as JSON: key and value base64 or null, headers as pairs, timestamp in milliseconds. */
final class Records {
    static byte[] bytes(JsonNode node) {
        return node == null || node.isNull() ? null : Base64.getDecoder().decode(node.asText());
    }

    static String text(byte[] bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }

    static ProducerRecord<byte[], byte[]> toProduce(String topic, Integer partition, JsonNode json) {
        List<Header> headers = new ArrayList<>();
        for (JsonNode header : json.path("headers")) headers.add(new RecordHeader(header.get(0).asText(), bytes(header.get(1))));
        Long timestamp = json.hasNonNull("timestamp") ? json.get("timestamp").asLong() : null;
        return new ProducerRecord<>(topic, partition, timestamp, bytes(json.get("key")), bytes(json.get("value")), headers);
    }

    static Map<String, Object> consumed(ConsumerRecord<byte[], byte[]> record) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("partition", record.partition());
        json.put("offset", record.offset());
        json.put("timestamp", record.timestamp());
        json.put("key", text(record.key()));
        json.put("value", text(record.value()));
        List<Object> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            List<String> pair = new ArrayList<>();
            pair.add(header.key());
            pair.add(text(header.value()));
            headers.add(pair);
        }
        json.put("headers", headers);
        return json;
    }

    /** The "config" object of a request over the defaults given as pairs. */
    static Properties config(JsonNode args, String... defaults) {
        Properties properties = new Properties();
        for (int i = 0; i < defaults.length; i += 2) properties.put(defaults[i], defaults[i + 1]);
        properties.put("bootstrap.servers", args.get("bootstrap").asText());
        args.path("config").properties().forEach(entry -> properties.put(entry.getKey(), entry.getValue().asText()));
        return properties;
    }

    private Records() { }
}
