package org.agentaudit.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.agentaudit.event.EventType;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Trace;
import org.agentaudit.report.IncidentReport.Citation;
import org.agentaudit.report.IncidentReport.Finding;
import org.agentaudit.report.IncidentReport.Step;
import org.agentaudit.report.pdf.PrintText;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// The words and measures that the print template shows of an incident report.
///
/// @param f writes numbers and times
public record IncidentPrint(IncidentReport report, Format f) {

    private static final int TEXT = 400;
    private static final int NAME = 120;
    private static final int HEAD = 60;
    private static final int AGENTS = 12;
    private static final int CITED = 12;
    private static final int SHORT_ID = 8;
    private static final double SHORTEST_BAR = 1.5;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx", Locale.ROOT);

    static IncidentPrint of(IncidentReport report) {
        return new IncidentPrint(report, new Format(report.timeZone()));
    }

    /// One line of what the report rests on.
    public record Basis(String name, String value, String meaning) {}

    public String text(@Nullable String text) {
        return Objects.requireNonNullElse(PrintText.printable(text, TEXT), Format.NO_DATA);
    }

    private static String name(String text, int length) {
        return Objects.requireNonNullElse(PrintText.printable(text, length), Format.NO_DATA);
    }

    public String traceId() {
        return name(report.trace().id(), NAME);
    }

    public String shortTraceId() {
        return name(report.trace().id(), HEAD);
    }

    public String reportId() {
        return report.reportId().toString();
    }

    public String shortId(UUID eventId) {
        return eventId.toString().substring(0, SHORT_ID);
    }

    public boolean failed() {
        return report.rootCause() != null;
    }

    public String verdict() {
        Finding cause = report.rootCause();
        if (cause != null) {
            return text(cause.text());
        }
        long steps = report.timeline().size();
        return "Nothing failed: none of the "
                + f.count(steps, "recorded step", "recorded steps")
                + " carries an error.";
    }

    public String outcome() {
        return report.trace().outcome().name().toLowerCase(Locale.ROOT);
    }

    public String agents() {
        List<String> agents = report.trace().agentIds();
        String shown =
                agents.stream()
                        .limit(AGENTS)
                        .map(agent -> name(agent, HEAD))
                        .collect(Collectors.joining(", "));
        return agents.size() <= AGENTS
                ? shown
                : shown + " and " + f.count((long) agents.size() - AGENTS) + " more";
    }

    public String tokens() {
        return f.count(report.trace().tokens().total());
    }

    public String periodText() {
        Trace trace = report.trace();
        ZonedDateTime from = trace.startedAt().atZone(report.timeZone());
        ZonedDateTime to = trace.endedAt().atZone(report.timeZone());
        String end =
                from.toLocalDate().equals(to.toLocalDate())
                        ? f.clock(trace.endedAt()) + " " + OFFSET.format(to)
                        : f.dateTime(trace.endedAt());
        return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).format(from)
                + " to "
                + end;
    }

    public String offset() {
        return OFFSET.format(report.trace().startedAt().atZone(report.timeZone()));
    }

    /// With the day where the trace spans several; with the offset where it changes on the way.
    public String time(Instant time) {
        ZonedDateTime at = time.atZone(report.timeZone());
        ZonedDateTime start = report.trace().startedAt().atZone(report.timeZone());
        ZonedDateTime end = report.trace().endedAt().atZone(report.timeZone());
        String text =
                start.toLocalDate().equals(end.toLocalDate())
                        ? TIME.format(at)
                        : DAY_AND_TIME.format(at);
        return start.getOffset().equals(end.getOffset()) ? text : text + " " + OFFSET.format(at);
    }

    public String action(Step step) {
        String type = step.type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return step.type() == EventType.OTHER
                ? name(step.action(), NAME)
                : type + ": " + name(step.action(), NAME);
    }

    public String details(Step step) {
        return text(step.details());
    }

    /// Whether the details add something to the action.
    public boolean saysMore(Step step) {
        return !step.details().equals(step.action());
    }

    public String took(Step step) {
        return f.duration(step.durationMs());
    }

    public String status(Step step) {
        return step.status().name().toLowerCase(Locale.ROOT);
    }

    /// Where the step lies in the trace and how much of it it takes, as a style of its bar.
    public String bar(Step step) {
        double whole = Math.max(1e-6, report.trace().durationMs());
        double before =
                Duration.between(report.trace().startedAt(), step.time()).toNanos() / 1e6 / whole;
        double length = (step.durationMs() == null ? 0 : step.durationMs()) / whole;
        double width = Math.clamp(length * 100, SHORTEST_BAR, 100);
        double left = Math.clamp(before * 100, 0, 100 - width);
        return "margin-left: " + percent(left) + "; width: " + percent(width);
    }

    private static String percent(double value) {
        return BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP) + "%";
    }

    public List<Citation> cited(Finding finding) {
        return finding.evidence().stream().limit(CITED).toList();
    }

    public int uncited(Finding finding) {
        return Math.max(0, finding.evidence().size() - CITED);
    }

    public String hiddenText() {
        return f.count(report.trace().hiddenEvents(), "event", "events")
                + " of this trace lie outside the reader's agent scope and were left out of everything"
                + " below.";
    }

    public String timelineText() {
        Trace trace = report.trace();
        return "Times in "
                + f.zone(trace.startedAt())
                + ". The bar places a step between the start and the end of the trace ("
                + f.duration(trace.durationMs())
                + ").";
    }

    public String omittedText() {
        return "The timeline shows the first "
                + f.count((long) report.timeline().size())
                + " steps; "
                + f.count(report.omittedSteps(), "later step was", "later steps were")
                + " left out of this document.";
    }

    /// Only what can be told of a single trace: a rejected item names none.
    public List<Basis> basis() {
        Completeness basis = report.trace().completeness();
        return List.of(
                line(
                        "Events",
                        basis.events(),
                        "recorded steps of this trace that the reader may see"),
                line("Producers", basis.producers(), "distinct senders of these events"),
                line(
                        "Gaps",
                        basis.gaps(),
                        "sequence numbers between these events that never arrived"),
                line(
                        "Unpaired calls",
                        basis.unpairedCalls(),
                        "tool calls without a result event that state no outcome"),
                line(
                        "Missing parents",
                        basis.missingParents(),
                        "named as parent, not in the trace"),
                line(
                        "Derived traces",
                        basis.derivedTraces(),
                        "1 when the producer sent no trace id"),
                line(
                        "Late events",
                        basis.lateEvents(),
                        "received more than an hour after they occurred"),
                line(
                        "Redactions",
                        basis.redactions(),
                        "values replaced before these events were stored"),
                line(
                        "Hidden events",
                        report.trace().hiddenEvents(),
                        "outside the reader's agent scope"));
    }

    private Basis line(String name, long value, String meaning) {
        return new Basis(name, f.count(value), meaning);
    }

    public String proof() {
        return "Report "
                + reportId()
                + ", made "
                + f.exact(report.generatedAt())
                + " ("
                + report.timeZone().getId()
                + ") for "
                + name(report.preparedFor(), HEAD)
                + (report.contentMasked() ? ", content masked." : ", content shown.");
    }
}
