package odradek.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs Kafka's Java clients on behalf of another program: one JSON object a line on standard input ({id, op, args}), one a line on standard
 * output ({id, result} or {id, error: {name, message}}). Requests run side by side; closing standard input ends the program.
 */
public final class Driver {
    static final ObjectMapper JSON = new ObjectMapper();

    /** One operation: JSON arguments in, something Jackson can write out. */
    interface Operation {
        Object run(JsonNode args) throws Exception;
    }

    private static final PrintStream OUT = System.out;

    public static void main(String[] ignored) throws Exception {
        Map<String, Operation> operations = new LinkedHashMap<>();
        operations.put("produce", Producing::produce);
        operations.put("transactions", Producing::transactions);
        operations.put("read", Reading::read);
        operations.put("subscribe", Reading::subscribe);
        operations.put("commit", Reading::commit);
        Members.register(operations);
        AdminCalls.register(operations);
        AdminGroups.register(operations);
        AdminLookups.register(operations);
        serve(operations);
    }

    /** Answers requests until standard input ends, then ends the JVM. */
    static void serve(Map<String, Operation> operations) throws Exception {
        // Standard output carries answers only; whatever a client or a tool prints goes elsewhere.
        InputStream requests = System.in;
        System.setOut(System.err);
        ExecutorService pool = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        BufferedReader in = new BufferedReader(new InputStreamReader(requests, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode request = JSON.readTree(line);
            pool.execute(() -> answer(request, operations.get(request.get("op").asText())));
        }
        Runtime.getRuntime().halt(0);
    }

    private static void answer(JsonNode request, Operation operation) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", request.get("id").asLong());
        try {
            if (operation == null) throw new IllegalArgumentException("no operation " + request.get("op"));
            answer.put("result", operation.run(request.get("args")));
        } catch (Throwable thrown) {
            answer.put("error", error(thrown));
        }
        try {
            byte[] line = (JSON.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8);
            synchronized (OUT) {
                OUT.write(line);
                OUT.flush();
            }
        } catch (Exception broken) {
            Runtime.getRuntime().halt(1);
        }
    }

    /** The name of Kafka's exception and its message. */
    static Map<String, Object> error(Throwable thrown) {
        Throwable cause = thrown instanceof ExecutionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("name", cause.getClass().getSimpleName());
        error.put("message", String.valueOf(cause.getMessage()));
        return error;
    }

    private Driver() { }
}
