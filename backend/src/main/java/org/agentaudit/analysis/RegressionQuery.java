package org.agentaudit.analysis;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.Period;
import org.agentaudit.query.SessionQuery;
import org.agentaudit.query.TokenUse;
import org.jspecify.annotations.Nullable;

/// Compares two periods (metrics "Findings", token and success regression). Too little to compare,
/// or nothing worse, is an empty list.
@Singleton
public class RegressionQuery {

    /// Sessions with tokens, or invocations, that each side needs.
    public static final int MINIMUM = 20;

    /// Digits enough that a rounded change is rounded from the true one.
    private static final MathContext EXACT = MathContext.DECIMAL128;

    private final CountsQuery counts;
    private final SessionQuery sessions;

    RegressionQuery(CountsQuery counts, SessionQuery sessions) {
        this.counts = counts;
        this.sessions = sessions;
    }

    /// What has become worse from `baseline` to `current`, for one agent or for all in the viewer's
    /// scope together; tokens before success.
    public List<Regression> compare(
            Viewer viewer, Period baseline, Period current, @Nullable String agentId) {
        Period before = counts.countable(baseline);
        Period after = counts.countable(current);
        return regressions(
                sessions.tokenUse(viewer, before, agentId),
                sessions.tokenUse(viewer, after, agentId),
                Success.of(counts.runs(viewer, before, agentId)),
                Success.of(counts.runs(viewer, after, agentId)));
    }

    /// As [#compare] for each agent in the viewer's scope; agents without a regression are absent.
    public Map<String, List<Regression>> compareAgents(
            Viewer viewer, Period baseline, Period current) {
        Period before = counts.countable(baseline);
        Period after = counts.countable(current);
        Map<String, TokenUse> tokensBefore = sessions.tokenUseByAgent(viewer, before);
        Map<String, CountsQuery.AgentRuns> runsBefore = counts.runs(viewer, before, null);
        Map<String, TokenUse> tokens = sessions.tokenUseByAgent(viewer, after);
        Map<String, CountsQuery.AgentRuns> runs = counts.runs(viewer, after, null);
        Map<String, List<Regression>> regressions = new TreeMap<>(CountsQuery.CODE_POINTS);
        tokens.keySet().forEach(agent -> regressions.put(agent, List.of()));
        runs.keySet().forEach(agent -> regressions.put(agent, List.of()));
        regressions.replaceAll(
                (agent, none) ->
                        regressions(
                                tokensBefore.getOrDefault(agent, TokenUse.NONE),
                                tokens.getOrDefault(agent, TokenUse.NONE),
                                Success.of(runsBefore.get(agent)),
                                Success.of(runs.get(agent))));
        regressions.values().removeIf(List::isEmpty);
        return regressions;
    }

    /// Invocations and how many of them went well.
    private record Success(long invocations, long successful) {
        static Success of(CountsQuery.@Nullable AgentRuns runs) {
            return runs == null
                    ? new Success(0, 0)
                    : new Success(runs.invocations(), runs.invocations() - runs.failed());
        }

        static Success of(Map<String, CountsQuery.AgentRuns> runs) {
            return runs.values().stream()
                    .map(Success::of)
                    .reduce(
                            new Success(0, 0),
                            (a, b) ->
                                    new Success(
                                            a.invocations + b.invocations,
                                            a.successful + b.successful));
        }

        double rate() {
            return (double) successful / invocations;
        }
    }

    private static List<Regression> regressions(
            TokenUse tokensBefore, TokenUse tokens, Success before, Success after) {
        List<Regression> regressions = new ArrayList<>();
        Double meanBefore = tokensBefore.mean();
        Double mean = tokens.mean();
        if (meanBefore != null
                && mean != null
                && tokensBefore.sessions() >= MINIMUM
                && tokens.sessions() >= MINIMUM
                && RegressionLimits.isMeanAbove(
                        tokensBefore.tokens(),
                        tokensBefore.sessions(),
                        tokens.tokens(),
                        tokens.sessions())) {
            BigDecimal change = change(tokensBefore, tokens);
            regressions.add(
                    new Regression(
                            "token_usage",
                            "performance",
                            Severity.WARNING,
                            meanBefore,
                            mean,
                            change.doubleValue(),
                            text(change.movePointRight(2)) + " %",
                            tokensBefore.sessions(),
                            tokens.sessions()));
        }
        if (before.invocations() >= MINIMUM
                && after.invocations() >= MINIMUM
                && RegressionLimits.isRateBelow(
                        BigInteger.valueOf(before.successful()),
                        before.invocations(),
                        BigInteger.valueOf(after.successful()),
                        after.invocations())) {
            BigDecimal points = change(before, after).movePointRight(2);
            regressions.add(
                    new Regression(
                            "success_rate",
                            "functionality",
                            Severity.CRITICAL,
                            before.rate(),
                            after.rate(),
                            points.doubleValue(),
                            text(points) + " percentage points",
                            before.invocations(),
                            after.invocations()));
        }
        return regressions;
    }

    /// Mean ÷ baseline mean − 1.
    private static BigDecimal change(TokenUse before, TokenUse after) {
        BigDecimal baseline =
                new BigDecimal(before.tokens()).multiply(BigDecimal.valueOf(after.sessions()));
        BigDecimal current =
                new BigDecimal(after.tokens()).multiply(BigDecimal.valueOf(before.sessions()));
        return current.subtract(baseline).divide(baseline, EXACT);
    }

    /// Rate − baseline rate.
    private static BigDecimal change(Success before, Success after) {
        return new BigDecimal(difference(before, after).negate())
                .divide(new BigDecimal(both(before, after)), EXACT);
    }

    /// One decimal, half up, with its sign.
    private static String text(BigDecimal change) {
        BigDecimal rounded = change.setScale(1, RoundingMode.HALF_UP);
        return (rounded.signum() > 0 ? "+" : "") + rounded.toPlainString();
    }

    /// By how much the rate fell, times [#both].
    private static BigInteger difference(Success before, Success after) {
        return BigInteger.valueOf(before.successful())
                .multiply(BigInteger.valueOf(after.invocations()))
                .subtract(
                        BigInteger.valueOf(after.successful())
                                .multiply(BigInteger.valueOf(before.invocations())));
    }

    private static BigInteger both(Success before, Success after) {
        return BigInteger.valueOf(before.invocations())
                .multiply(BigInteger.valueOf(after.invocations()));
    }
}
