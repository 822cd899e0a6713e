package org.agentaudit.web;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.agentaudit.MovedClock;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccounts;

/// A whole portal on a fresh database, with a clock that can be moved and plain HTTP calls.
final class TestPortal implements AutoCloseable {
    static final String PASSWORD = "correct horse battery";
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\"[^>]*value=\"([^\"]+)\"");
    static final String INGEST_KEY = "aap_configured-for-tests";

    final MovedClock clock = new MovedClock(Instant.parse("2026-11-21T12:00:00Z"));
    final TestDatabase.Fresh database = TestDatabase.create();
    final Path dataDir;
    final EmbeddedServer server;
    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    TestPortal(Map<String, Object> settings) {
        try {
            dataDir = Files.createTempDirectory("portal-test");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Map<String, Object> properties = new HashMap<>(database.properties());
        properties.put("portal.data-dir", dataDir.toString());
        properties.put("portal.ingest-key", INGEST_KEY);
        properties.putAll(settings);
        server =
                ApplicationContext.builder()
                        .properties(properties)
                        .singletons(clock)
                        .run(EmbeddedServer.class);
    }

    TestPortal() {
        this(Map.of());
    }

    <T> T bean(Class<T> type) {
        return server.getApplicationContext().getBean(type);
    }

    UserAccounts users() {
        return bean(UserAccounts.class);
    }

    void addUser(String name, Role... roles) {
        users().add("test", name, PASSWORD, Set.of(roles), List.of());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.getPort() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// The status alone, also of an answer that never ends.
    int status(HttpRequest.Builder request) {
        try {
            HttpResponse<InputStream> answer =
                    http.send(request.build(), BodyHandlers.ofInputStream());
            answer.body().close();
            return answer.statusCode();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(with(request(path), headers));
    }

    HttpResponse<String> postJson(String path, String body, String... headers) {
        return send(
                with(request(path), headers)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> postForm(String path, Map<String, String> fields, String... headers) {
        String body =
                fields.entrySet().stream()
                        .map(field -> field.getKey() + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&"));
        return send(
                with(request(path), headers)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Accept", "text/html")
                        .POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> login(String username, String password) {
        return postJson(
                "/api/login",
                "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}");
    }

    /// An access token of a user who exists.
    String token(String username) {
        return field(login(username, PASSWORD).body(), "access_token");
    }

    /// The value of a member of a flat JSON object.
    static String field(String json, String name) {
        return json.replaceFirst("(?s).*\"" + name + "\":\"([^\"]*)\".*", "$1");
    }

    static String bearer(String token) {
        return "Bearer " + token;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
        return headers.length == 0 ? request : request.headers(headers);
    }

    @Override
    public void close() {
        server.close();
        http.close();
    }

    /// Signs a user in as a browser does.
    ///
    /// @return the session's cookie, for the header `Cookie`
    public String signIn(String name) {
        HttpResponse<String> form = get("/login", "Accept", "text/html");
        return cookie(
                postForm(
                        "/login",
                        Map.of("username", name, "password", PASSWORD, "csrf", csrf(form.body())),
                        "Cookie",
                        cookie(form, "portal_sign_in")),
                "portal_session");
    }

    /// The hidden field of a page's forms.
    public static String csrf(String html) {
        Matcher field = CSRF.matcher(html);
        if (!field.find()) {
            throw new AssertionError("the page has no form");
        }
        return field.group(1);
    }

    private static String cookie(HttpResponse<String> answer, String nameEnd) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(each -> each.replaceFirst("=.*", "").endsWith(nameEnd))
                .findFirst()
                .orElseThrow()
                .replaceFirst(";.*", "");
    }
}
