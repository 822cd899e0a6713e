package org.agentaudit.finding;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Tally;
import org.jspecify.annotations.Nullable;

/// Reads findings for a viewer: those of agents in scope. Detects what is still open in the period
/// first, so that no answer lags behind an acknowledgement; secrets in events are those of the last
/// [SecretScan].
@Singleton
public class Findings {
    private static final String VERSION = "f1";
    private static final int MAXIMUM_CURSOR_LENGTH = 120;
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final FindingRepository repository;
    private final FindingWork work;

    Findings(FindingRepository repository, FindingWork work) {
        this.repository = repository;
        this.work = work;
    }

    /// A part of the findings that match, newest first.
    ///
    /// @throws BadInputException when the filter contradicts itself or the cursor is not of this
    ///     list
    public Page<Finding> page(Viewer viewer, FindingFilter filter, PageRequest page) {
        FindingFilter checked = checked(viewer, filter);
        String cursor = page.backwards() ? page.before() : page.after();
        FindingRepository.Place place = cursor == null ? null : decode(cursor);
        work.catchUp(checked.to());
        List<Finding> found =
                new ArrayList<>(
                        repository.find(
                                viewer, checked, place, !page.backwards(), page.size() + 1));
        boolean more = found.size() > page.size();
        if (more) {
            found.removeLast();
        }
        if (page.backwards()) {
            Collections.reverse(found);
        }
        List<Page.Edge<Finding>> edges =
                found.stream().map(finding -> new Page.Edge<>(encode(finding), finding)).toList();
        return page.backwards()
                ? new Page<>(edges, place != null, more)
                : new Page<>(edges, more, place != null);
    }

    /// One finding; empty when there is none or its agent lies outside the viewer's scope.
    public Optional<Finding> byId(Viewer viewer, UUID id) {
        viewer.requireReader();
        return repository.byId(viewer, id);
    }

    /// How many match.
    public long count(Viewer viewer, FindingFilter filter) {
        FindingFilter checked = checked(viewer, filter);
        work.catchUp(checked.to());
        return repository.count(viewer, checked);
    }

    /// Findings by kind and severity, in the order of the contract, the gravest first.
    public List<FindingCount> counts(Viewer viewer, FindingFilter filter) {
        FindingFilter checked = checked(viewer, filter);
        work.catchUp(checked.to());
        return repository.counts(viewer, checked).stream()
                .sorted(
                        Comparator.comparing(FindingCount::kind)
                                .thenComparing(FindingCount::severity, Comparator.reverseOrder()))
                .toList();
    }

    /// Agents with the most findings that match.
    ///
    /// @param most at most so many
    List<Tally> agents(Viewer viewer, FindingFilter filter, int most) {
        FindingFilter checked = checked(viewer, filter);
        work.catchUp(checked.to());
        return repository.agents(viewer, checked, most);
    }

    private static FindingFilter checked(Viewer viewer, FindingFilter filter) {
        viewer.requireReader();
        Instant from = filter.from();
        Instant to = filter.to();
        if (from != null && to != null && !from.isBefore(to)) {
            throw new BadInputException("The filter's 'from' must lie before its 'to'.");
        }
        return new FindingFilter(
                held(from),
                held(to),
                filter.kinds(),
                filter.severities(),
                filter.agentIds(),
                filter.sessionId(),
                filter.traceId());
    }

    /// Times that PostgreSQL cannot hold lie beyond every event's.
    private static @Nullable Instant held(@Nullable Instant at) {
        if (at == null) {
            return null;
        }
        return at.isBefore(EARLIEST) ? EARLIEST : at.isAfter(LATEST) ? LATEST : at;
    }

    private static String encode(Finding finding) {
        String text =
                VERSION
                        + ":"
                        + ChronoUnit.MICROS.between(Instant.EPOCH, finding.occurredAt())
                        + ":"
                        + finding.id();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static FindingRepository.Place decode(String cursor) {
        if (cursor.length() <= MAXIMUM_CURSOR_LENGTH) {
            try {
                String[] parts =
                        new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII)
                                .split(":", -1);
                if (parts.length == 3 && parts[0].equals(VERSION)) {
                    Instant at = Instant.EPOCH.plus(Long.parseLong(parts[1]), ChronoUnit.MICROS);
                    if (!at.isBefore(EARLIEST) && !at.isAfter(LATEST)) {
                        return new FindingRepository.Place(at, UUID.fromString(parts[2]));
                    }
                }
            } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
                throw malformed();
            }
        }
        throw malformed();
    }

    private static BadInputException malformed() {
        return new BadInputException(
                "The cursor is not one of this list: use 'startCursor' or 'endCursor' of an earlier page.");
    }
}
