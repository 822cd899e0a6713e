package org.agentaudit.graphql;

import static java.util.Map.entry;
import static org.agentaudit.access.Role.ADMIN;
import static org.agentaudit.access.Role.AUDITOR;
import static org.agentaudit.access.Role.COMPLIANCE_OFFICER;
import static org.agentaudit.access.Role.SECURITY_ANALYST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The table of `contract/access.md` against every root field of the schema, asked by every role. A
/// new root field needs an entry here.
class RootFieldAccessIT {
    private static final Set<Role> EVERYBODY = EnumSet.allOf(Role.class);
    private static final Set<Role> READERS =
            EnumSet.of(COMPLIANCE_OFFICER, SECURITY_ANALYST, AUDITOR);
    private static final Set<Role> INVESTIGATORS = EnumSet.of(COMPLIANCE_OFFICER, SECURITY_ANALYST);
    private static final Set<Role> ANALYSTS = EnumSet.of(SECURITY_ANALYST);
    private static final Set<Role> OFFICERS = EnumSet.of(COMPLIANCE_OFFICER);
    private static final Set<Role> SENDERS = EnumSet.of(ADMIN, COMPLIANCE_OFFICER);
    private static final Set<Role> ADMINISTRATORS = EnumSet.of(ADMIN);

    /// What anybody who reads reports and events may ask for.
    private static final Set<String> READING =
            Set.of(
                    "event",
                    "events",
                    "trace",
                    "task",
                    "session",
                    "sessions",
                    "agent",
                    "agents",
                    "dailySummary",
                    "summaryReport",
                    "toolUsageReport",
                    "errorAnalysisReport",
                    "usageReport",
                    "tokenProfile",
                    "costReport",
                    "actionOutcomes",
                    "complianceReport",
                    "checkHistory",
                    "regressions",
                    "findings",
                    "activity",
                    "alerts",
                    "incident",
                    "incidents",
                    "eventStored",
                    "alertChanged");

    private static final Map<String, Set<Role>> OTHERS =
            Map.ofEntries(
                    entry("me", EVERYBODY),
                    entry("alertRules", ANALYSTS),
                    entry("dryRunAlertRule", ANALYSTS),
                    entry("reportSubscriptions", SENDERS),
                    entry("accessLog", EnumSet.of(ADMIN, COMPLIANCE_OFFICER, AUDITOR)),
                    entry("quarantine", ADMINISTRATORS),
                    entry("saveAlertRule", ANALYSTS),
                    entry("deleteAlertRule", ANALYSTS),
                    entry("acknowledgeAlert", INVESTIGATORS),
                    entry("openIncident", INVESTIGATORS),
                    entry("updateIncident", INVESTIGATORS),
                    entry("saveReportSubscription", SENDERS),
                    entry("deleteReportSubscription", SENDERS),
                    entry("reviewDay", OFFICERS),
                    entry("sendReport", SENDERS));

    private static RunningPortal portal;
    private static GraphQLSchema schema;
    private static final Map<Role, String> TOKENS = new EnumMap<>(Role.class);

    @BeforeAll
    static void start() {
        portal = new RunningPortal(TestDatabase.create(), Map.of());
        schema = portal.bean(PortalSchema.class).schema();
        for (Role role : Role.values()) {
            TOKENS.put(role, portal.user(role.name().toLowerCase(Locale.ROOT), List.of(), role));
        }
    }

    @AfterAll
    static void stop() {
        portal.close();
    }

    @Test
    void everyRootField_isInTheTable() {
        Set<String> known = new TreeSet<>(READING);
        known.addAll(OTHERS.keySet());
        assertThat(known)
                .containsExactlyElementsOf(
                        roots().flatMap(root -> root.getFieldDefinitions().stream())
                                .map(GraphQLFieldDefinition::getName)
                                .collect(Collectors.toCollection(TreeSet::new)));
    }

    @TestFactory
    Stream<DynamicTest> rootField_answersThoseInTheTable_andNobodyElse() {
        return roots().flatMap(
                        root ->
                                root.getFieldDefinitions().stream()
                                        .map(
                                                field ->
                                                        DynamicTest.dynamicTest(
                                                                root.getName()
                                                                        + "."
                                                                        + field.getName(),
                                                                () -> check(root, field))));
    }

