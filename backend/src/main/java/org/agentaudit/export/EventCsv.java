package org.agentaudit.export;

import static org.agentaudit.web.Csv.text;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Decision;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.Redaction;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// Events as CSV (RFC 4180): a header, one row per event, absent values empty. A text that a
/// spreadsheet program would take for a formula gets an apostrophe in front.
final class EventCsv {

    static final List<String> HEADER =
            List.of(
                    "id",
                    "occurredAt",
                    "receivedAt",
                    "type",
                    "typeName",
                    "agentId",
                    "traceId",
                    "traceDerived",
                    "parentEventId",
                    "sessionId",
                    "conversationId",
                    "taskId",
                    "userId",
                    "source",
                    "action",
                    "summary",
                    "outcome",
                    "errored",
                    "errorType",
                    "errorMessage",
                    "durationMs",
                    "inputTokens",
                    "outputTokens",
                    "cachedTokens",
                    "cost",
                    "model",
                    "version",
                    "permissionLevel",
                    "sensitiveDataAccessed",
                    "resourcesAccessed",
                    "params",
                    "result",
                    "reasoning",
                    "confidence",
                    "decisionQuestion",
                    "decisionOptions",
                    "decisionChosen",
                    "handoffFrom",
                    "handoffTo",
                    "handoffDepth",
                    "intervention",
                    "tier",
                    "expiresOn",
                    "redactions",
                    "sourceFormat",
                    "producer",
                    "seq",
                    "unmapped");

    private EventCsv() {}

    static void row(AuditEvent event, @Nullable LocalDate expiresOn, CsvWriter csv) {
        Envelope e = event.envelope();
        Content c = event.content();
        TokenCounts tokens = e.tokens();
        Decision decision = c.decision();
        Handoff handoff = e.handoff();
        List<String> row = new ArrayList<>(HEADER.size());
        row.add(e.id().toString());
        row.add(EventJson.time(e.occurredAt()));
        row.add(EventJson.time(e.receivedAt()));
        row.add(e.type().name());
        row.add(text(e.typeName()));
        row.add(text(e.agentId()));
        row.add(text(e.traceId()));
        row.add(plain(e.traceDerived()));
        row.add(plain(e.parentEventId()));
        row.add(text(e.sessionId()));
        row.add(text(e.conversationId()));
        row.add(text(e.taskId()));
        row.add(text(c.userId()));
        row.add(e.source().name());
        row.add(text(e.action()));
        row.add(text(event.summary()));
        row.add(e.outcome().name());
        row.add(plain(e.errored()));
        row.add(text(e.errorType()));
        row.add(text(c.errorMessage()));
        row.add(plain(e.durationMs()));
        row.add(tokens == null ? "" : Long.toString(tokens.input()));
        row.add(tokens == null ? "" : Long.toString(tokens.output()));
        row.add(tokens == null ? "" : Long.toString(tokens.cached()));
        row.add(e.cost() == null ? "" : e.cost().toPlainString());
        row.add(text(e.model()));
        row.add(text(e.version()));
        row.add(plain(e.permissionLevel()));
        row.add(plain(e.sensitive()));
        row.add(text(resources(e.resources())));
        row.add(text(c.params()));
        row.add(text(c.result()));
        row.add(text(c.reasoning()));
        row.add(plain(e.confidence()));
        row.add(text(decision == null ? null : decision.question()));
        row.add(text(decision == null ? null : options(decision)));
        row.add(text(decision == null ? null : decision.chosen()));
        row.add(text(handoff == null ? null : handoff.from()));
        row.add(text(handoff == null ? null : handoff.to()));
        row.add(plain(handoff == null ? null : handoff.depth()));
        row.add(plain(e.intervention()));
        row.add(e.tier().name());
        row.add(plain(expiresOn));
        row.add(text(redactions(e.redactions())));
        row.add(e.sourceFormat().name());
        row.add(text(e.producer()));
        row.add(plain(e.seq()));
        row.add(text(c.unmapped()));
        csv.writeRecord(row);
    }

    /// A value of ours: number, enum, id, true or false.
    private static String plain(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static String resources(List<ResourceRef> resources) {
        return String.join(
                "; ", resources.stream().map(ref -> ref.type() + ":" + ref.identifier()).toList());
    }

    private static String redactions(List<Redaction> redactions) {
        return String.join(
                "; ",
                redactions.stream().map(one -> one.pointer() + ":" + one.detector()).toList());
    }

    private static String options(Decision decision) {
        return String.join(
                "; ", decision.options().stream().map(Decision.DecisionOption::option).toList());
    }
}
