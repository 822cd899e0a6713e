package org.agentaudit.ingest;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A proxy that passes every request on, and most answers not: it hangs up as soon as the request
/// is sent, or when the answer comes. One request per connection.
final class AnswerCutter implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");

    private final ServerSocket door;
    private final int portal;
    private final Random random;
    final AtomicInteger cut = new AtomicInteger();

    AnswerCutter(int portal, long seed) throws IOException {
        this.portal = portal;
        random = new Random(seed);
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return door.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }

    private void serve() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.ofVirtual().start(() -> pass(client));
            } catch (IOException e) {
                if (!door.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void pass(Socket client) {
        int fate = random.nextInt(3);
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), portal)) {
            server.getOutputStream().write(request(client.getInputStream()));
            server.getOutputStream().flush();
            if (fate == 0) {
                cut.incrementAndGet();
                return;
            }
            InputStream answer = server.getInputStream();
            byte[] buffer = new byte[8192];
            int read = answer.read(buffer);
            if (fate == 1) {
                cut.incrementAndGet();
                return;
            }
            while (read > 0) {
                client.getOutputStream().write(buffer, 0, read);
                client.getOutputStream().flush();
                read = answer.available() > 0 ? answer.read(buffer) : 0;
            }
        } catch (IOException e) {
            // the client hung up first: it will send again
            cut.incrementAndGet();
        }
    }

    private static byte[] request(InputStream in) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        while (!request.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            request.write(b);
        }
        Matcher length = LENGTH.matcher(request.toString(StandardCharsets.ISO_8859_1));
        if (length.find()) {
            request.write(in.readNBytes(Integer.parseInt(length.group(1))));
        }
        return request.toByteArray();
    }
}
