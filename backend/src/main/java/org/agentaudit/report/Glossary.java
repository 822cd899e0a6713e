package org.agentaudit.report;

import java.util.Arrays;
import java.util.List;

/// What the words and numbers of reports mean; the same for page, PDF and mail.
public enum Glossary {
    EVENT(
            "Event",
            "One recorded step of an agent. A period counts the events that occurred in it."),
    INVOCATION("Invocation", "One task given to an agent."),
    RUN(
            "Run",
            "An agent's events in a trace from one of its invocations until its next in that"
                    + " trace."),
    FAILED_INVOCATION(
            "Failed invocation", "Its run holds an errored event, on whatever day that was."),
    SUCCESS_RATE(
            "Success rate", "Invocations that did not fail ÷ invocations; no data without one."),
    ERRORED(
            "Errored event",
            "Its outcome is failure, or it carries an error or an error type, or it is an error."),
    MEAN_DURATION(
            "Mean duration",
            "Over runs: the duration of the invocation, else from the run's first event to its"
                    + " latest end. Spans of 0 are left out."),
    PERCENTILE("p95", "95 of 100 are no larger: nearest rank, within 1 % of the exact one."),
    ERROR_RATE("Error rate", "Calls that failed ÷ calls, paired with their results."),
    TOKENS("Tokens", "Input, cached ones included, plus output."),
    COST("Cost", "US dollars: what the producer states, else tokens at list prices. No invoice."),
    HANDOFF("Handoff", "An agent gave work to another."),
    ESCALATION("Human escalation", "An agent asked a person to take over."),
    CHANGE(
            "Against the usual",
            "(Day − mean) ÷ mean, over the same weekday of the four weeks before; no data unless"
                    + " all four have events."),
    CHECK(
            "Check",
            "A named measurement held against its limits. It does not determine that a law or a"
                    + " standard is met."),
    VERDICT(
            "Verdict",
            "Passed, warning or failed by the check's limits. Insufficient evidence: nothing to"
                    + " judge by, never a pass. Not applicable: nothing falls under the check."),
    POPULATION("Population", "How many things the check judged: its denominator."),
    EXCEPTIONS("Exceptions", "Those of the population that speak against it."),
    FINDING("Finding", "What a detector concluded from events; told once for each subject."),
    CONTROL(
            "Control",
            "A requirement of a framework. It has the worst verdict of its checks, and says from"
                    + " when it applies and what logs cannot show about it."),
    GAP("Gap", "A sequence number that a producer sent before and after, but never itself.");

    private final String term;
    private final String meaning;

    Glossary(String term, String meaning) {
        this.term = term;
        this.meaning = meaning;
    }

    public String term() {
        return term;
    }

    public String meaning() {
        return meaning;
    }

    static List<Glossary> of(Glossary... terms) {
        return Arrays.asList(terms);
    }
}
