package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.QuarantineItem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signals that were set aside are tried again like lines.
class OtlpRetryTest {
    private static final String SPAN =
            """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
              "scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",
                "spanId":"eee19b7ec3c1b174","name":"execute_tool lookup","startTimeUnixNano":"%s",
                "endTimeUnixNano":"%s","attributes":[
                  {"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}},
                  {"key":"gen_ai.tool.name","value":{"stringValue":"lookup"}},
                  {"key":"ratio","value":{"doubleValue":0.1}},
                  {"key":"n","value":{"intValue":"12345678901234"}},
                  {"key":"session.token","value":{"stringValue":"hunter2"}}]}]}]}]}
            """;
    private static final String LOG =
            """
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"%s","observedTimeUnixNano":"%s",
              "severityNumber":17,"body":{"stringValue":"it broke"},
              "attributes":[{"key":"event.name","value":{"stringValue":"failure"}}]}]}]}]}
            """;

    @ParameterizedTest
    @ValueSource(strings = {SPAN, LOG})
    void retry_signalUnderstoodNow_becomesTheEventItWouldHaveBeen(String request) {
        String good = "1795262400000000000";
        String bad = "12";
        PipelineFixture direct = new PipelineFixture();
        assertThat(OtlpFixture.json(direct, request.formatted(good, good)).accepted()).isEqualTo(1);
        PipelineFixture fixture = new PipelineFixture();
        assertThat(OtlpFixture.json(fixture, request.formatted(bad, bad)).rejected()).hasSize(1);
        QuarantineItem item = fixture.store.quarantine.getFirst();
        assertThat(item.complete()).isTrue();
        assertThat(item.format()).isEqualTo(SourceFormat.OTLP);
        assertThat(item.body()).doesNotContain("hunter2");

        IngestPipeline.Retried still = retry(fixture, item, item.body());
        assertThat(still.reason()).isEqualTo(item.reason());
        assertThat(fixture.all()).isEmpty();

        IngestPipeline.Retried now =
                retry(
                        fixture,
                        item,
                        item.body().replaceAll("Nano\":\"?12\\b\"?", "Nano\":" + good));
        assertThat(now.reason()).isNull();
        assertThat(fixture.all()).hasSize(1);
        assertThat(OtlpFixture.text(fixture.all().getFirst()))
                .isEqualTo(OtlpFixture.text(direct.all().getFirst()));
        NewEvent stored = fixture.store.events.values().iterator().next();
        assertThat(stored.quarantineId()).isEqualTo(7);
        assertThat(stored.digest())
                .isEqualTo(direct.store.events.values().iterator().next().digest());
    }

    /// What was at fault is not in the tree any more, so it would seem to be right the next time.
    @Test
    void signal_nestedTooDeep_isNotTriedAgain() {
        String deep = "{\"arrayValue\":{\"values\":[".repeat(70) + "]}}".repeat(70);
        PipelineFixture fixture = new PipelineFixture();
        OtlpFixture.json(
                fixture,
                SPAN.formatted("1795262400000000000", "1795262400000000000")
                        .replace("{\"doubleValue\":0.1}", deep));
        assertThat(fixture.store.quarantine).hasSize(1);
        assertThat(fixture.store.quarantine.getFirst().complete()).isFalse();
    }

    /// Text that is no signal stays what it is.
    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"signal\":1}", "{\"signal\":\"span\"} x", "12"})
    void retry_otherText_isRefusedWithAReason(String body) {
        PipelineFixture fixture = new PipelineFixture();
        QuarantineItem item =
                new QuarantineItem(
                        PipelineFixture.NOW, "test", 0, null, "", body, true, SourceFormat.OTLP);
        assertThat(retry(fixture, item, body).reason()).isNotBlank();
        List<AuditEvent> none = fixture.all();
        assertThat(none).isEmpty();
    }

    private static IngestPipeline.Retried retry(
            PipelineFixture fixture, QuarantineItem item, String body) {
        return fixture.pipeline
                .retry(
                        List.of(
                                new IngestPipeline.Retry(
                                        7,
                                        item.receivedAt(),
                                        item.origin(),
                                        item.index(),
                                        item.format(),
                                        body)))
                .join()
                .getFirst();
    }
}
