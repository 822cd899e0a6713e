package org.agentaudit.ingest;

import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.agentaudit.store.StoreBusyException;
import org.agentaudit.store.StoreUnavailableException;

/// Unpacks bodies of events within the limits, a few at once: a small one may grow to the limit
/// before the pipeline counts its bytes.
@Singleton
class RequestBodies {
    private static final int UNPACKED_AT_ONCE = 4;
    private static final int UNPACKING_PATIENCE_SECONDS = 5;

    private final Semaphore unpacking = new Semaphore(UNPACKED_AT_ONCE);
    private final IngestConfig config;

    RequestBodies(IngestConfig config) {
        this.config = config;
    }

    /// Hands the unpacked body on and waits for what becomes of it.
    ///
    /// @throws UnsupportedBodyException for an unknown encoding
    /// @throws BadBodyException         when the body is truncated or corrupt
    /// @throws BodyTooLargeException    when it is too large, packed or unpacked
    /// @throws StoreBusyException        when too many are being unpacked
    /// @throws StoreUnavailableException when nothing was committed in time; it may be yet
    <T> T take(HttpRequest<?> request, byte[] body, Function<byte[], CompletableFuture<T>> ingest) {
        BodyEncoding encoding = BodyEncoding.of(request.getHeaders().get(RawEncoding.HEADER));
        if (body.length > config.maxPackedBytes()) {
            throw new BodyTooLargeException(
                    "the body has more than "
                            + config.maxPackedBytes()
                            + " bytes: pack it, or send it in several requests");
        }
        return await(unpacked(body, encoding, ingest));
    }

    /// A database that is stopped without being gone says nothing at all; a sender must hear
    /// something in time.
    private <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(config.answerWithin().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new StoreUnavailableException(
                    "PostgreSQL has not answered for "
                            + config.answerWithin().toSeconds()
                            + " seconds.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("The portal is stopping.", e);
        }
    }

    private <T> CompletableFuture<T> unpacked(
            byte[] body, BodyEncoding encoding, Function<byte[], CompletableFuture<T>> ingest) {
        try {
            if (!unpacking.tryAcquire(UNPACKING_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new StoreBusyException(
                        "too many packed bodies are being received: try again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreBusyException("the portal is stopping: try again later");
        }
        try {
            return ingest.apply(encoding.unpack(body, config.maxUnpackedBytes()));
        } finally {
            unpacking.release();
        }
    }
}
