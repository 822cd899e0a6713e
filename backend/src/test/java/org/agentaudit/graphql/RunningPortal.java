package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccounts;
import org.jspecify.annotations.Nullable;

/// A whole portal on a database, of which several may run.
final class RunningPortal implements AutoCloseable {
    static final String PASSWORD = "correct horse battery";
    static final String INGEST_KEY = "aap_configured-for-tests";
    static final ObjectMapper JSON = new ObjectMapper();

    final EmbeddedServer server;
    final HttpClient http = HttpClient.newHttpClient();
    private final TestDatabase.Fresh database;

    RunningPortal(TestDatabase.Fresh database, Map<String, Object> settings) {
        this.database = database;
        Map<String, Object> properties = new HashMap<>(database.properties());
        try {
            Path folder = Files.createTempDirectory("running-portal");
            properties.put("portal.data-dir", folder.toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        properties.put("portal.ingest-key", INGEST_KEY);
        properties.put("portal.access.signing-key", "c2lnbmluZy1rZXktb2YtdGhlLXRlc3RzLTMyLWJ5dGVz");
        properties.putAll(settings);
        server = ApplicationContext.run(EmbeddedServer.class, properties);
    }

    <T> T bean(Class<T> type) {
        return server.getApplicationContext().getBean(type);
    }

    /// Makes a user.
    ///
    /// @return their access token
    String user(String name, List<String> scope, Role... roles) {
        bean(UserAccounts.class).add("test", name, PASSWORD, Set.of(roles), scope);
        return token(name);
    }

    String token(String name) {
        return json(post(
                        "/api/login",
                        "{\"username\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}",
                        null))
                .get("access_token")
                .asText();
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + server.getPort() + path);
    }

    /// Sends events, one JSON object or an array, and waits for the acknowledgement.
    void ingest(String events) {
        HttpResponse<String> answer = post("/api/events", events, INGEST_KEY);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).get("rejected")).as(answer.body()).isEmpty();
    }

    HttpResponse<String> post(String path, String body, @Nullable String bearer) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body));
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// The whole answer of a GraphQL request.
    JsonNode ask(String token, String query) {
        return ask(token, query, Map.of());
    }

    JsonNode ask(String token, String query, Map<String, ?> variables) {
        try {
            String body = JSON.writeValueAsString(Map.of("query", query, "variables", variables));
            return json(post("/graphql", body, token));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The data of an answer without errors.
    JsonNode data(String token, String query) {
        JsonNode answer = ask(token, query);
        assertThat(answer.get("errors")).as(answer.toString()).isNull();
        return answer.get("data");
    }

    /// Code of the only error of an answer, which has a path.
    String error(String token, String query) {
        JsonNode answer = ask(token, query);
        assertThat(answer.get("errors")).as(answer.toString()).hasSize(1);
        assertThat(answer.at("/errors/0/path")).as(answer.toString()).isNotEmpty();
        return answer.at("/errors/0/extensions/code").asText();
    }

    /// First column of a query, as text.
    List<String> column(String sql) {
        List<String> values = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return values;
    }

    void execute(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return json(answer.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(text, e);
        }
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }
}
