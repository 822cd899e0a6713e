package org.agentaudit.access;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Slows down guessing of passwords. Failures are counted three ways: of one user from one address,
/// from one address for any user, and of one user from any address. After a number of failures the
/// next attempt has to wait, twice as long each time; the wait of a user from any address stays
/// short, so that nobody can lock somebody else out. In memory, of bounded size, per portal.
@Singleton
class SignInThrottle {
    private static final int MAX_ENTRIES = 20_000;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(4);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);

    private enum Rule {
        USER_FROM_ADDRESS(5, Duration.ofMinutes(15)),
        ADDRESS(30, Duration.ofMinutes(5)),
        USER(100, Duration.ofSeconds(30));

        private final int free;
        private final Duration longestWait;

        Rule(int free, Duration longestWait) {
            this.free = free;
            this.longestWait = longestWait;
        }

        Duration waitAfter(int failures) {
            if (failures < free) {
                return Duration.ZERO;
            }
            Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - free, 20));
            return wait.compareTo(longestWait) < 0 ? wait : longestWait;
        }
    }

    private record Key(Rule rule, String username, String address) {}

    private record Failures(int count, Instant last) {}

    private final Clock clock;
    private final Map<Key, Failures> failures =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Failures> eldest) {
                    return size() > MAX_ENTRIES;
                }
            };

    SignInThrottle(Clock clock) {
        this.clock = clock;
    }

    /// How long this user has to wait at this address; zero: may try now.
    synchronized Duration waitFor(String username, String address) {
        Instant now = clock.instant();
        Duration longest = Duration.ZERO;
        for (Key key : keys(username, address)) {
            Failures seen = remembered(key, now);
            if (seen != null) {
                Duration left =
                        Duration.between(now, seen.last().plus(key.rule().waitAfter(seen.count())));
                longest = left.compareTo(longest) > 0 ? left : longest;
            }
        }
        return longest;
    }

    synchronized void failed(String username, String address) {
        Instant now = clock.instant();
        for (Key key : keys(username, address)) {
            Failures seen = remembered(key, now);
            failures.put(key, new Failures(seen == null ? 1 : seen.count() + 1, now));
        }
    }

    /// The address stays counted: whoever has an account must not get free guesses at others by
    /// signing in between.
    synchronized void succeeded(String username, String address) {
        failures.remove(new Key(Rule.USER_FROM_ADDRESS, username, address));
        failures.remove(new Key(Rule.USER, username, ""));
    }

    private @Nullable Failures remembered(Key key, Instant now) {
        Failures seen = failures.get(key);
        if (seen == null) {
            return null;
        }
        Instant forgotten =
                seen.last().plus(key.rule().waitAfter(seen.count())).plus(FORGOTTEN_AFTER);
        return forgotten.isAfter(now) ? seen : null;
    }

    private static List<Key> keys(String username, String address) {
        return List.of(
                new Key(Rule.USER_FROM_ADDRESS, username, address),
                new Key(Rule.ADDRESS, "", address),
                new Key(Rule.USER, username, ""));
    }
}
