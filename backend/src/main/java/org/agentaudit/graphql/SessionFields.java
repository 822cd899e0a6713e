package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.util.List;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Regression;
import org.agentaudit.analysis.RegressionQuery;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Page;
import org.agentaudit.query.Period;
import org.agentaudit.query.Session;
import org.agentaudit.query.SessionOrder;
import org.agentaudit.query.SessionQuery;
import org.agentaudit.report.TokenProfile;
import org.agentaudit.report.TokenProfiles;
import org.jspecify.annotations.Nullable;

/// `session`, `sessions`, `tokenProfile` and `regressions`.
@Singleton
final class SessionFields implements FieldSource {
    private final SessionQuery sessions;
    private final EventQuery events;
    private final TokenProfiles profiles;
    private final RegressionQuery regressions;

    SessionFields(
            SessionQuery sessions,
            EventQuery events,
            TokenProfiles profiles,
            RegressionQuery regressions) {
        this.sessions = sessions;
        this.events = events;
        this.profiles = profiles;
        this.regressions = regressions;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "session", this::session);
        fields.field("Query", "sessions", this::sessions);
        fields.field("Query", "tokenProfile", this::tokenProfile);
        fields.field("Query", "regressions", this::regressions);
        fields.record("Session", Session.class);
        fields.field("Session", "events", this::events);
        Connection.register(fields, "SessionConnection");
        fields.record("SessionEdge", Page.Edge.class);
        fields.record("TokenProfile", TokenProfile.class);
        fields.record("Regression", Regression.class);
    }

    private @Nullable Session session(DataFetchingEnvironment environment) {
        String id = Arguments.of(environment).requiredText("id");
        RequestContext context = RequestContext.of(environment);
        Session session = sessions.byId(context.viewer(), id).orElse(null);
        if (session != null) {
            context.disclosed().report("session " + session.id());
        }
        return session;
    }

    private Connection<Session> sessions(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Period period = arguments.requiredPeriod("period");
        RequestContext context = RequestContext.of(environment);
        Page<Session> page =
                sessions.page(
                        context.viewer(),
                        period,
                        arguments.requiredChoice("order", SessionOrder.class),
                        arguments.page());
        context.disclosed().report("sessions %s/%s".formatted(period.from(), period.to()));
        return new Connection<>(page);
    }

    private Connection<AuditEvent> events(DataFetchingEnvironment environment) {
        Session session = RequestContext.source(environment);
        Viewer viewer = RequestContext.of(environment).viewer();
        return EventFields.find(
                events,
                viewer,
                EventFilter.builder().sessionId(session.id()).build(),
                EventOrder.OLDEST_FIRST,
                Arguments.of(environment).page());
    }

    private TokenProfile tokenProfile(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Period period = arguments.requiredPeriod("period");
        RequestContext context = RequestContext.of(environment);
        TokenProfile profile = profiles.of(context.viewer(), period, arguments.text("agentId"));
        context.disclosed().report("token profile %s/%s".formatted(period.from(), period.to()));
        return profile;
    }

    private List<Regression> regressions(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Period baseline = arguments.requiredPeriod("baseline");
        Period current = arguments.requiredPeriod("current");
        RequestContext context = RequestContext.of(environment);
        List<Regression> found =
                regressions.compare(context.viewer(), baseline, current, arguments.text("agentId"));
        context.disclosed()
                .report(
                        "regressions %s/%s against %s/%s"
                                .formatted(
                                        current.from(),
                                        current.to(),
                                        baseline.from(),
                                        baseline.to()));
        return found;
    }
}
