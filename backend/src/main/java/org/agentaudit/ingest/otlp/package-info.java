/// Decoders of the OpenTelemetry family: OTLP in protobuf and JSON, and what tools store of it.
/// Every span and log record first becomes one tree of one form
/// ([org.agentaudit.ingest.otlp.Signal]), whatever brought it, so that redaction, digest and
/// quarantine are the same for all; then [org.agentaudit.ingest.otlp.SignalDecoder] reads events
/// from the trees of one batch. Uses `event` and `ingest.normal`.
@NullMarked
package org.agentaudit.ingest.otlp;

import org.jspecify.annotations.NullMarked;
