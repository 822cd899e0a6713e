package org.agentaudit.ingest;

import static org.agentaudit.ingest.PipelineFixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Redaction;
import org.junit.jupiter.api.Test;

class RedactionTest {
    @Test
    void redact_byMemberName_textsOnly() {
        AuditEvent event =
                event(
                        "{\"event_type\":\"agent.tool_call\",\"params\":{\"Password\":\"x\",\"token\":5,"
                                + "\"api-key\":[\"y\"],\"Authorization\":\"z\",\"token_count\":\"9\","
                                + "\"a/b\":{\"private_key\":\"k\"},\"secret\":\"\"}}");
        assertThat(event.content().params())
                .isEqualTo(
                        "{\"Password\":\"[REDACTED:password]\",\"token\":5,\"api-key\":[\"[REDACTED:api_key]\"],"
                                + "\"Authorization\":\"[REDACTED:authorization]\",\"token_count\":\"9\","
                                + "\"a/b\":{\"private_key\":\"[REDACTED:private_key]\"},\"secret\":\"\"}");
        assertThat(event.envelope().redactions())
                .containsExactly(
                        new Redaction("/params/Password", "password"),
                        new Redaction("/params/api-key/0", "api_key"),
                        new Redaction("/params/Authorization", "authorization"),
                        new Redaction("/params/a~1b/private_key", "private_key"));
    }

    @Test
    void redact_runsBeforeIdAndDigest() {
        String line = "{\"event_type\":\"agent.error\",\"error\":\"password=%s\"}";
        AuditEvent one = event(line.formatted("one"));
        AuditEvent two = event(line.formatted("two"));
        assertThat(one.envelope().id()).isEqualTo(two.envelope().id());
        assertThat(one.summary()).isEqualTo("Error: password=[REDACTED:password]");
        assertThat(one.envelope().redactions())
                .isEqualTo(List.of(new Redaction("/error", "password")));
    }
}
