package org.agentaudit.analysis;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.agentaudit.analysis.Forensics.Statement;
import org.agentaudit.analysis.conversation.Texts;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.query.CallPairing;
import org.jspecify.annotations.Nullable;

/// Records that cannot all be right.
final class Contradictions {

    private static final int CITED = 20;
    private static final int TEXT_READ = 20_000;

    private static final Set<EventType> RESULTS =
            EnumSet.of(
                    EventType.TOOL_CALL,
                    EventType.TOOL_RESULT,
                    EventType.SKILL_CALL,
                    EventType.EXTERNAL_CALL);

    private static final Set<EventType> TELLING =
            EnumSet.of(
                    EventType.ERROR,
                    EventType.RETRY,
                    EventType.FALLBACK,
                    EventType.CIRCUIT_BREAKER,
                    EventType.HANDOFF,
                    EventType.DECISION,
                    EventType.HUMAN_INTERVENTION,
                    EventType.USER_FEEDBACK);

    private static final Set<String> GENERIC =
            Set.of(
                    "unspecified",
                    "error",
                    "exception",
                    "commanderror",
                    "toolerror",
                    "callerror",
                    "runtimeerror",
                    "failure");

    /// An HTTP status beside a word that says it is one.
    private static final Pattern STATUS =
            Pattern.compile(
                    "(?i)(?:(?:http|status|code|error|errors|returned|got)[ :=/(]{0,3}([45][0-9][0-9])\\b"
                            + "|\\b([45][0-9][0-9])\\b[ :)]{0,3}(?:error|errors|status|service"
                            + " unavailable|internal server|bad gateway|gateway|too many|not found))");

    private static final Pattern TIMED_OUT =
            Pattern.compile("(?i)\\btime[sd]?[ -]?out\\b|\\btimeout\\b");

    private Contradictions() {}

    /// @param failures of the root cause; null when nothing failed
    /// @param masked   whether the viewer sees no content
    static List<Statement> of(Story story, @Nullable List<Failure> failures, boolean masked) {
        List<Statement> found = new ArrayList<>();
        statedSuccess(story, found);
        if (!masked) {
            failureOnlyInText(story, found);
        }
        if (failures != null) {
            if (masked) {
                textsNotRead(failures, found);
            } else {
                otherReasonInText(story, failures, found);
            }
            breakerBeforeFailure(story, failures, found);
            triedWhileOpen(story, failures, found);
            successOfTheWhole(story, failures, found);
        }
        childBeforeParent(story, found);
        return found;
    }

    private static void statedSuccess(Story story, List<Statement> found) {
        for (AuditEvent event : story.events()) {
            Envelope envelope = event.envelope();
            CallPairing.Call call = story.pairing().call(envelope.id());
            if (envelope.outcome() != Outcome.SUCCESS) {
                continue;
            }
            if (envelope.errored()) {
                found.add(
                        ForensicsAnalysis.recorded(
                                envelope.action()
                                        + " of "
                                        + envelope.agentId()
                                        + " is stated a success and carries an error.",
                                List.of(event)));
            } else if (call != null && call.resultFailed()) {
                AuditEvent result = story.byId(Objects.requireNonNull(call.result()).id());
                found.add(
                        ForensicsAnalysis.recorded(
                                envelope.action()
                                        + " of "
                                        + envelope.agentId()
                                        + " is stated a success, its result a failure.",
                                Stream.of(event, result).filter(Objects::nonNull).toList()));
            }
            if (found.size() == CITED) {
                return;
            }
        }
    }

    /// A result that reads as that of a program that failed, of a step that no record marks so.
    private static void failureOnlyInText(Story story, List<Statement> found) {
        Set<UUID> failed = new HashSet<>();
        story.failures()
                .forEach(
                        failure ->
                                failure.evidence()
                                        .forEach(event -> failed.add(event.envelope().id())));
        for (CallPairing.Call call : story.pairing().calls()) {
            Envelope result = call.result();
            if (result != null && failed.contains(call.call().id())) {
                failed.add(result.id());
            }
        }
        List<AuditEvent> reading = new ArrayList<>();
        for (AuditEvent event : story.events()) {
            String result = event.content().result();
            if (result != null
                    && RESULTS.contains(event.envelope().type())
                    && !failed.contains(event.envelope().id())
                    && Texts.readsAsFailure(Texts.plain(result))) {
                reading.add(event);
            }
        }
        if (!reading.isEmpty()) {
            found.add(
                    ForensicsAnalysis.recorded(
                            ForensicsAnalysis.plural(reading.size(), "result")
                                    + (reading.size() == 1 ? " begins" : " begin")
                                    + " with a failed exit status or an exception, while no record"
                                    + " marks the step as failed.",
                            reading.stream().limit(CITED).toList()));
        }
    }

