package org.agentaudit.ingest;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/// Limits of ingest.
///
/// @param maxPackedBytes   largest body as sent
/// @param maxUnpackedBytes largest body once decompressed
/// @param maxEvents        most events in one request
/// @param maxBytesInFlight bodies being worked on at the same time, unpacked; beyond it requests
///     are answered 429
/// @param answerWithin     longest wait for a commit; then the request is answered 503
@ConfigurationProperties("portal.ingest")
public record IngestConfig(
        @Bindable(defaultValue = "16777216") @Positive int maxPackedBytes,
        @Bindable(defaultValue = "67108864") @Positive int maxUnpackedBytes,
        @Bindable(defaultValue = "10000") @Positive int maxEvents,
        @Bindable(defaultValue = "268435456") @Positive int maxBytesInFlight,
        @Bindable(defaultValue = "30s") Duration answerWithin) {}
