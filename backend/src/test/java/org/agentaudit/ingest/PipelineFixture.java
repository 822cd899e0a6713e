package org.agentaudit.ingest;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.pricing.PriceTable;
import org.jspecify.annotations.Nullable;

/// The pipeline on a store in memory and a clock that stands still.
final class PipelineFixture {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final PriceTable PRICES = new PriceTable();

    final FakeStore store = new FakeStore();
    final IngestCounters counters = new IngestCounters();
    final IngestConfig config =
            new IngestConfig(1 << 20, 1 << 22, 100, 1 << 24, Duration.ofSeconds(30));
    final IngestPipeline pipeline =
            new IngestPipeline(store, PRICES, config, counters, Clock.fixed(NOW, ZoneOffset.UTC));

    IngestResult json(String body) {
        return pipeline.ingest(utf8(body), false, null, "test").join();
    }

    IngestResult lines(String body) {
        return pipeline.ingest(utf8(body), true, null, "test").join();
    }

    /// The event a single line becomes.
    static AuditEvent event(String line) {
        PipelineFixture fixture = new PipelineFixture();
        IngestResult result = fixture.json(line);
        if (result.accepted() != 1) {
            throw new AssertionError("not accepted: " + result);
        }
        return fixture.all().getFirst();
    }

    /// Why a single line is refused; null when it is not.
    static @Nullable String refusal(String line) {
        List<IngestResult.RejectedItem> rejected = new PipelineFixture().json(line).rejected();
        return rejected.isEmpty() ? null : rejected.getFirst().reason();
    }

    List<AuditEvent> all() {
        return store.events.values().stream().map(stored -> stored.event()).toList();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
