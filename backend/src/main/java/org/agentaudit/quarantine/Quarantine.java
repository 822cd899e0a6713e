package org.agentaudit.quarantine;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.ingest.IngestPipeline;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.store.StoreBusyException;

/// What administrators do with items that were not understood. Who manages ingest has to know what
/// it refused, so ADMIN lists items with their reasons; a body is no event, and nobody else sees
/// it, but it may hold what an event's content would: it is shown one at a time, for a stated
/// purpose that the access log keeps, and only to an ADMIN who is not limited to some agents, since
/// nothing says whose it is.
@Singleton
public class Quarantine {

    private static final int STEP_ITEMS = 200;
    private static final long STEP_BYTES = 8L << 20;
    private static final int GROUPS = 20;
    private static final long BUSY_WAIT_MILLIS = 200;

    private final QuarantineRepository repository;
    private final IngestPipeline pipeline;
    private final AccessLog accessLog;
    private final Clock clock;

    Quarantine(
            QuarantineRepository repository,
            IngestPipeline pipeline,
            AccessLog accessLog,
            Clock clock) {
        this.repository = repository;
        this.pipeline = pipeline;
        this.accessLog = accessLog;
        this.clock = clock;
    }

    /// A part of the items that match, newest first; only forwards.
    ///
    /// @throws BadInputException when the cursor is none of this list
    public Page<QuarantinedItem> page(Viewer viewer, QuarantineFilter filter, PageRequest part) {
        require(viewer);
        if (part.backwards() || part.before() != null) {
            throw new BadInputException("This list is read with 'first' and 'after'.");
        }
        String after = part.after();
        long before = after == null ? Long.MAX_VALUE : decode(after);
        List<QuarantinedItem> found = repository.page(filter, before, part.size() + 1);
        boolean more = found.size() > part.size();
        List<Page.Edge<QuarantinedItem>> edges =
                found.stream()
                        .limit(part.size())
                        .map(item -> new Page.Edge<>(encode(item.id()), item))
                        .toList();
        return new Page<>(edges, more, after != null);
    }

    /// Exact number of items that match.
    public long count(Viewer viewer, QuarantineFilter filter) {
        require(viewer);
        return repository.count(filter);
    }

    /// The reasons of the items that match, at most 20, most frequent first.
    public List<QuarantineGroup> groups(Viewer viewer, QuarantineFilter filter) {
        require(viewer);
        return repository.groups(filter, GROUPS);
    }

    public Optional<QuarantinedItem> byId(Viewer viewer, long id) {
        require(viewer);
        return repository.byId(id);
    }

    /// The body of an item, after it was noted in the access log who looks at it and why.
    ///
    /// @param purpose in words, not blank
    /// @throws AccessDeniedException when the viewer is limited to some agents
    public Optional<String> reveal(Viewer viewer, long id, String purpose) {
        require(viewer);
        if (!mayReveal(viewer)) {
            throw new AccessDeniedException(
                    "Nothing says which agent this item belongs to, so it is shown to"
                            + " administrators without an agent scope only.");
        }
        if (purpose.isBlank()) {
            throw new BadInputException("Say what you need the body for; the access log keeps it.");
        }
        if (repository.byId(id).isEmpty()) {
            return Optional.empty();
        }
        accessLog.record(
                viewer, AccessAction.CONTENT_REVEALED, "quarantine item " + id, purpose.strip());
        return repository.body(id);
    }

    /// Whether the viewer may look at bodies.
    public static boolean mayReveal(Viewer viewer) {
        return viewer.has(Role.ADMIN) && viewer.agentScope().isEmpty();
    }

    /// Tries an item again.
    ///
    /// @return why it is still not understood; empty when it is an event now
    /// @throws BadInputException when there is no such item, or it cannot be tried again
    public Optional<String> retry(Viewer viewer, long id) {
        require(viewer);
        List<IngestPipeline.Retry> items =
                repository.toRetry(QuarantineFilter.ALL, id - 1, id, 1, STEP_BYTES);
        if (items.isEmpty()) {
            throw new BadInputException(
                    "Quarantine has no item " + id + " that can be tried again.");
        }
        accessLog.record(viewer, AccessAction.QUARANTINE_RETRIED, "item " + id, null);
        return Optional.ofNullable(step(items).getFirst().reason());
    }