    private static Stream<GraphQLObjectType> roots() {
        return Stream.of(
                schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType());
    }

    private static void check(GraphQLObjectType root, GraphQLFieldDefinition field)
            throws Exception {
        String name = field.getName();
        Set<Role> allowed = READING.contains(name) ? READERS : OTHERS.get(name);
        for (Role role : Role.values()) {
            JsonNode answer =
                    ask(root, "asked: " + name + arguments(field) + selection(field), role);
            List<String> codes = new ArrayList<>();
            answer.path("errors").forEach(e -> codes.add(e.at("/extensions/code").asText()));
            if (allowed.contains(role)) {
                assertThat(codes)
                        .as("%s: %s", role, answer)
                        .isSubsetOf("BAD_USER_INPUT", "NOT_FOUND", "NOT_IMPLEMENTED");
                // Wrong arguments would be refused before anybody asks who is there.
                assertThat(answer.has("data") || answer.has("opened")).isTrue();
            } else {
                assertThat(codes).as("%s: %s", role, answer).containsExactly("FORBIDDEN");
                assertThat(answer.at("/errors/0/path").toString()).isEqualTo("[\"asked\"]");
                assertThat(answer.path("data").hasNonNull("asked")).isFalse();
            }
            if (root == schema.getQueryType()) {
                assertThat(answer.at("/data/me/username").asText())
                        .isEqualTo(role.name().toLowerCase(Locale.ROOT));
            }
        }
    }

    private static JsonNode ask(GraphQLObjectType root, String field, Role role) throws Exception {
        if (root == schema.getQueryType()) {
            return portal.ask(TOKENS.get(role), "{ me { username } " + field + " }");
        }
        if (root == schema.getMutationType()) {
            return portal.ask(TOKENS.get(role), "mutation { " + field + " }");
        }
        GraphQlRequest request =
                GraphQlRequest.ofParameters("subscription { " + field + " }", null, null, null);
        return switch (portal.bean(GraphQlEngine.class).open(request, TestPortal.viewer(role))) {
            case GraphQlEngine.Opened _ -> RunningPortal.json("{\"opened\": true}");
            case GraphQlEngine.NotOpened(GraphQlEngine.Answer answer) ->
                    RunningPortal.JSON.readTree(GraphQlJson.write(answer.body()));
        };
    }

    private static String selection(GraphQLFieldDefinition field) {
        return GraphQLTypeUtil.unwrapAll(field.getType()) instanceof GraphQLObjectType
                ? " { __typename }"
                : "";
    }

    /// A value for each argument that must be there.
    private static String arguments(GraphQLFieldDefinition field) {
        String arguments =
                field.getArguments().stream()
                        .filter(argument -> GraphQLTypeUtil.isNonNull(argument.getType()))
                        .filter(argument -> !argument.hasSetDefaultValue())
                        .map(RootFieldAccessIT::argument)
                        .collect(Collectors.joining(", "));
        return arguments.isEmpty() ? "" : "(" + arguments + ")";
    }

    private static String argument(GraphQLArgument argument) {
        return argument.getName() + ": " + value(argument.getName(), argument.getType());
    }

    private static String value(String name, GraphQLType type) {
        GraphQLType bare = GraphQLTypeUtil.unwrapNonNull(type);
        if (GraphQLTypeUtil.isList(bare)) {
            return "[]";
        }
        return switch (bare) {
            case GraphQLEnumType choices -> choices.getValues().getFirst().getName();
            case GraphQLInputObjectType object ->
                    object.getFields().stream()
                            .filter(member -> GraphQLTypeUtil.isNonNull(member.getType()))
                            .filter(member -> !member.hasSetDefaultValue())
                            .map(
                                    member ->
                                            member.getName()
                                                    + ": "
                                                    + value(member.getName(), member.getType()))
                            .collect(Collectors.joining(", ", "{", "}"));
            default ->
                    switch (GraphQLTypeUtil.simplePrint(bare)) {
                        case "DateTime" ->
                                name.equals("from")
                                        ? "\"2026-11-01T00:00:00Z\""
                                        : "\"2026-11-02T00:00:00Z\"";
                        case "Date" -> name.equals("to") ? "\"2026-11-02\"" : "\"2026-11-01\"";
                        default -> "\"1\"";
                    };
        };
    }
}
