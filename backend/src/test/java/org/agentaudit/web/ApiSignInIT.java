package org.agentaudit.web;

import static org.agentaudit.web.TestPortal.PASSWORD;
import static org.agentaudit.web.TestPortal.bearer;
import static org.agentaudit.web.TestPortal.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.ApiKeys;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ApiSignInIT {
    /// Unknown addresses are 401 for nobody and 404 for a viewer.
    private static final String ANY_VIEWER = "/no-such-page";

    private static TestPortal portal;

    @BeforeAll
    static void start() {
        portal = new TestPortal();
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    private static boolean isSignedIn(String token) {
        int status = portal.get(ANY_VIEWER, "Authorization", bearer(token)).statusCode();
        assertThat(status).isIn(401, 404);
        return status == 404;
    }

    @Test
    void login_rightPassword_answersTokens() {
        portal.addUser("anna", Role.AUDITOR);

        HttpResponse<String> answer = portal.login("anna", PASSWORD);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"token_type\":\"Bearer\"", "\"expires_in\":900", "refresh_token");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(isSignedIn(field(answer.body(), "access_token"))).isTrue();
    }

    @Test
    void login_wrongPasswordUnknownUserDisabledUser_sameAnswer() {
        portal.addUser("berta", Role.AUDITOR);
        portal.addUser("gone", Role.AUDITOR);
        portal.users().disable("test", "gone");

        HttpResponse<String> wrong = portal.login("berta", "not the password");
        HttpResponse<String> unknown = portal.login("nobody", "not the password");
        HttpResponse<String> disabled = portal.login("gone", PASSWORD);

        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(wrong.body()).contains("\"status\":401", "\"title\":\"Unauthorized\"");
        assertThat(unknown.body()).isEqualTo(wrong.body());
        assertThat(disabled.body()).isEqualTo(wrong.body());
        assertThat(disabled.statusCode()).isEqualTo(401);
    }

    @Test
    void login_noJson_isSaidPlainly() {
        for (String body :
                List.of("no json", "{\"username\": tom}", "{\"username\":", "username=tom")) {
            assertThat(portal.postJson("/api/login", body).body())
                    .as(body)
                    .contains(
                            "\"detail\":\"The body is not JSON; it cannot be read at line 1, column ")
                    .doesNotContain("token", "expect", "START", "com.", "Source");
        }
    }

    @Test
    void login_badBody_says400() {
        for (String body :
                List.of(
                        "",
                        "no json",
                        "[]",
                        "{}",
                        "{\"username\":\"a\"}",
                        "null",
                        "3",
                        "{\"username\":1,\"password\":{}}")) {
            HttpResponse<String> answer = portal.postJson("/api/login", body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .as(body)
                    .contains("application/problem+json");
            assertThat(answer.body())
                    .as(body)
                    .contains("\"detail\":")
                    .doesNotContain("org.agentaudit");
        }
    }

    @Test
    void refresh_worksOnce_secondUseEndsTheSession() {
        portal.addUser("carl", Role.AUDITOR);
        String first = portal.login("carl", PASSWORD).body();
        String oldRefresh = field(first, "refresh_token");

        HttpResponse<String> second = refresh(oldRefresh);
        assertThat(second.statusCode()).isEqualTo(200);
        String newAccess = field(second.body(), "access_token");
        String newRefresh = field(second.body(), "refresh_token");
        assertThat(newRefresh).isNotEqualTo(oldRefresh);
        assertThat(isSignedIn(newAccess)).isTrue();

        assertThat(refresh(oldRefresh).statusCode()).isEqualTo(401);
        assertThat(isSignedIn(newAccess)).isFalse();
        assertThat(refresh(newRefresh).statusCode()).isEqualTo(401);
        assertThat(logged("carl"))
                .anyMatch(
                        entry ->
                                entry.startsWith("SIGN_OUT")
                                        && entry.contains("refresh token used twice"));
    }

    @Test
    void refresh_garbage_isRefused() {
        for (String token : List.of("", "x", "a.b", "00000000-0000-0000-0000-000000000000.x")) {
            assertThat(refresh(token).statusCode()).as(token).isEqualTo(401);
        }
    }

    @Test
    void logout_bitesAtOnce() {
        portal.addUser("dora", Role.AUDITOR);
        String body = portal.login("dora", PASSWORD).body();
        String token = field(body, "access_token");

        HttpResponse<String> answer =
                portal.postJson("/api/logout", "", "Authorization", bearer(token));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(isSignedIn(token)).isFalse();
        assertThat(refresh(field(body, "refresh_token")).statusCode()).isEqualTo(401);
        assertThat(logged("dora")).anyMatch(entry -> entry.startsWith("SIGN_OUT"));
    }

    @Test
    void disable_bitesAtOnce() {
        portal.addUser("emil", Role.AUDITOR);
        String token = portal.token("emil");
        assertThat(isSignedIn(token)).isTrue();

        portal.users().disable("test", "emil");

        assertThat(isSignedIn(token)).isFalse();
    }

    @Test
    void setPassword_endsSessions() {
        portal.addUser("fritz", Role.AUDITOR);
        String token = portal.token("fritz");

        portal.users().setPassword("test", "fritz", "another password");

        assertThat(isSignedIn(token)).isFalse();
        assertThat(portal.login("fritz", PASSWORD).statusCode()).isEqualTo(401);
        assertThat(portal.login("fritz", "another password").statusCode()).isEqualTo(200);
    }

    @Test
    void accessToken_expires_refreshStillWorks() {
        portal.addUser("gina", Role.AUDITOR);
        String body = portal.login("gina", PASSWORD).body();
        String token = field(body, "access_token");

        portal.clock.advance(Duration.ofMinutes(14));
        assertThat(isSignedIn(token)).isTrue();
        portal.clock.advance(Duration.ofMinutes(2));
        assertThat(isSignedIn(token)).isFalse();
        assertThat(refresh(field(body, "refresh_token")).statusCode()).isEqualTo(200);
    }

    @Test
    void session_endsWhateverIsRefreshed() {
        portal.addUser("hugo", Role.AUDITOR);
        String refreshToken = field(portal.login("hugo", PASSWORD).body(), "refresh_token");

        portal.clock.advance(Duration.ofHours(12).plusSeconds(1));

        assertThat(refresh(refreshToken).statusCode()).isEqualTo(401);
    }

    @Test
    void forgedTokens_areRefused() throws Exception {
        portal.addUser("ida", Role.AUDITOR);
        SignedJWT genuine = SignedJWT.parse(portal.token("ida"));
        JWTClaimsSet claims = genuine.getJWTClaimsSet();
        String[] parts = genuine.serialize().split("\\.", -1);

        List<String> forged = new ArrayList<>();
        forged.add(new PlainJWT(claims).serialize());
        forged.add(parts[0] + "." + parts[1] + ".");
        forged.add(parts[0] + "." + parts[1]);
        forged.add(genuine.serialize() + "=");
        forged.add(genuine.serialize() + "A");
        char last = parts[2].charAt(parts[2].length() - 1);
        // the last character of 32 bytes carries two bits that decode to nothing
        forged.add(
                genuine.serialize().substring(0, genuine.serialize().length() - 1)
                        + (char) (last + 1));
        forged.add(signed(JWSAlgorithm.HS256, new byte[32], claims));
        forged.add(signed(JWSAlgorithm.HS512, new byte[64], claims));
        JWTClaimsSet longer =
                new JWTClaimsSet.Builder(claims)
                        .expirationTime(new Date(claims.getExpirationTime().getTime() + 1_000))
                        .build();
        forged.add(parts[0] + "." + longer.toPayload().toBase64URL() + "." + parts[2]);

        assertThat(isSignedIn(genuine.serialize())).isTrue();
        for (String token : forged) {
            HttpResponse<String> answer = portal.get(ANY_VIEWER, "Authorization", bearer(token));
            assertThat(answer.statusCode()).as(token).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .contains("Bearer error=\"invalid_token\"");
        }
    }

    @Test
    void guessing_isSlowedDown_andRecovers() {
        portal.addUser("judith", Role.AUDITOR);
        portal.addUser("karl", Role.AUDITOR);
        for (int i = 0; i < 5; i++) {
            assertThat(portal.login("judith", "wrong " + i).statusCode()).isEqualTo(401);
        }

        HttpResponse<String> blocked = portal.login("judith", PASSWORD);
        assertThat(blocked.statusCode()).isEqualTo(429);
        assertThat(blocked.headers().firstValue("Retry-After")).contains("4");
        assertThat(portal.login("karl", PASSWORD).statusCode()).isEqualTo(200);

        portal.clock.advance(Duration.ofSeconds(5));
        assertThat(portal.login("judith", "wrong again").statusCode()).isEqualTo(401);
        assertThat(portal.login("judith", PASSWORD).headers().firstValue("Retry-After"))
                .contains("8");
        portal.clock.advance(Duration.ofSeconds(9));
        assertThat(portal.login("judith", PASSWORD).statusCode()).isEqualTo(200);
        assertThat(portal.login("judith", "wrong").statusCode()).isEqualTo(401);
    }

    @Test
    void apiKey_isAcceptedUntilRevoked_andNeverStored() throws SQLException {
        ApiKeys keys = portal.bean(ApiKeys.class);
        ApiKeys.NewKey key = keys.create("test", "robot", Role.INGESTOR, null);
        assertThat(key.token()).matches("aap_[A-Za-z0-9_-]{43}").startsWith(key.key().prefix());

        assertThat(isSignedIn(key.token())).isTrue();
        assertThat(isSignedIn(key.token() + "x")).isFalse();
        assertThat(keys.list())
                .filteredOn(each -> each.name().equals("robot"))
                .singleElement()
                .matches(each -> portal.clock.instant().equals(each.lastUsedAt()));
        assertThat(
                        stored(
                                "SELECT count(*) FROM api_key k WHERE k::text LIKE '%"
                                        + key.token()
                                        + "%'"))
                .isEqualTo("0");

        keys.revoke("test", "robot");
        assertThat(isSignedIn(key.token())).isFalse();
        assertThat(logged("test"))
                .contains(
                        "SETTINGS_CHANGED API key created: robot (INGESTOR)",
                        "SETTINGS_CHANGED API key revoked: robot");
    }

    @Test
    void apiKey_expires() {
        ApiKeys.NewKey key =
                portal.bean(ApiKeys.class)
                        .create(
                                "test",
                                "short lived",
                                Role.INGESTOR,
                                portal.clock.instant().plusSeconds(60));
        assertThat(isSignedIn(key.token())).isTrue();

        portal.clock.advance(Duration.ofSeconds(61));

        assertThat(isSignedIn(key.token())).isFalse();
    }

    @Test
    void configuredIngestKey_isAcceptedFromTheStart() {
        assertThat(isSignedIn(TestPortal.INGEST_KEY)).isTrue();
        assertThat(isSignedIn(TestPortal.INGEST_KEY + "x")).isFalse();
    }

    @Test
    void apiKey_cannotSignOut() {
        HttpResponse<String> answer =
                portal.postJson("/api/logout", "", "Authorization", bearer(TestPortal.INGEST_KEY));

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void passwords_areStoredAsArgon2id() throws SQLException {
        portal.addUser("lena", Role.AUDITOR);

        assertThat(stored("SELECT password_hash FROM user_account WHERE username = 'lena'"))
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThatThrownBy(
                        () ->
                                portal.users()
                                        .add("test", "x", "short", Set.of(Role.AUDITOR), List.of()))
                .hasMessageContaining("8 to 256");
    }

    @Test
    void signIns_areLogged_withAddress() throws SQLException {
        portal.addUser("mona", Role.AUDITOR);
        portal.login("mona", "wrong password");
        portal.login("mona", PASSWORD);
        portal.login("we\\u0000ird\\nname", "wrong password");

        assertThat(logged("mona")).containsExactly("SIGN_IN_FAILED", "SIGN_IN");
        assertThat(logged("we?ird?name")).containsExactly("SIGN_IN_FAILED");
        assertThat(stored("SELECT remote_address FROM access_log WHERE username = 'mona' LIMIT 1"))
                .isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void accessLog_cannotBeChanged() throws SQLException {
        portal.bean(AccessLog.class)
                .record(
                        new Viewer("nora", Set.of(Role.AUDITOR), List.of()),
                        AccessAction.REPORT_VIEWED,
                        "/daily/2026-11-21",
                        null);

        for (String sql :
                List.of(
                        "UPDATE access_log SET username = 'x'",
                        "DELETE FROM access_log",
                        "TRUNCATE access_log")) {
            assertThatThrownBy(() -> stored(sql)).as(sql).hasMessageContaining("append only");
        }
        assertThat(logged("nora")).containsExactly("REPORT_VIEWED /daily/2026-11-21");
    }

    @Test
    void signingKey_isKeptForTheOwnerAlone() throws Exception {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(
                                        portal.dataDir.resolve("keys/access-token.key"))))
                .isEqualTo("rw-------");
    }

    private static HttpResponse<String> refresh(String token) {
        return portal.postJson("/api/refresh", "{\"refresh_token\":\"" + token + "\"}");
    }

    private static String signed(JWSAlgorithm algorithm, byte[] secret, JWTClaimsSet claims)
            throws Exception {
        SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims);
        token.sign(new MACSigner(secret));
        return token.serialize();
    }

    /// Action, target and reason of a user's entries, oldest first.
    private static List<String> logged(String username) {
        List<String> entries = new ArrayList<>();
        try (Connection connection = portal.database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT concat_ws(' ', action, target, reason) FROM access_log"
                                        + " WHERE username = '"
                                        + username
                                        + "' ORDER BY id")) {
            while (rows.next()) {
                entries.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return entries;
    }

    private static String stored(String sql) throws SQLException {
        try (Connection connection = portal.database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
