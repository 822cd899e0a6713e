package org.agentaudit.web;

import static org.agentaudit.web.TestPortal.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PlumbingIT {
    private static TestPortal portal;
    private static String token;

    @BeforeAll
    static void start() {
        portal = new TestPortal(Map.of(TestRoutes.SWITCH, "on"));
        portal.addUser("rosa", Role.AUDITOR);
        token = portal.token("rosa");
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static HttpResponse<String> get(String path) {
        return portal.get(path, "Authorization", bearer(token));
    }

    private static HttpResponse<String> open(String path) {
        return portal.get(path, "Authorization", bearer(token), "Accept", "text/html, */*;q=0.8");
    }

    @Test
    void viewer_isBoundAsArgument() {
        assertThat(get("/test/auditors").body()).isEqualTo("rosa [AUDITOR] []");
        assertThat(get("/test/anybody").body()).isEqualTo("rosa");
        assertThat(portal.get("/test/anybody").body()).isEqualTo("nobody");
        assertThat(portal.get("/test/anybody", "Authorization", bearer("bad")).body())
                .isEqualTo("nobody");
    }

    @Test
    void rolesAndScope_biteAtOnce() {
        portal.addUser("sven", Role.AUDITOR);
        String svens = portal.token("sven");
        assertThat(portal.get("/test/auditors", "Authorization", bearer(svens)).statusCode())
                .isEqualTo(200);

        portal.users().setRoles("test", "sven", Set.of(Role.AUDITOR), List.of("ops/*"));
        assertThat(portal.get("/test/auditors", "Authorization", bearer(svens)).body())
                .isEqualTo("sven [AUDITOR] [ops/*]");

        portal.users().setRoles("test", "sven", Set.of(Role.ADMIN), List.of());
        assertThat(portal.get("/test/auditors", "Authorization", bearer(svens)).statusCode())
                .isEqualTo(403);
    }

    @Test
    void route_withoutADeclaration_isDenied() {
        assertThat(portal.get("/test/unsecured").statusCode()).isEqualTo(401);
        assertThat(get("/test/unsecured").statusCode()).isEqualTo(403);
    }

    @Test
    void accessDenied_is403_withItsMessage() {
        assertThat(get("/test/denied").statusCode()).isEqualTo(403);
        assertThat(get("/test/denied").body()).contains("This needs the role CHIEF.");
        assertThat(open("/test/denied").body()).contains("<h1", "This needs the role CHIEF.");
    }

    @Test
    void failure_is500_andTellsNothing() {
        for (HttpResponse<String> answer :
                List.of(get("/test/broken"), open("/test/broken"), open("/test/broken-template"))) {
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body())
                    .contains("Its log says why.")
                    .doesNotContain("secret of the house", "Exception", "template");
        }
    }

    /// A page holds event content.
    @Test
    void brokenTemplate_isToldInTheLogWithoutThePage() {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            assertThat(open("/test/broken-template").statusCode()).isEqualTo(500);
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list)
                .anySatisfy(
                        entry ->
                                assertThat(ThrowableProxyUtil.asString(entry.getThrowableProxy()))
                                        .contains("template login, line"))
                .allSatisfy(
                        entry ->
                                assertThat(
                                                entry.getFormattedMessage()
                                                        + ThrowableProxyUtil.asString(
                                                                entry.getThrowableProxy()))
                                        .doesNotContain("not the record"));
    }

    @Test
    void accessLog_thatCannotBeWritten_keepsTheDataBack() throws SQLException {
        run("ALTER TABLE access_log RENAME TO access_log_away");
        try {
            HttpResponse<String> answer = get("/test/auditors");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("rosa");
        } finally {
            run("ALTER TABLE access_log_away RENAME TO access_log");
        }
        assertThat(get("/test/auditors").statusCode()).isEqualTo(200);
    }

    private static void run(String sql) throws SQLException {
        try (Connection connection = portal.database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
