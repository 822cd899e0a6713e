package org.agentaudit.report;

import java.util.ArrayList;
import java.util.List;
import org.agentaudit.chart.Chart;
import org.agentaudit.query.LatencyStats;
import org.agentaudit.query.Period;
import org.agentaudit.query.Tally;
import org.agentaudit.report.AgentAudit.DailyPoint;
import org.agentaudit.report.AgentAudit.ToolUsage;
import org.agentaudit.report.PrintDocument.Fact;
import org.agentaudit.report.PrintDocument.Section;
import org.agentaudit.report.PrintTable.Cell;
import org.agentaudit.report.PrintTable.Column;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// The audit of an agent as it is printed.
final class AgentPrint {

    private AgentPrint() {}

    static PrintDocument of(AgentAudit audit, Chart activity, PrintParts parts) {
        Format f = parts.f();
        Period period = audit.period();
        List<Section> sections = new ArrayList<>();
        sections.add(activity(audit, activity, f));
        sections.add(tools(audit, f));
        sections.add(tallies("resources", "Resources", "Resource", audit.resources(), "named", f));
        sections.add(
                tallies(
                        "permissions",
                        "Permission levels",
                        "Level",
                        audit.permissionLevels(),
                        "stated",
                        f));
        sections.add(
                tallies("errors", "Errors by type", "Type", audit.errorTypes(), "recorded", f));
        sections.add(tallies("models", "Models", "Model", audit.models(), "used", f));
        sections.add(parts.basis(audit.completeness()));
        sections.add(
                parts.definitions(
                        Glossary.EVENT,
                        Glossary.INVOCATION,
                        Glossary.RUN,
                        Glossary.FAILED_INVOCATION,
                        Glossary.ERRORED,
                        Glossary.MEAN_DURATION,
                        Glossary.PERCENTILE,
                        Glossary.ERROR_RATE,
                        Glossary.HANDOFF,
                        Glossary.TOKENS,
                        Glossary.COST,
                        Glossary.GAP));
        sections.add(parts.proof());
        @Nullable LatencyStats duration = audit.duration();
        return new PrintDocument(
                "Agent audit",
                audit.agentId(),
                "All recorded activity of one agent in a period.",
                PrintMark.neutral(),
                sentence(audit, f),
                List.of(),
                List.of(
                        List.of(
                                new Fact("Invocations", f.count(audit.invocations())),
                                new Fact("Failed", f.count(audit.failedInvocations())),
                                new Fact("Errored events", f.count(audit.errors())),
                                new Fact("Decisions", f.count(audit.decisions()))),
                        List.of(
                                new Fact("Handoffs out", f.count(audit.handoffsOut())),
                                new Fact("Handoffs in", f.count(audit.handoffsIn())),
                                new Fact("Interventions", f.count(audit.interventions())),
                                new Fact("Sensitive accesses", f.count(audit.sensitiveAccesses()))),
                        List.of(
                                new Fact(
                                        "Mean duration",
                                        f.duration(duration == null ? null : duration.meanMs())),
                                new Fact(
                                        "p95 duration",
                                        f.duration(duration == null ? null : duration.p95Ms())),
                                new Fact("Tokens", f.count(audit.tokens().total())),
                                new Fact("Cost", f.money(audit.cost())))),
                parts.facts(period.from(), period.to()),
                parts.running("Agent audit · " + audit.agentId(), period.from(), period.to()),
                sections);
    }

    private static String sentence(AgentAudit audit, Format f) {
        if (audit.events() == 0) {
            return "This agent sent no event in the period that the reader may see.";
        }
        long active = audit.daily().stream().filter(day -> day.events() > 0).count();
        return f.count(audit.events(), "event", "events")
                + " on "
                + f.count(active)
                + " of "
                + f.count(audit.daily().size(), "day", "days")
                + ", in "
                + f.count(audit.invocations(), "invocation", "invocations")
                + (audit.invocations() == 0
                        ? ""
                        : ", "
                                + f.percent(
                                        (double) audit.failedInvocations() / audit.invocations())
                                + " of which failed")
                + "; "
                + f.count(audit.errors(), "event errored", "events errored")
                + ".";
    }

    private static Section activity(AgentAudit audit, Chart activity, Format f) {
        List<List<Cell>> rows = new ArrayList<>();
        for (DailyPoint day : audit.daily()) {
            rows.add(
                    List.of(
                            Cell.of(day.date().toString()),
                            Cell.of(f.count(day.invocations())),
                            Cell.of(f.count(day.events())),
                            Cell.of(f.count(day.errors())),
                            Cell.of(f.count(day.tokens())),
                            Cell.of(f.money(day.cost()))));
        }
        return new Section(
                "activity",
                "Activity by day",
                List.of("Days of the report time zone, oldest first."),
                DailyPrint.tables(
                        PrintTable.of(
                                List.of(
                                        Column.text("Day", 20),
                                        Column.number("Invocations", 16),
                                        Column.number("Events", 16),
                                        Column.number("Errored", 16),
                                        Column.number("Tokens", 16),
                                        Column.number("Cost", 16)),
                                rows,
                                f)),
                List.of(activity));
    }

    private static Section tools(AgentAudit audit, Format f) {
        List<List<Cell>> rows = new ArrayList<>();
        for (ToolUsage tool : audit.tools()) {
            @Nullable LatencyStats latency = tool.latency();
            rows.add(
                    List.of(
                            Cell.of(tool.tool()),
                            Cell.of(f.count(tool.calls())),
                            Cell.of(f.count(tool.errors())),
                            Cell.of(f.percent(tool.errorRate())),
                            Cell.of(f.duration(latency == null ? null : latency.meanMs())),
                            Cell.of(f.duration(latency == null ? null : latency.p95Ms()))));
        }
        return new Section(
                "tools",
                "Tools",
                List.of(
                        rows.isEmpty()
                                ? "No tool call is recorded in the period."
                                : "Tools it called, most calls first."),
                DailyPrint.tables(
                        PrintTable.of(
                                List.of(
                                        Column.text("Tool", 35),
                                        Column.number("Calls", 13),
                                        Column.number("Failed", 13),
                                        Column.number("Error rate", 13),
                                        Column.number("Mean", 13),
                                        Column.number("p95", 13)),
                                rows,
                                f)));
    }

    private static Section tallies(
            String id, String title, String column, List<Tally> tallies, String verb, Format f) {
        List<List<Cell>> rows = new ArrayList<>();
        for (Tally tally : tallies) {
            rows.add(
                    List.of(
                            Cell.of(tally.key()),
                            Cell.of(f.count(tally.count())),
                            Cell.of(f.percent(tally.share()))));
        }
        return new Section(
                id,
                title,
                List.of(
                        rows.isEmpty()
                                ? "None is " + verb + " in the period."
                                : "Most frequent first."),
                DailyPrint.tables(
                        PrintTable.of(
                                List.of(
                                        Column.text(column, 60),
                                        Column.number("Events", 20),
                                        Column.number("Share", 20)),
                                rows,
                                f)));
    }
}