    /// Silence here would tell the viewer that nothing contradicts the records.
    private static void textsNotRead(List<Failure> failures, List<Statement> found) {
        found.add(
                ForensicsAnalysis.recorded(
                        "Contradictions between records and texts were not looked for, because"
                                + " content is masked for this viewer.",
                        ForensicsAnalysis.evidence(failures)));
    }

    /// The text of an event names another reason than the error types of the records (B-003-28:
    /// `503` where the calls timed out).
    private static void otherReasonInText(
            Story story, List<Failure> failures, List<Statement> found) {
        boolean allTimedOut = failures.stream().allMatch(Failure::timedOut);
        boolean noneTimedOut = failures.stream().noneMatch(Failure::timedOut);
        String type = failures.getFirst().errorType();
        if ((!allTimedOut && !noneTimedOut) || saysNothing(type)) {
            return;
        }
        Set<UUID> failing = new HashSet<>();
        ForensicsAnalysis.evidence(failures).forEach(event -> failing.add(event.envelope().id()));
        String action = failures.getFirst().action();
        Set<String> said = new TreeSet<>();
        List<AuditEvent> saying = new ArrayList<>();
        for (AuditEvent event : story.events()) {
            if (event.envelope().endedAt().isBefore(failures.getFirst().envelope().occurredAt())) {
                continue;
            }
            Set<String> here = new LinkedHashSet<>();
            for (String text : texts(event)) {
                if (speaksOfIt(event, text, failing, action)) {
                    here.addAll(allTimedOut ? statuses(text) : timeOuts(text));
                }
            }
            if (!here.isEmpty()) {
                said.addAll(here);
                saying.add(event);
            }
        }
        if (saying.isEmpty()) {
            return;
        }
        List<AuditEvent> cited =
                Stream.concat(
                                ForensicsAnalysis.evidence(failures).stream(),
                                saying.stream().limit(CITED))
                        .distinct()
                        .toList();
        found.add(
                ForensicsAnalysis.recorded(
                        "The records of the failure give "
                                + type
                                + ", while a text speaks of "
                                + String.join(", ", said)
                                + ": both cannot be the reason.",
                        cited));
    }

    /// An error type that fits any reason.
    private static boolean saysNothing(String errorType) {
        return GENERIC.contains(errorType.toLowerCase(Locale.ROOT));
    }

    /// Whether a text tells of the failure: that of what records it, of what people, breakers and
    /// handoffs say afterwards, and of others where they name the action. Arguments and results of
    /// other calls speak of other things.
    private static boolean speaksOfIt(
            AuditEvent event, String text, Set<UUID> failing, String action) {
        return failing.contains(event.envelope().id())
                || TELLING.contains(event.envelope().type())
                || (!RESULTS.contains(event.envelope().type()) && text.contains(action));
    }

    private static Set<String> statuses(String text) {
        Set<String> statuses = new TreeSet<>();
        if (text.indexOf('4') < 0 && text.indexOf('5') < 0) {
            return statuses;
        }
        Matcher matcher = STATUS.matcher(text);
        while (matcher.find()) {
            String status = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            // 408 and 504 are how HTTP says that time ran out.
            if (!status.equals("408") && !status.equals("504")) {
                statuses.add("status " + status);
            }
        }
        return statuses;
    }

    private static Set<String> timeOuts(String text) {
        return TIMED_OUT.matcher(text).find() ? Set.of("a time-out") : Set.of();
    }

    /// What the event says in words: what a call was asked to do is not among it.
    private static List<String> texts(AuditEvent event) {
        Content content = event.content();
        return Stream.of(
                        content.errorMessage(),
                        content.reasoning(),
                        content.result(),
                        RESULTS.contains(event.envelope().type()) ? null : content.params(),
                        RESULTS.contains(event.envelope().type()) ? null : content.summary())
                .filter(Objects::nonNull)
                .map(text -> text.length() > TEXT_READ ? text.substring(0, TEXT_READ) : text)
                .toList();
    }

