package org.agentaudit.ingest;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.BatchDecoder.Decoded;
import org.agentaudit.ingest.BatchDecoder.Pending;
import org.agentaudit.ingest.IngestResult.RejectedItem;
import org.agentaudit.ingest.normal.EventTimes;
import org.agentaudit.ingest.normal.Normaliser;
import org.agentaudit.ingest.otlp.Signal;
import org.agentaudit.ingest.redact.RedactionRules;
import org.agentaudit.pricing.PriceTable;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.AppendResult;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.QuarantineItem;
import org.agentaudit.store.StoreBusyException;
import org.jspecify.annotations.Nullable;

/// The one way events take into the store, whatever brought them: read strictly, redact, identify,
/// normalise, append, count. Safe for any thread.
@Singleton
public final class IngestPipeline {
    static final String CONFLICT = "id already used by another event";

    private final EventStore store;
    private final Normaliser normaliser;
    private final RedactionRules rules;
    private final Minimiser minimiser;
    private final IngestConfig config;
    private final IngestCounters counters;
    private final Clock clock;
    private final Semaphore bytesInFlight;

    /// An item of quarantine to be tried again.
    ///
    /// @param id         in quarantine
    /// @param receivedAt when it came the first time
    /// @param format     the shape its sender named; null: recognised by content
    /// @param body       all of it, after redaction
    public record Retry(
            long id,
            Instant receivedAt,
            String origin,
            long index,
            @Nullable SourceFormat format,
            String body) {}

    /// What became of an item that was tried again.
    ///
    /// @param reason why it is still not understood; null when it is in the store now
    public record Retried(long id, @Nullable String reason) {}

    IngestPipeline(
            EventStore store,
            PriceTable prices,
            RedactionRules rules,
            Minimiser minimiser,
            IngestConfig config,
            IngestCounters counters,
            Clock clock) {
        this.store = store;
        this.normaliser = new Normaliser(prices);
        this.rules = rules;
        this.minimiser = minimiser;
        this.config = config;
        this.counters = counters;
        this.clock = clock;
        this.bytesInFlight = new Semaphore(config.maxBytesInFlight());
    }

    /// Takes a whole body: one event, an array of events, or lines.
    ///
    /// @param body   unpacked, at most the configured size
    /// @param lines  each non-empty line is an event
    /// @param format the shape the caller names; null: recognised by content
    /// @param origin kept with what is quarantined, for instance `http`
    /// @return completed after everything accepted is committed; completed exceptionally when the
    ///         store is away, and then nothing of the body was stored
    /// @throws BadBodyException      when the body is no JSON
    /// @throws BodyTooLargeException when it holds too many events
    /// @throws StoreBusyException    when too much is waiting; nothing of the body was taken
    public CompletableFuture<IngestResult> ingest(
            byte[] body, boolean lines, @Nullable SourceFormat format, String origin) {
        return ingest(
                body.length,
                () -> {
                    BatchDecoder decoder =
                            decoder(body, new BatchDecoder.Source(origin, lines, format));
                    return append(decoder, decoder.decode(), Set.of());
                });
    }

    /// Takes the spans or log records of an OTLP request; answers and fails as the other one.
    ///
    /// @param bytes  size of the request, unpacked
    /// @param reader hands on each of them; called once there is room for it
    CompletableFuture<IngestResult> ingest(
            int bytes, Consumer<Consumer<Signal>> reader, String origin) {
        return ingest(
                bytes,
                () -> {
                    BatchDecoder decoder =
                            decoder(new byte[0], new BatchDecoder.Source(origin, false, null));
                    return append(decoder, decoder.decode(reader), Set.of());
                });
    }

    private CompletableFuture<IngestResult> ingest(
            int bytes, Supplier<CompletableFuture<IngestResult>> work) {
        int permits = Math.min(bytes, config.maxBytesInFlight());
        if (!bytesInFlight.tryAcquire(permits)) {
            throw new StoreBusyException("too many events are being received: try again later");
        }
        CompletableFuture<IngestResult> answer;
        try {
            answer = work.get();
        } catch (RuntimeException | Error e) {
            bytesInFlight.release(permits);
            throw e;
        }
        return answer.whenComplete((result, failure) -> bytesInFlight.release(permits));
    }

