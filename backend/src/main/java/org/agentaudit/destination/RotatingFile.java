package org.agentaudit.destination;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.export.EventJson;
import org.agentaudit.retention.RetentionPolicy;
import org.jspecify.annotations.Nullable;

/// A file of JSON lines as in an export, `events.jsonl`. Logback closes it every UTC day and when
/// it has grown large, compresses the closed part, and removes parts that are old.
final class RotatingFile implements Destination, AutoCloseable {

    private static final byte[] NOTHING = {};

    private final FileConfig config;
    private final RetentionPolicy retention;
    private final Path file;
    private final LoggerContext context = new LoggerContext();
    private final RollingFileAppender<byte[]> appender = new RollingFileAppender<>();
    private final SizeAndTimeBasedRollingPolicy<byte[]> policy =
            new SizeAndTimeBasedRollingPolicy<>();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    RotatingFile(Path folder, FileConfig config, RetentionPolicy retention) {
        this.config = config;
        this.retention = retention;
        this.file = folder.resolve("events.jsonl");
        context.setName("destination-file");
        context.getStatusManager()
                .add(
                        status -> {
                            if (status.getEffectiveLevel() == Status.ERROR) {
                                failure.set(status.getMessage());
                            }
                        });
        appender.setContext(context);
        appender.setName("file");
        appender.setFile(file.toString());
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(folder + "/events-%d{yyyy-MM-dd, UTC}.%i.jsonl.gz");
        policy.setMaxFileSize(new FileSize(config.maxBytes()));
        policy.setMaxHistory(config.days());
        policy.setCleanHistoryOnStart(true);
        appender.setRollingPolicy(policy);
        Lines lines = new Lines();
        lines.setContext(context);
        appender.setEncoder(lines);
    }

    @Override
    public String name() {
        return "file";
    }

    @Override
    public String place() {
        return file.toString();
    }

    /// Answerable once the lines are on disk.
    @Override
    public void send(List<AuditEvent> events) throws UnreachableException {
        failure.set(null);
        if (!appender.isStarted()) {
            start();
        }
        for (AuditEvent event : events) {
            AuditEvent copy =
                    config.content() ? event : new AuditEvent(event.envelope(), Content.NONE);
            appender.doAppend(EventJson.line(copy, retention.expiresOn(copy.envelope()), Map.of()));
            fail();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw new UnreachableException("cannot be written: " + e, null);
        }
    }

    private void start() throws UnreachableException {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new UnreachableException("the folder cannot be made: " + e, null);
        }
        policy.start();
        appender.start();
        fail();
        if (!appender.isStarted()) {
            throw new UnreachableException("the file cannot be opened", null);
        }
    }

    /// Logback says by status messages alone what went wrong.
    private void fail() throws UnreachableException {
        String said = failure.get();
        if (said != null) {
            close();
            throw new UnreachableException(said, null);
        }
    }

    @Override
    public void close() {
        appender.stop();
        policy.stop();
    }

    /// The lines come ready made.
    private static final class Lines extends EncoderBase<byte[]> {
        @Override
        public byte[] headerBytes() {
            return NOTHING;
        }

        @Override
        public byte[] encode(byte[] line) {
            return line;
        }

        @Override
        public byte[] footerBytes() {
            return NOTHING;
        }
    }
}
