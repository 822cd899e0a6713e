package org.agentaudit.web;

import static org.agentaudit.web.TestPortal.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.Test;

class DatabaseAwayIT {

    @Test
    void databaseAway_is503AndNotReady_andComesBack() throws SQLException {
        try (TestPortal portal =
                new TestPortal(Map.of("datasources.default.connection-timeout", 500))) {
            portal.addUser("paula", Role.AUDITOR);
            String token = portal.token("paula");

            setAway(portal, true);

            HttpResponse<String> problem =
                    portal.get("/no-such-page", "Authorization", bearer(token));
            assertThat(problem.statusCode()).isEqualTo(503);
            assertThat(problem.headers().firstValue("Retry-After")).contains("5");
            assertThat(problem.body()).contains("cannot reach its database");
            HttpResponse<String> page =
                    portal.get(
                            "/no-such-page",
                            "Cookie",
                            "portal_session=some-cookie",
                            "Accept",
                            "text/html");
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(page.headers().firstValue("Retry-After")).contains("5");
            assertThat(page.body()).contains("<h1", "cannot reach its database");
            assertThat(portal.login("paula", TestPortal.PASSWORD).statusCode()).isEqualTo(503);
            assertThat(portal.get("/health/readiness").statusCode()).isEqualTo(503);
            assertThat(portal.get("/health/liveness").statusCode()).isEqualTo(200);
            assertThat(portal.get("/login").statusCode()).isEqualTo(200);

            setAway(portal, false);

            awaitReady(portal);
            assertThat(portal.get("/no-such-page", "Authorization", bearer(token)).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void databaseAway_isToldWithinAFewSeconds() throws SQLException {
        try (TestPortal portal = new TestPortal()) {
            portal.addUser("quentin", Role.AUDITOR);
            String token = portal.token("quentin");
            setAway(portal, true);

            long start = System.nanoTime();
            assertThat(portal.get("/no-such-page", "Authorization", bearer(token)).statusCode())
                    .isEqualTo(503);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    /// The connection pool looks for the database ever more rarely, but at least every ten seconds.
    private static void awaitReady(TestPortal portal) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        int status;
        do {
            status = portal.get("/health/readiness").statusCode();
        } while (status != 200 && System.nanoTime() < end);
        assertThat(status).isEqualTo(200);
    }

    /// Cuts the portal's connections and refuses new ones.
    private static void setAway(TestPortal portal, boolean away) throws SQLException {
        String name = portal.database.jdbcUrl().replaceFirst(".*/", "").replaceFirst("\\?.*", "");
        try (Connection connection = TestDatabase.create().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + !away);
            if (away) {
                statement.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                                + name
                                + "'");
            }
        }
    }
}
