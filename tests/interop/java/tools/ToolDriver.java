package odradek.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs the main method of one of Kafka's command line tools inside this JVM, which saves the second a JVM takes to start. Kafka's tools
 * leave through Exit, which can be told to throw instead. One tool runs at a time, because standard input and output are the JVM's.
 */
public final class ToolDriver {
    private static final class Left extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int code;

        Left(int code) {
            super(null, null, false, false);
            this.code = code;
        }
    }

    public static void main(String[] ignored) throws Exception {
        Driver.serve(Map.of("tool", ToolDriver::run));
    }

    private static synchronized Object run(JsonNode args) throws Exception {
        String[] arguments = new String[args.get("args").size()];
        for (int i = 0; i < arguments.length; i++) arguments[i] = args.get("args").get(i).asText();
        PrintStream out = System.out;
        PrintStream err = System.err;
        InputStream in = System.in;
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(stdout, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(stderr, true, StandardCharsets.UTF_8));
        System.setIn(new ByteArrayInputStream(args.path("stdin").asText("").getBytes(StandardCharsets.UTF_8)));
        // A tool may take the exception for a failure of its own, report it and leave once more: the first time counts, and what it says
        // after that is dropped.
        AtomicReference<Left> left = new AtomicReference<>();
        Exit.Procedure leave = (code, message) -> {
            if (left.compareAndSet(null, new Left(code))) {
                System.out.flush();
                System.err.flush();
                System.setOut(new PrintStream(OutputStream.nullOutputStream()));
                System.setErr(new PrintStream(OutputStream.nullOutputStream()));
            }
            throw left.get();
        };
        Exit.setExitProcedure(leave);
        Exit.setHaltProcedure(leave);
        List<Runnable> hooks = new ArrayList<>();
        Exit.setShutdownHookAdder((name, hook) -> hooks.add(hook));
        int code = 0;
        try {
            Class.forName(args.get("class").asText()).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException thrown) {
            if (left.get() == null) {
                // What the java launcher does with an exception that leaves main.
                System.err.print("Exception in thread \"main\" ");
                thrown.getCause().printStackTrace();
                code = 1;
            }
        } finally {
            // What the JVM does at its end; the console producer sends what is left.
            hooks.forEach(Runnable::run);
            Exit.resetExitProcedure();
            Exit.resetHaltProcedure();
            Exit.resetShutdownHookAdder();
            System.out.flush();
            System.err.flush();
            System.setOut(out);
            System.setErr(err);
            System.setIn(in);
        }
        if (left.get() != null) code = left.get().code;
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("stdout", stdout.toString(StandardCharsets.UTF_8));
        result.put("stderr", stderr.toString(StandardCharsets.UTF_8));
        result.put("code", code);
        return result;
    }

    private ToolDriver() { }
}