    /// Runs items of quarantine through the pipeline again, each as if it had just arrived but for
    /// its time of receipt, which stays. Those understood now leave quarantine in the commit that
    /// stores them; the others stay as they are.
    ///
    /// @return one answer per item in the same order, completed after the commit; exceptionally as
    ///         for [#ingest]
    /// @throws StoreBusyException when too much is waiting; nothing was taken
    public CompletableFuture<List<Retried>> retry(List<Retry> items) {
        Map<Long, String> refused = new HashMap<>();
        List<NewEvent> events = new ArrayList<>();
        for (Retry item : items) {
            long[] number = {item.index()};
            BatchDecoder decoder =
                    new BatchDecoder(
                            item.body().getBytes(StandardCharsets.UTF_8),
                            new BatchDecoder.Source(
                                    item.origin(), true, item.format(), number, new ItemDecoder()),
                            item.receivedAt(),
                            config.maxEvents(),
                            rules,
                            minimiser);
            Decoded decoded = decoder.decodeItem();
            decoded.rejected().forEach(no -> refused.put(item.id(), no.reason()));
            normalise(decoder, decoded, Set.of())
                    .forEach(event -> events.add(event.fromQuarantine(item.id())));
        }
        return store.append(events, List.of())
                .thenApply(
                        results -> {
                            for (int i = 0; i < results.size(); i++) {
                                Long id = events.get(i).quarantineId();
                                if (id != null && results.get(i) == AppendResult.CONFLICT) {
                                    refused.put(id, CONFLICT);
                                }
                            }
                            return items.stream()
                                    .map(item -> new Retried(item.id(), refused.get(item.id())))
                                    .toList();
                        });
    }

    BatchDecoder decoder(byte[] body, BatchDecoder.Source source) {
        return new BatchDecoder(
                body,
                source,
                EventTimes.toMicros(clock.instant()),
                source.numbers() == null ? config.maxEvents() : Integer.MAX_VALUE,
                rules,
                minimiser);
    }

    /// Normalises what was decoded and stores it.
    ///
    /// @param agents names known to be agents beside those of the batch and of the store
    CompletableFuture<IngestResult> append(
            BatchDecoder decoder, Decoded decoded, Set<String> agents) {
        List<NewEvent> events = normalise(decoder, decoded, agents);
        return store.append(events, decoded.quarantined())
                .thenCompose(results -> settle(decoder, decoded, results));
    }

    private List<NewEvent> normalise(BatchDecoder decoder, Decoded decoded, Set<String> agents) {
        Set<String> known = new HashSet<>();
        Set<String> asked = new HashSet<>();
        for (Pending item : decoded.pending()) {
            known.add(Normaliser.agentOf(item.draft()));
            String source = Normaliser.sourceToLookUp(item.draft());
            if (source != null) {
                asked.add(source);
            }
        }
        asked.removeAll(known);
        asked.removeIf(
                name -> {
                    boolean agent = agents.contains(name);
                    if (agent) {
                        known.add(name);
                    }
                    return agent;
                });
        if (!asked.isEmpty()) {
            known.addAll(store.knownAgents(asked));
        }
        Prover prover = new Prover();
        List<NewEvent> events = new ArrayList<>(decoded.pending().size());
        for (Pending item : decoded.pending()) {
            events.add(
                    new NewEvent(
                            normaliser.event(
                                    item.draft(),
                                    item.id(),
                                    decoder.receivedAt(),
                                    item.redactions(),
                                    known),
                            item.digest(),
                            rules.version(),
                            prover));
        }
        return events;
    }

    /// Counts what became of the items. An item with an event whose id belongs to another one is
    /// kept in quarantine, so that the attempt is not lost, before the caller is told.
    private CompletableFuture<IngestResult> settle(
            BatchDecoder decoder, Decoded decoded, List<AppendResult> results) {
        int stored = 0;
        int duplicates = 0;
        List<RejectedItem> rejected = new ArrayList<>(decoded.rejected());
        List<QuarantineItem> conflicts = new ArrayList<>();
        List<Pending> pending = decoded.pending();
        for (int from = 0, to; from < results.size(); from = to) {
            Pending item = pending.get(from);
            to = from + 1;
            while (to < results.size() && pending.get(to).unit() == item.unit()) {
                to++;
            }
            List<AppendResult> events = results.subList(from, to);
            if (events.contains(AppendResult.CONFLICT)) {
                QuarantineItem conflict = decoder.quarantine(item, CONFLICT);
                conflicts.add(conflict);
                rejected.add(new RejectedItem(item.index(), conflict.eventId(), CONFLICT));
            } else if (events.contains(AppendResult.STORED)) {
                stored++;
            } else {
                duplicates++;
            }
        }
        rejected.sort(Comparator.comparingLong(RejectedItem::index));
        IngestResult result = new IngestResult(stored, duplicates, rejected);
        CompletableFuture<?> kept =
                conflicts.isEmpty()
                        ? CompletableFuture.completedFuture(List.of())
                        : store.append(List.of(), conflicts);
        return kept.thenApply(
                done -> {
                    counters.count(result);
                    return result;
                });
    }
}
