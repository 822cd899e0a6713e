package org.agentaudit.graphql;

import java.util.Objects;
import org.agentaudit.query.ChangeFeed;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/// Why a subscription's document runs: once to learn what it follows, then once for each change.
/// So every change is answered like a request of its own, with loaders, limits and an access log
/// entry, and nothing piles up over a long life.
final class Live {
    private final @Nullable Object change;
    private @Nullable Source<?, ?> source;

    private Live(@Nullable Object change) {
        this.change = change;
    }

    /// What a subscription follows.
    record Source<Q, T>(ChangeFeed<Q, T> feed, Q question) {}

    static Live opening() {
        return new Live(null);
    }

    static Live telling(Object change) {
        return new Live(change);
    }

    /// Answer of a subscription's root field.
    ///
    /// @throws IllegalStateException outside of a subscription
    static <Q, T> Publisher<T> follow(RequestContext context, ChangeFeed<Q, T> feed, Q question) {
        Live live = Objects.requireNonNull(context.live(), "not a subscription");
        if (live.change == null) {
            live.source = new Source<>(feed, question);
            return Mono.empty();
        }
        @SuppressWarnings("unchecked") // a change of the same feed
        T change = (T) live.change;
        return Mono.just(change);
    }

    /// What the field that was run follows; null when it failed.
    @Nullable Source<?, ?> source() {
        return source;
    }

    boolean telling() {
        return change != null;
    }
}
