package org.agentaudit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.TreeMap;
import org.agentaudit.verify.ArchiveVerifier;
import org.agentaudit.verify.Difference;
import org.agentaudit.verify.Verification;

/// How a verification ended, for people and for programs.
final class VerifyDisplay {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private VerifyDisplay() {}

    static String text(Verification v) {
        StringBuilder out = new StringBuilder();
        line(
                out,
                "%,d events in %,d batches compared with their leaves, counters of %,d quarter hours recounted"
                        + " (%.0f s, %,.0f events/s).",
                v.events(),
                v.batches(),
                v.quarters(),
                v.seconds(),
                v.rate());
        if (v.uncovered() > 0) {
            line(
                    out,
                    "Not covered: %,d events stored before leaves were written; nothing proves them.",
                    v.uncovered());
        }
        if (v.removedEvents() + v.removedContents() > 0) {
            line(
                    out,
                    "Deletion records account for %,d events and for the content of %,d more.",
                    v.removedEvents(),
                    v.removedContents());
        }
        if (v.skippedQuarters() > 0) {
            line(
                    out,
                    "Not recounted: %,d quarter hours of periods that events were removed from.",
                    v.skippedQuarters());
        }
        if (v.missingNumbers() > 0) {
            line(
                    out,
                    "%,d batch numbers have no batch: commits that failed or are under way.",
                    v.missingNumbers());
        }
        if (v.passed()) {
            line(out, "Verified: everything is as it was stored.");
            return out.toString();
        }
        line(out, "FAILED. First difference: %s", v.first().getFirst().sentence());
        v.first().stream().skip(1).forEach(next -> line(out, "  then: %s", next.sentence()));
        new TreeMap<>(v.counts())
                .forEach((kind, count) -> line(out, "%,12d  %s", count, kind.words()));
        return out.toString();
    }

    static String json(Verification v) {
        ObjectNode json = JSON.createObjectNode();
        json.put("passed", v.passed());
        json.put("events", v.events());
        json.put("batches", v.batches());
        json.put("uncovered", v.uncovered());
        json.put("removedEvents", v.removedEvents());
        json.put("removedContents", v.removedContents());
        json.put("missingBatchNumbers", v.missingNumbers());
        json.put("quarterHours", v.quarters());
        json.put("skippedQuarterHours", v.skippedQuarters());
        json.put("seconds", v.seconds());
        json.put("eventsPerSecond", v.rate());
        ObjectNode counts = json.putObject("differences");
        new TreeMap<>(v.counts()).forEach((kind, count) -> counts.put(kind.name(), count));
        ArrayNode first = json.putArray("first");
        for (Difference difference : v.first()) {
            ObjectNode node = first.addObject();
            node.put("kind", difference.kind().name());
            node.put("batch", difference.batch());
            node.put("position", difference.position());
            node.put(
                    "eventId",
                    difference.eventId() == null ? null : difference.eventId().toString());
            node.put("what", difference.what());
        }
        return print(json);
    }

    static String text(ArchiveVerifier.Result v) {
        StringBuilder out = new StringBuilder();
        line(
                out,
                "%,d of %,d events read, %s to %s, written by version %s.",
                v.events(),
                v.header().events(),
                v.header().from(),
                v.header().to(),
                v.header().portal());
        if (v.uncovered() > 0) {
            line(
                    out,
                    "Not covered: %,d events stored before leaves were written; only their checksums were compared.",
                    v.uncovered());
        }
        if (v.withoutContent() > 0) {
            line(out, "%,d events without content: it had gone before.", v.withoutContent());
        }
        if (v.passed()) {
            line(out, "Verified: the file is as it was written.");
        } else {
            v.first()
                    .forEach(
                            problem ->
                                    line(
                                            out,
                                            "%sline %d: %s",
                                            problem == v.first().getFirst()
                                                    ? "FAILED. First difference: "
                                                    : "  then: ",
                                            problem.line(),
                                            problem.what()));
            line(out, "%,12d  lines that do not verify", v.problems());
        }
        return out.toString();
    }

    static String json(ArchiveVerifier.Result v) {
        ObjectNode json = JSON.createObjectNode();
        json.put("passed", v.passed());
        json.put("events", v.events());
        json.put("eventsExpected", v.header().events());
        json.put("from", v.header().from().toString());
        json.put("to", v.header().to().toString());
        json.put("portal", v.header().portal());
        json.put("uncovered", v.uncovered());
        json.put("withoutContent", v.withoutContent());
        json.put("problems", v.problems());
        ArrayNode first = json.putArray("first");
        v.first()
                .forEach(
                        problem ->
                                first.addObject()
                                        .put("line", problem.line())
                                        .put("what", problem.what()));
        return print(json);
    }

    private static String print(ObjectNode json) {
        try {
            return JSON.writeValueAsString(json) + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers always serialises", e);
        }
    }

    /// Names of agents and a file's header are others' texts: none may steer the terminal.
    private static void line(StringBuilder out, String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments).replaceAll("\\p{Cntrl}", "?"))
                .append(System.lineSeparator());
    }
}
