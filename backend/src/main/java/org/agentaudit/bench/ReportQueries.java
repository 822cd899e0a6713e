package org.agentaudit.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// The reports that are measured, as GraphQL documents. `PERIOD` stands for the whole period,
/// `BEFORE` and `LAST` for its first three weeks and the week after, `TODAY` for one day as a
/// period, `DAY` for it as a date, `AGENT` for an agent's id.
final class ReportQueries {

    private static final String BASIS =
            " period { firstEventAt lastEventAt } completeness { events producers gaps unpairedCalls missingParents derivedTraces lateEvents silentAgents redactions rejected } ";
    private static final String TOKENS = " tokens { input output cached total } ";
    private static final String LATENCY = " { n meanMs p50Ms p95Ms p99Ms maxMs } ";
    private static final String TALLY = " { key count share } ";
    private static final String SESSIONS =
            "{ nodes { id startedAt durationMs agentIds eventCount errorCount iterations retries cacheRate cost"
                    + TOKENS
                    + "} }";
    private static final String COSTS =
            "{" + BASIS + "total unpricedRequests rows { key cost requests" + TOKENS + "} }";
    private static final String CHECK =
            " { check verdict measured population exceptions evidence { nodes { id } } } ";

    /// Report, and what asks for it.
    private static final Map<String, String> QUERIES = new LinkedHashMap<>();

    static {
        QUERIES.put(
                "dailySummary",
                "dailySummary(date: DAY) { invocations failed successRate events errors cost topAgents { agentId failedInvocations meanDurationMs } errorTypes"
                        + TALLY
                        + "comparison { events: invocations } checks { check verdict measured } completeness { events } }");
        QUERIES.put("dailySummary.findings", "dailySummary(date: DAY) { findings { kind count } }");
        QUERIES.put(
                "summaryReport",
                "summaryReport(period: PERIOD) { events errors errorRate agentsActive topAgents"
                        + TALLY
                        + BASIS
                        + "}");
        QUERIES.put(
                "toolUsageReport",
                "toolUsageReport(period: PERIOD) { calls tools { tool calls errors latency"
                        + LATENCY
                        + "}"
                        + BASIS
                        + "}");
        QUERIES.put(
                "errorAnalysisReport",
                "errorAnalysisReport(period: PERIOD) { errors errorTypes"
                        + TALLY
                        + "messages { fingerprint count } byAgent"
                        + TALLY
                        + "suggestions { text count }"
                        + BASIS
                        + "}");
        QUERIES.put(
                "usageReport",
                "usageReport(period: PERIOD) { requests successRate latency"
                        + LATENCY
                        + "byUser"
                        + TALLY
                        + "byModel"
                        + TALLY
                        + BASIS
                        + "}");
        QUERIES.put(
                "tokenProfile",
                "tokenProfile(period: PERIOD) { sessions meanTokensPerSession p95TokensPerSession cacheRate cost"
                        + BASIS
                        + "}");
        QUERIES.put(
                "tokenProfile of an agent",
                "tokenProfile(period: PERIOD, agentId: AGENT) { sessions meanTokensPerSession p95TokensPerSession }");
        QUERIES.put("costReport MODEL", "costReport(period: PERIOD, by: MODEL) " + COSTS);
        QUERIES.put("costReport AGENT", "costReport(period: PERIOD, by: AGENT ) " + COSTS);
        QUERIES.put("costReport DAY", "costReport(period: PERIOD, by: DAY) " + COSTS);
        QUERIES.put("costReport TASK", "costReport(period: PERIOD, by: TASK) " + COSTS);
        QUERIES.put("costReport SESSION", "costReport(period: PERIOD, by: SESSION) " + COSTS);
        QUERIES.put("costReport USER", "costReport(period: PERIOD, by: USER) " + COSTS);
        QUERIES.put(
                "costReport.optimizations",
                "costReport(period: PERIOD, by: MODEL) { optimizations { suggestion estimatedSavings } }");
        QUERIES.put(
                "actionOutcomes",
                "actionOutcomes(period: PERIOD) { agentId action total successRate }");
        QUERIES.put(
                "complianceReport",
                "complianceReport(period: PERIOD) { verdict checks" + CHECK + BASIS + "}");
        QUERIES.put(
                "regressions",
                "regressions(baseline: BEFORE, current: LAST) { metric change changeText }");
        QUERIES.put(
                "findings",
                "findings(filter: PERIOD) { totalCount nodes { kind severity description } }");
        QUERIES.put("sessions of a day (Y10)", "sessions(period: TODAY, first: 50) " + SESSIONS);
        QUERIES.put(
                "slowest sessions (Y11)",
                "sessions(period: PERIOD, order: SLOWEST_FIRST, first: 10) " + SESSIONS);
        QUERIES.put(
                "most tokens (Y12)",
                "sessions(period: PERIOD, order: MOST_TOKENS_FIRST, first: 10) " + SESSIONS);
        QUERIES.put(
                "most errors in a day",
                "sessions(period: TODAY, order: MOST_ERRORS_FIRST, first: 10) " + SESSIONS);
        QUERIES.put(
                "agent audit",
                "agent(id: AGENT) { audit(period: PERIOD) { invocations failedInvocations events handoffsIn duration"
                        + LATENCY
                        + "tools { tool calls } errorTypes"
                        + TALLY
                        + "models"
                        + TALLY
                        + "resources"
                        + TALLY
                        + "permissionLevels"
                        + TALLY
                        + "daily { date events tokens }"
                        + BASIS
                        + "} }");
        QUERIES.put("agents", "agents(first: 50) { nodes { id lastSeen } }");
        QUERIES.put(
                "activity",
                "activity(minutes: 60) { events eventsPerSecond perMinute { events } recentErrors { id } }");
        QUERIES.put("events, page 1", "events(first: 50) { nodes { id summary } }");
    }

    private ReportQueries() {}

    /// Documents by the name of their report.
    ///
    /// @param from start of the events
    /// @param to   their end
    static Map<String, String> documents(Instant from, Instant to) {
        Instant day = to.minus(Duration.ofDays(9));
        Instant week = to.minus(Duration.ofDays(7));
        Map<String, String> documents = new LinkedHashMap<>();
        QUERIES.forEach(
                (name, query) ->
                        documents.put(
                                name,
                                "{ "
                                        + query.replace("PERIOD", period(from, to))
                                                .replace("BEFORE", period(from, week))
                                                .replace("LAST", period(week, to))
                                                .replace(
                                                        "TODAY",
                                                        period(day, day.plus(Duration.ofDays(1))))
                                                .replace(
                                                        "date: DAY",
                                                        "date: \""
                                                                + day.toString().substring(0, 10)
                                                                + "\"")
                                                .replace(
                                                        "AGENT)",
                                                        "\"" + ReportEvents.agent(0) + "\")")
                                        + " }"));
        return documents;
    }

    private static String period(Instant from, Instant to) {
        return "{from: \"%s\", to: \"%s\"}".formatted(from, to);
    }
}
