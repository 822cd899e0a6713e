package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends one request and reads the status of its answer. The name is resolved once and that very
/// address is connected to, so that a name cannot turn to a private address in between, which no
/// client of the JDK lets us say. Redirects are not followed: the answer's status is all that is
/// read.
@Singleton
class WebhookClient {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookClient.class);
    private static final int LONGEST_HEAD = 16_384;

    private final WebhookAddresses addresses;
    private final Duration timeout;

    WebhookClient(WebhookAddresses addresses, AlertConfig config) {
        this.addresses = addresses;
        this.timeout = config.webhookTimeout();
    }

    /// @param headers names and values without line breaks
    /// @return status of the answer
    /// @throws IOException with a message that can be shown: no answer in time, or none at all
    int post(URI address, Map<String, String> headers, String body) throws IOException {
        InetAddress host = resolve(address.getHost());
        try (Socket socket = new Socket()) {
            // Reads and writes may drag on for ever; closing the socket ends them.
            CompletableFuture<Void> deadline =
                    CompletableFuture.runAsync(
                            () -> close(socket),
                            CompletableFuture.delayedExecutor(
                                    timeout.toMillis(), TimeUnit.MILLISECONDS));
            long started = System.nanoTime();
            try {
                socket.connect(
                        new InetSocketAddress(host, WebhookAddresses.port(address)),
                        (int) timeout.toMillis());
                return exchange(secured(socket, address), address, headers, body);
            } catch (SSLException e) {
                throw late(started)
                        ? new IOException("no answer in time", e)
                        : new IOException("no secure connection", e);
            } catch (SocketTimeoutException e) {
                throw new IOException("no answer in time", e);
            } catch (IOException e) {
                throw late(started) ? new IOException("no answer in time", e) : e;
            } finally {
                deadline.cancel(false);
            }
        }
    }

    private boolean late(long started) {
        return System.nanoTime() - started >= timeout.toNanos();
    }

    private InetAddress resolve(String host) throws IOException {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        try {
            InetAddress address = InetAddress.getByName(name);
            if (!addresses.mayConnect(address)) {
                throw new IOException("the host's address is not public");
            }
            return address;
        } catch (UnknownHostException e) {
            throw new IOException("the host is not known", e);
        }
    }

    private static Socket secured(Socket socket, URI address) throws IOException {
        if (address.getScheme().equalsIgnoreCase("http")) {
            return socket;
        }
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket secured =
                (SSLSocket)
                        factory.createSocket(
                                socket, address.getHost(), WebhookAddresses.port(address), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private static int exchange(
            Socket socket, URI address, Map<String, String> headers, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        StringBuilder head = new StringBuilder();
        head.append("POST ").append(path).append(query).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(address.getRawAuthority()).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(bytes.length).append("\r\n");
        head.append("Connection: close\r\n\r\n");
        OutputStream out = socket.getOutputStream();
        out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.flush();
        return status(socket.getInputStream());
    }

    /// The first final status; what lies before it is bounded.
    private static int status(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int status = 0;
        for (int read = 0; read < LONGEST_HEAD; read++) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the answer ends before its status");
            }
            if (c != '\n') {
                line.append((char) c);
                continue;
            }
            String text = line.toString().stripTrailing();
            line.setLength(0);
            if (text.matches("HTTP/1\\.[01] [1-5]\\d\\d(| .*)")) {
                status = Integer.parseInt(text, 9, 12, 10);
                if (status >= 200) {
                    return status;
                }
            } else if (status == 0) {
                throw new IOException("the answer is no HTTP");
            }
        }
        throw new IOException("the answer has no status");
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("A connection that took too long closes badly: {}", e.toString());
        }
    }
}
