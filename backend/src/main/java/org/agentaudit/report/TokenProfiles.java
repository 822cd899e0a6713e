package org.agentaudit.report;

import jakarta.inject.Singleton;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts;
import org.agentaudit.query.SessionQuery;
import org.agentaudit.query.TokenUse;
import org.jspecify.annotations.Nullable;

/// Assembles token profiles.
@Singleton
public class TokenProfiles {

    private final CountsQuery counts;
    private final SessionQuery sessions;
    private final ReportConfig config;

    TokenProfiles(CountsQuery counts, SessionQuery sessions, ReportConfig config) {
        this.counts = counts;
        this.sessions = sessions;
        this.config = config;
    }

    /// The profile of one agent's events, or of those of all agents in the viewer's scope.
    public TokenProfile of(Viewer viewer, Period asked, @Nullable String agentId) {
        Period period = counts.countable(asked);
        PeriodCounts counted = counts.counts(viewer, period, agentId);
        TokenUse use = sessions.tokenUse(viewer, period, agentId);
        return new TokenProfile(
                new Period(period.from(), period.to(), counted.firstAt(), counted.lastAt()),
                counts.completeness(viewer, period, agentId, counted, config.timeZone()),
                use.sessions(),
                use.mean(),
                use.p95(),
                use.cacheRate(),
                use.cost());
    }
}
