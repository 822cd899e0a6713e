package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.agentaudit.access.Viewer;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.finding.FindingFilter;
import org.agentaudit.finding.Findings;
import org.agentaudit.query.Agent;
import org.agentaudit.query.AgentQuery;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodChoice;
import org.agentaudit.query.PeriodCounts;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// Makes the pages of agents out of the report that GraphQL answers.
@Singleton
class AgentPages {

    static final String PATH = "/agents";

    private static final int PAGE_SIZE = 100;
    private static final int DAYS = 7;
    private static final Duration SILENCE = Duration.ofDays(1);

    private final AgentQuery agents;
    private final Reports reports;
    private final CountsQuery counts;
    private final Findings findings;
    private final Format format;
    private final Clock clock;
    private final Links link = new Links();

    AgentPages(
            AgentQuery agents,
            Reports reports,
            CountsQuery counts,
            Findings findings,
            Format format,
            Clock clock) {
        this.agents = agents;
        this.reports = reports;
        this.counts = counts;
        this.findings = findings;
        this.format = format;
        this.clock = clock;
    }

    /// @param search part of an id; empty: all agents
    /// @param after  cursor the part starts after; null: the first part
    AgentListPage list(Viewer viewer, String search, @Nullable String after) {
        if (!search.isEmpty()) {
            return listed(viewer, search, matching(viewer, search), null, true);
        }
        Page<Agent> part = agents.page(viewer, PageRequest.first(PAGE_SIZE, after));
        String end = part.endCursor();
        String next =
                part.hasNextPage() && end != null
                        ? Links.address(PATH, Map.of("after", List.of(end)))
                        : null;
        return listed(viewer, "", part.nodes(), next, after == null);
    }

    /// Agents are few beside events: the names of all are read and compared.
    private List<Agent> matching(Viewer viewer, String search) {
        String wanted = search.toLowerCase(Locale.ROOT);
        List<Agent> found = new ArrayList<>();
        String after = null;
        boolean more = true;
        while (more && found.size() < PAGE_SIZE) {
            Page<Agent> part =
                    agents.page(viewer, PageRequest.first(PageRequest.MAXIMUM_SIZE, after));
            part.nodes().stream()
                    .filter(agent -> agent.id().toLowerCase(Locale.ROOT).contains(wanted))
                    .limit(PAGE_SIZE - found.size())
                    .forEach(found::add);
            after = part.endCursor();
            more = part.hasNextPage() && after != null;
        }
        return found;
    }

    /// Counts all agents at once, whatever the number of rows.
    private AgentListPage listed(
            Viewer viewer, String search, List<Agent> part, @Nullable String next, boolean first) {
        Instant now = clock.instant();
        if (part.isEmpty()) {
            return new AgentListPage(search, List.of(), next, first, now);
        }
        LocalDate firstDay = format.date(now).minusDays(DAYS - 1L);
        Instant from = firstDay.atStartOfDay(format.zone()).toInstant();
        Instant to = format.date(now).plusDays(1).atStartOfDay(format.zone()).toInstant();
        PeriodCounts sums = counts.counts(viewer, Period.of(from, to), null);
        Map<String, Long> events = sums.perAgent(s -> s.events);
        Map<String, Long> errors = sums.perAgent(s -> s.errors);
        Map<String, BigDecimal> costs = new HashMap<>();
        sums.sums()
                .forEach(
                        (key, of) -> {
                            if (of.costed > 0) {
                                costs.merge(key.agentId(), of.cost, BigDecimal::add);
                            }
                        });
        Instant silentFrom = now.minus(SILENCE);
        Set<String> usual = counts.usuallyActive(viewer, silentFrom, format.zone());
        List<AgentListPage.Row> rows =
                part.stream()
                        .map(
                                agent ->
                                        new AgentListPage.Row(
                                                agent,
                                                events.getOrDefault(agent.id(), 0L),
                                                errors.getOrDefault(agent.id(), 0L),
                                                costs.get(agent.id()),
                                                !agent.firstSeen().isBefore(from),
                                                usual.contains(agent.id())
                                                        && agent.lastSeen().isBefore(silentFrom),
                                                evidence(events, agent.id(), firstDay, ""),
                                                evidence(errors, agent.id(), firstDay, "true")))
                        .toList();
        return new AgentListPage(search, rows, next, first, now);
    }