    /// Tries every item again that matches now, in steps, oldest first. May be stopped between two
    /// steps by an interrupt and repeated: what was understood has left quarantine.
    ///
    /// @param progress told after every step
    public RetryProgress retryAll(
            Viewer viewer, QuarantineFilter filter, Consumer<RetryProgress> progress) {
        require(viewer);
        long upTo = repository.lastId();
        RetryProgress state =
                new RetryProgress(
                        viewer.username(),
                        filter.description(),
                        clock.instant(),
                        repository.countRetryable(filter),
                        0,
                        0,
                        null,
                        null);
        progress.accept(state);
        accessLog.record(viewer, AccessAction.QUARANTINE_RETRIED, filter.description(), null);
        long after = 0;
        while (!Thread.currentThread().isInterrupted()) {
            List<IngestPipeline.Retry> items =
                    repository.toRetry(filter, after, upTo, STEP_ITEMS, STEP_BYTES);
            if (items.isEmpty()) {
                return state.ended(clock.instant(), null);
            }
            long refused = step(items).stream().filter(item -> item.reason() != null).count();
            state = state.plus(items.size() - refused, refused);
            progress.accept(state);
            after = items.getLast().id();
        }
        return state.ended(clock.instant(), "stopped");
    }

    /// Deletes an item for good.
    ///
    /// @return whether it was there
    /// @throws BadInputException when a legal hold keeps it
    public boolean delete(Viewer viewer, long id) {
        require(viewer);
        accessLog.record(viewer, AccessAction.QUARANTINE_DELETED, "item " + id, null);
        if (repository.delete(id)) {
            return true;
        }
        if (repository.byId(id).isPresent()) {
            throw new BadInputException("A legal hold keeps item " + id + ".");
        }
        return false;
    }

    /// Deletes every item for good that matches now and that no legal hold keeps.
    ///
    /// @return how many
    public long deleteAll(Viewer viewer, QuarantineFilter filter) {
        require(viewer);
        long upTo = repository.lastId();
        accessLog.record(
                viewer,
                AccessAction.QUARANTINE_DELETED,
                repository.count(filter) + " items: " + filter.description(),
                null);
        long deleted = 0;
        int step;
        do {
            step = repository.delete(filter, upTo, STEP_ITEMS);
            deleted += step;
        } while (step > 0);
        return deleted;
    }

    private List<IngestPipeline.Retried> step(List<IngestPipeline.Retry> items) {
        List<IngestPipeline.Retried> results = append(items);
        List<IngestPipeline.Retried> refused =
                results.stream().filter(item -> item.reason() != null).toList();
        if (!refused.isEmpty()) {
            repository.noteTries(refused, clock.instant());
        }
        return results;
    }

    /// Waits as long as the store is behind: what comes in goes first.
    private List<IngestPipeline.Retried> append(List<IngestPipeline.Retry> items) {
        while (true) {
            try {
                return pipeline.retry(items).join();
            } catch (StoreBusyException e) {
                pause(e);
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }
    }

    private static void pause(StoreBusyException busy) {
        try {
            Thread.sleep(BUSY_WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy;
        }
    }

    private static void require(Viewer viewer) {
        if (!viewer.has(Role.ADMIN)) {
            throw new AccessDeniedException("Quarantine needs the role ADMIN.");
        }
    }

    private static String encode(long id) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("q:" + id).getBytes(StandardCharsets.US_ASCII));
    }

    private static long decode(String cursor) {
        try {
            String text =
                    new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            if (text.startsWith("q:")) {
                return Long.parseLong(text.substring(2));
            }
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
        throw malformed();
    }

    private static BadInputException malformed() {
        return new BadInputException(
                "The cursor is not one of this list: use 'endCursor' of an earlier page.");
    }
}
