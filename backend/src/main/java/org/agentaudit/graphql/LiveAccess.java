package org.agentaudit.graphql;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.agentaudit.access.Credential;
import org.agentaudit.access.Identification;
import org.agentaudit.access.Identity;
import org.agentaudit.access.Viewer;

/// Who a long answer is for, looked at again while it runs: sign-out, a disabled user, a revoked
/// key, an access token that is over and another role or scope all end it.
final class LiveAccess {
    private final Identification identification;
    private final Credential credential;
    private final Viewer viewer;
    private final long intervalNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private long checkedAt = System.nanoTime();
    private boolean over;

    private LiveAccess(
            Identification identification,
            Credential credential,
            Viewer viewer,
            Duration interval) {
        this.identification = identification;
        this.credential = credential;
        this.viewer = viewer;
        this.intervalNanos = interval.toNanos();
    }

    /// Empty when the credential stands for nobody.
    static Optional<LiveAccess> of(
            Identification identification, Credential credential, Duration interval) {
        return identification
                .of(credential)
                .map(
                        identity ->
                                new LiveAccess(
                                        identification, credential, identity.viewer(), interval));
    }

    Viewer viewer() {
        return viewer;
    }

    /// Whether it still is as it was, as of the last check, which is no older than the interval.
    boolean holds() {
        return System.nanoTime() - checkedAt() < intervalNanos ? !isOver() : holdsNow();
    }

    /// Whether it is as it was now.
    boolean holdsNow() {
        Optional<Viewer> now = identification.of(credential).map(Identity::viewer);
        lock.lock();
        try {
            over |= !now.equals(Optional.of(viewer));
            checkedAt = System.nanoTime();
            return !over;
        } finally {
            lock.unlock();
        }
    }

    private long checkedAt() {
        lock.lock();
        try {
            return checkedAt;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }
}
