package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// Messages of the errored events of a period for a viewer, grouped by what they have in common;
/// masked where the viewer may not see content. Settles what is open in the period first.
@Singleton
public class MessageQuery {

    /// Stands in for a sample when no message of the group is stored any more.
    public static final String GONE = "(content removed)";

    private static final int MAXIMUM_GROUPS = 1000;
    private static final int LONGEST_SAMPLE = 10_000;

    /// A group of messages.
    ///
    /// @param fingerprint the same in every portal; masked, as `sample`, for a viewer who may not
    ///     see content
    /// @param sample   one of the messages, redacted and cut to 10,000 characters
    /// @param revealed the event whose message `sample` is; null when it shows none
    /// @param count    errored events with such a message
    public record Group(
            String fingerprint,
            String sample,
            @Nullable UUID revealed,
            long count,
            Instant lastSeen) {}

    private final MessageReadRepository repository;
    private final TraceSettler settler;

    MessageQuery(MessageReadRepository repository, TraceSettler settler) {
        this.repository = repository;
        this.settler = settler;
    }

    /// The 1000 largest groups, by number of events, descending.
    ///
    /// @param agentId null: of all agents in scope
    public List<Group> groups(Viewer viewer, Period period, @Nullable String agentId) {
        viewer.requireReader();
        settler.settle(period.from(), period.to());
        List<MessageReadRepository.Group> groups =
                repository.groups(viewer, PeriodParts.of(period), agentId, MAXIMUM_GROUPS);
        Map<String, MessageReadRepository.Sample> samples =
                viewer.mayReadContent()
                        ? repository.samples(
                                viewer,
                                period,
                                agentId,
                                groups.stream()
                                        .map(MessageReadRepository.Group::fingerprint)
                                        .toList(),
                                LONGEST_SAMPLE)
                        : Map.of();
        return groups.stream()
                .map(group -> group(viewer, group, samples.get(group.fingerprint())))
                .toList();
    }

    private static Group group(
            Viewer viewer,
            MessageReadRepository.Group group,
            MessageReadRepository.@Nullable Sample sample) {
        if (!viewer.mayReadContent()) {
            return new Group(
                    Disclosure.MASKED, Disclosure.MASKED, null, group.count(), group.lastSeen());
        }
        return new Group(
                group.fingerprint(),
                sample == null ? GONE : sample.message(),
                sample == null ? null : sample.eventId(),
                group.count(),
                group.lastSeen());
    }
}
