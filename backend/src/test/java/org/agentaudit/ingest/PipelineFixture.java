package org.agentaudit.ingest;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.ingest.redact.RedactionConfig;
import org.agentaudit.ingest.redact.RedactionRules;
import org.agentaudit.pricing.PriceTable;
import org.jspecify.annotations.Nullable;

/// The pipeline on a store in memory and a clock that stands still.
final class PipelineFixture {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final PriceTable PRICES = new PriceTable();
    static final RedactionRules RULES = RedactionRules.of(RedactionConfig.DEFAULT);

    static final MinimisationConfig MINIMISATION =
            new MinimisationConfig(
                    Set.of("Read", "Write", "Edit"),
                    Set.of("query_database"),
                    Set.of("Bash"),
                    500,
                    500);

    final FakeStore store = new FakeStore();
    final IngestCounters counters = new IngestCounters();
    final IngestConfig config;
    final IngestPipeline pipeline;

    PipelineFixture() {
        this(1 << 22);
    }

    /// @param maxBytes of a body, unpacked
    PipelineFixture(int maxBytes) {
        config = new IngestConfig(1 << 20, maxBytes, 100, 4 * maxBytes, Duration.ofSeconds(30));
        pipeline =
                new IngestPipeline(
                        store,
                        PRICES,
                        RULES,
                        new Minimiser(MINIMISATION),
                        config,
                        counters,
                        Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /// An import that meets no archive.
    FileImport files() {
        return new FileImport(
                pipeline,
                config,
                new ArchiveImport(
                        records -> {
                            throw new AssertionError("no archive here");
                        },
                        store,
                        Clock.fixed(NOW, ZoneOffset.UTC)));
    }

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
