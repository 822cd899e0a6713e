package org.agentaudit.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One kept-open HTTP/1.1 connection that posts events: so small that the load costs the two cores
/// little. No TLS.
final class HttpConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int ANSWER_MILLIS = 120_000;
    private static final int BUFFER = 8192;

    private final URI portal;
    private final String key;
    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();

    /// @param retryAfter seconds; 0 when the answer names none
    record Answer(int status, int retryAfter, String body) {}

    HttpConnection(URI portal, String key) {
        this.portal = portal;
        this.key = key;
    }

    /// Posts a body to `/api/events` and waits for the answer.
    ///
    /// @throws IOException when the connection breaks; the next call opens another
    Answer post(byte[] body) throws IOException {
        try {
            OutputStream out = open().getOutputStream();
            byte[] head =
                    """
                    POST /api/events HTTP/1.1\r
                    Host: %s:%d\r
                    Authorization: Bearer %s\r
                    Content-Type: application/x-ndjson\r
                    Content-Length: %d\r
                    \r
                    """
                            .formatted(portal.getHost(), portal.getPort(), key, body.length)
                            .getBytes(StandardCharsets.US_ASCII);
            byte[] request = new byte[head.length + body.length];
            System.arraycopy(head, 0, request, 0, head.length);
            System.arraycopy(body, 0, request, head.length, body.length);
            out.write(request);
            return answer();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Socket open() throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket();
            open.setTcpNoDelay(true);
            open.setSoTimeout(ANSWER_MILLIS);
            open.connect(new InetSocketAddress(portal.getHost(), portal.getPort()), CONNECT_MILLIS);
            in = new BufferedInputStream(open.getInputStream(), BUFFER);
            socket = open;
        }
        return open;
    }

    private Answer answer() throws IOException {
        String[] status = line().split(" ", 3);
        int length = 0;
        int retryAfter = 0;
        boolean last = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            String value = header.substring(colon + 1).strip();
            switch (header.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Integer.parseInt(value);
                case "retry-after" -> retryAfter = Integer.parseInt(value);
                case "connection" -> last = value.equalsIgnoreCase("close");
                case "transfer-encoding" ->
                        throw new IOException("the answer comes in chunks, which nobody asked for");
                default -> {
                    // says nothing about the answer's end
                }
            }
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the answer ends early");
        }
        if (last) {
            close();
        }
        return new Answer(
                Integer.parseInt(status[1]), retryAfter, new String(body, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the portal closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        Socket open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }
}