    private static @Nullable String evidence(
            Map<String, Long> counts, String agent, LocalDate from, String errored) {
        if (counts.getOrDefault(agent, 0L) == 0) {
            return null;
        }
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("agent", List.of(agent));
        query.put("from", List.of(from.toString()));
        query.put("errored", List.of(errored));
        return Links.address("/events", query);
    }

    AgentPage page(Viewer viewer, Agent agent, PeriodChoice choice) {
        AgentAudit audit = reports.agent(viewer, agent.id(), choice.period());
        Instant now = clock.instant();
        Double failureRate =
                audit.invocations() == 0
                        ? null
                        : (double) audit.failedInvocations() / audit.invocations();
        AgentPage.Evidence evidence = evidence(choice, agent.id());
        String address = choice.address(link.agent(agent.id()));
        return new AgentPage(
                agent,
                choice,
                audit,
                sentence(audit, failureRate),
                failureRate,
                AgentCharts.activity(audit, format),
                AgentCharts.outcomes(audit, evidence.invocations(), format),
                AgentCharts.costs(audit, format),
                findings(viewer, agent.id(), choice),
                evidence,
                new AgentPage.Files(
                        Links.withEnding(address, "pdf"),
                        Links.withEnding(address, "json"),
                        Links.withEnding(address, "csv"),
                        address),
                choice.isOver(now),
                now);
    }

    private String sentence(AgentAudit audit, @Nullable Double failureRate) {
        if (audit.events() == 0) {
            return "This agent sent no event in the period.";
        }
        return format.count(audit.events(), "event", "events")
                + " in "
                + format.count(audit.invocations(), "invocation", "invocations")
                + (failureRate == null
                        ? ""
                        : ", " + format.percent(failureRate) + " of them failed")
                + "; "
                + format.count(audit.errors(), "errored event", "errored events")
                + ".";
    }

    private List<AgentPage.FindingRow> findings(Viewer viewer, String agent, PeriodChoice choice) {
        Period period = choice.period();
        return findings.counts(viewer, FindingFilter.of(period.from(), period.to(), agent)).stream()
                .map(count -> row(count, choice, agent))
                .toList();
    }

    private static AgentPage.FindingRow row(FindingCount count, PeriodChoice choice, String agent) {
        return new AgentPage.FindingRow(
                count.kind(),
                count.severity(),
                count.count(),
                at(
                        choice,
                        "/findings",
                        agent,
                        Map.of("kind", count.kind().name(), "severity", count.severity().name())));
    }

    private static AgentPage.Evidence evidence(PeriodChoice choice, String agent) {
        Map<String, List<String>> days = new LinkedHashMap<>();
        days.put("agent", List.of(agent));
        days.put("from", List.of(choice.first().toString()));
        days.put("to", List.of(choice.last().toString()));
        return new AgentPage.Evidence(
                at(choice, "/events", agent, Map.of()),
                at(choice, "/events", agent, Map.of("errored", "true")),
                at(choice, "/events", agent, Map.of("type", "INVOCATION")),
                at(choice, "/events", agent, Map.of("type", "DECISION")),
                at(choice, "/events", agent, Map.of("type", "HANDOFF")),
                at(choice, "/events", agent, Map.of("type", "HUMAN_INTERVENTION")),
                Links.address("/sessions", days),
                at(choice, "/findings", agent, Map.of()),
                at(choice, "/compliance", agent, Map.of()));
    }

    /// A page about the agent and the period, limited further.
    private static String at(
            PeriodChoice choice, String path, String agent, Map<String, String> more) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("agent", List.of(agent));
        more.forEach((name, value) -> query.put(name, List.of(value)));
        String limited = Links.address(path, query);
        String period = choice.address("");
        return limited + "&" + period.substring(1);
    }
}