    private static void breakerBeforeFailure(
            Story story, List<Failure> failures, List<Statement> found) {
        Failure first = failures.getFirst();
        for (AuditEvent breaker : story.events(EventType.CIRCUIT_BREAKER)) {
            boolean any =
                    !story.failures()
                            .getFirst()
                            .failedAt()
                            .isAfter(breaker.envelope().occurredAt());
            if (!any && ForensicsAnalysis.breakerState(breaker).equals("opened")) {
                found.add(
                        ForensicsAnalysis.recorded(
                                "A circuit breaker of "
                                        + breaker.envelope().agentId()
                                        + " is recorded as open "
                                        + Durations.text(
                                                ForensicsAnalysis.between(
                                                        breaker.envelope().occurredAt(),
                                                        first.failedAt()))
                                        + " before the first failure.",
                                List.of(breaker, first.step())));
            }
        }
    }

    private static void triedWhileOpen(Story story, List<Failure> failures, List<Statement> found) {
        AuditEvent open = null;
        List<AuditEvent> tries = new ArrayList<>();
        Envelope first = failures.getFirst().envelope();
        for (AuditEvent event : story.events()) {
            Envelope envelope = event.envelope();
            if (envelope.type() == EventType.CIRCUIT_BREAKER
                    && envelope.agentId().equals(first.agentId())) {
                boolean opens = ForensicsAnalysis.breakerState(event).equals("opened");
                open = opens ? (open == null ? event : open) : null;
            } else if (open != null
                    && (envelope.type() == EventType.TOOL_CALL
                            || envelope.type() == EventType.EXTERNAL_CALL
                            || envelope.type() == EventType.RETRY)
                    && envelope.agentId().equals(first.agentId())
                    && envelope.action().equals(first.action())
                    && CallPairing.ORDER.compare(envelope, first) > 0) {
                if (tries.isEmpty()) {
                    tries.add(open);
                }
                tries.add(event);
            }
        }
        if (!tries.isEmpty()) {
            found.add(
                    ForensicsAnalysis.recorded(
                            first.action()
                                    + " was called "
                                    + ForensicsAnalysis.plural(tries.size() - 1, "time")
                                    + " while the circuit breaker is recorded as open.",
                            tries.stream().limit(CITED).toList()));
        }
    }

    private static void successOfTheWhole(
            Story story, List<Failure> failures, List<Statement> found) {
        Failure last = failures.getLast();
        Story.Work work = story.workOf(last);
        if (story.recovery(work, last) != null || !story.events(EventType.FALLBACK).isEmpty()) {
            return;
        }
        for (AuditEvent invocation : story.events(EventType.INVOCATION)) {
            Envelope envelope = invocation.envelope();
            if (envelope.outcome() == Outcome.SUCCESS
                    && !envelope.errored()
                    && envelope.agentId().equals(last.agent())) {
                List<AuditEvent> cited = new ArrayList<>(List.of(invocation));
                cited.addAll(ForensicsAnalysis.evidence(failures));
                found.add(
                        ForensicsAnalysis.recorded(
                                "The task of "
                                        + envelope.agentId()
                                        + " is stated a success, although "
                                        + work.action()
                                        + " failed in it and no record says that it succeeded later.",
                                cited));
            }
        }
    }

    private static void childBeforeParent(Story story, List<Statement> found) {
        List<AuditEvent> children = new ArrayList<>();
        for (AuditEvent event : story.events()) {
            AuditEvent parent = story.byId(event.envelope().parentEventId());
            if (parent != null
                    && event.envelope().occurredAt().isBefore(parent.envelope().occurredAt())) {
                children.add(event);
            }
        }
        if (!children.isEmpty()) {
            found.add(
                    ForensicsAnalysis.recorded(
                            ForensicsAnalysis.plural(children.size(), "event")
                                    + " with an earlier time than the event named as the parent: a clock"
                                    + " or a parent id is wrong.",
                            children.stream().limit(CITED).toList()));
        }
    }
}
