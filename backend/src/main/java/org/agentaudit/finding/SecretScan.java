package org.agentaudit.finding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.database.DatabaseFailures;
import org.agentaudit.event.Redaction;
import org.agentaudit.finding.SecretScanRepository.State;
import org.agentaudit.finding.SecretScanRepository.Stored;
import org.agentaudit.ingest.redact.RedactionRules;
import org.agentaudit.ingest.redact.Redactor;
import org.agentaudit.proof.ContentParts;
import org.agentaudit.store.EventCounts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Searches what is stored for secrets that were not taken out when it came, for instance because
/// the rules have become better since: trace by trace, with rests, again every few hours and anew
/// whenever the rules in force differ. Remembers how far it came; one portal at a time searches.
/// Where a secret is found is kept, the secret never.
@Singleton
public class SecretScan {
    private static final Logger LOG = LoggerFactory.getLogger(SecretScan.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EVENTS_PER_STEP = 500;
    private static final long WAIT_MILLIS = 20;
    private static final String BEFORE_ALL = "";

    private final TransactionOperations<Connection> transactions;
    private final SecretScanRepository repository;
    private final FindingRepository findings;
    private final RedactionRules rules;
    private final FindingConfig config;
    private final Clock clock;
    private volatile boolean failing;

    SecretScan(
            TransactionOperations<Connection> transactions,
            SecretScanRepository repository,
            FindingRepository findings,
            RedactionRules rules,
            FindingConfig config,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.findings = findings;
        this.rules = rules;
        this.config = config;
        this.clock = clock;
    }

    /// What the last completed search says.
    ///
    /// @param searchedUpTo what was stored before was searched
    /// @param agents       by agent id; agents of whose events none was searched are absent
    public record Result(Instant searchedUpTo, Map<String, Searched> agents) {
        public Result {
            agents = Map.copyOf(agents);
        }
    }

    /// Events of an agent.
    ///
    /// @param events  searched; those of a quarter hour count whole when the period cuts it
    /// @param exposed stored events in which a secret detector fires
    public record Searched(long events, long exposed) {}

    /// Events of [from, to) in the viewer's scope; null when no search was completed yet.
    public @Nullable Result result(Viewer viewer, Instant from, Instant to) {
        viewer.requireReader();
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    State state = repository.state(connection);
                    Instant last = state == null ? null : state.lastStart();
                    if (last == null) {
                        return null;
                    }
                    Map<String, Long> exposed = repository.exposed(connection, viewer, from, to);
                    Map<String, Searched> agents = new HashMap<>();
                    repository
                            .searched(connection, viewer, last, from, to)
                            .forEach(
                                    (agent, events) ->
                                            agents.put(
                                                    agent,
                                                    new Searched(
                                                            events,
                                                            exposed.getOrDefault(agent, 0L))));
                    // found by the search that goes on, in events that came after the last one
                    exposed.forEach(
                            (agent, n) ->
                                    agents.compute(
                                            agent,
                                            (_, known) ->
                                                    known == null || known.events() < n
                                                            ? new Searched(n, n)
                                                            : known));
                    return new Result(last, agents);
                });
    }

    /// Searches on, at most half of the time.
    void follow() {
        try {
            boolean more = isDue();
            while (more && !Thread.currentThread().isInterrupted()) {
                long start = System.nanoTime();
                more = step();
                if (more) {
                    Thread.sleep(Math.max(1, (System.nanoTime() - start) / 1_000_000));
                }
            }
            failing = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // Tried again in twenty seconds; said once, not with every try.
            if (!failing) {
                LOG.warn(
                        "Searching stored events for secrets failed and will be tried again: {}",
                        DatabaseFailures.kindOf(e));
            }
            failing = true;
        }
    }

    /// Searches everything that is stored, without rests.
    void run() {
        while (!Thread.currentThread().isInterrupted() && step()) {
            // until it is complete
        }
    }

    /// Searches everything that is stored by now, without rests; waits for a search that is going
    /// on elsewhere.
    ///
    /// @throws InterruptedException when stopped; what was found stays
    public void searchAll() throws InterruptedException {
        Instant asked = clock.instant().truncatedTo(ChronoUnit.MICROS);
        while (!searchedSince(asked)) {
            if (!step()) {
                Thread.sleep(WAIT_MILLIS);
            }
        }
    }

    private boolean searchedSince(Instant asked) {
        State state = transactions.executeRead(status -> repository.state(status.getConnection()));
        return state != null
                && state.completeAt() != null
                && state.lastStart() != null
                && !state.lastStart().isBefore(asked);
    }

    private boolean isDue() {
        State state = transactions.executeRead(status -> repository.state(status.getConnection()));
        if (state == null || state.rules() != rules.version()) {
            return true;
        }
        Instant complete = state.completeAt();
        return complete == null
                || !clock.instant().isBefore(complete.plus(config.secretScanEvery()));
    }

    /// Searches the next traces, from the first on when the last search had ended.
    ///
    /// @return whether the search goes on; false also when another portal is at it
    private boolean step() {
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    if (!repository.lock(connection)) {
                        return false;
                    }
                    Instant now = clock.instant();
                    State state = repository.state(connection);
                    if (state == null
                            || state.rules() != rules.version()
                            || state.completeAt() != null) {
                        Instant last = state == null ? null : state.lastStart();
                        // told apart from the last by its start, whatever the clock does
                        Instant start =
                                last == null || now.isAfter(last) ? now : last.plusMillis(1);
                        state = new State(rules.version(), BEFORE_ALL, start, null, last);
                        repository.keepCounts(connection, start, last);
                    }
                    List<String> traces =
                            repository.tracesAfter(connection, state.traceId(), EVENTS_PER_STEP);
                    if (traces.isEmpty()) {
                        repository.state(
                                connection,
                                new State(
                                        state.rules(),
                                        state.traceId(),
                                        state.startedAt(),
                                        now,
                                        state.startedAt()));
                        repository.keepCounts(connection, state.startedAt(), null);
                        return false;
                    }
                    search(connection, traces, state.startedAt(), now);
                    repository.state(
                            connection,
                            new State(
                                    state.rules(),
                                    traces.getLast(),
                                    state.startedAt(),
                                    null,
                                    state.lastStart()));
                    return true;
                });
    }

    private void search(
            Connection connection, List<String> traces, Instant searchStart, Instant now)
            throws SQLException {
        Map<Instant, Map<String, Long>> searched = new HashMap<>();
        List<Stored> hits = new ArrayList<>();
        Set<UUID> inEnvelope = new HashSet<>();
        List<Detected> found = new ArrayList<>();
        repository.each(
                connection,
                traces,
                event -> {
                    searched.computeIfAbsent(
                                    EventCounts.quarterOf(event.occurredAt()),
                                    quarter -> new HashMap<>())
                            .merge(event.agentId(), 1L, Long::sum);
                    Set<String> fired = new TreeSet<>(inNames(event.names()));
                    if (!fired.isEmpty()) {
                        inEnvelope.add(event.eventId());
                    }
                    ContentParts content = event.content();
                    if (content != null) {
                        fired.addAll(inContent(content));
                    }
                    if (!fired.isEmpty()) {
                        hits.add(event);
                        found.add(finding(event, fired));
                    }
                });
        repository.replace(connection, traces, hits, inEnvelope);
        repository.count(connection, searchStart, searched);
        findings.add(connection, found, now);
    }

    private static Detected finding(Stored event, Set<String> detectors) {
        return new Detected(
                FindingKind.SECRET_IN_EVENT,
                Severity.CRITICAL,
                List.of(event.eventId().toString()),
                event.agentId(),
                event.sessionId(),
                event.traceId(),
                event.occurredAt(),
                null,
                null,
                "A stored event holds what looks like a secret (%s)."
                        .formatted(String.join(", ", detectors)),
                "Change the secret, then erase the event's content or let it expire.",
                List.of(event.eventId()));
    }

    private Set<String> inNames(List<String> names) {
        Set<String> fired = new TreeSet<>();
        names.forEach(name -> rules.redact(name, fired::add));
        return fired;
    }

    /// Names of the detectors that fire on the content as it would come in.
    private Set<String> inContent(ContentParts content) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.set("params", json(content.params()));
        line.set("result", json(content.result()));
        line.set("reasoning", text(content.reasoning()));
        line.set("decision", json(content.decision()));
        line.set("error", text(content.errorMessage()));
        line.set("unmapped", json(content.unmapped()));
        Redactor redactor = new Redactor(rules);
        redactor.rewrite(line);
        Set<String> fired = new TreeSet<>();
        redactor.redactions().stream()
                .map(Redaction::detector)
                .filter(rules.detectors()::contains)
                .forEach(fired::add);
        return fired;
    }

    private static JsonNode json(@Nullable String text) {
        if (text == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text); // searched as it is
        }
    }

    private static JsonNode text(@Nullable String text) {
        return text == null ? JsonNodeFactory.instance.nullNode() : TextNode.valueOf(text);
    }
}
