package org.agentaudit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.HttpMethodMapping;
import io.micronaut.security.annotation.Secured;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What the packages may use and where SQL may be. Table, package comments and README change
/// together.
class ArchitectureTest {
    private static final String BASE = "org.agentaudit";

    /// Package, and the packages of the portal it may use. The base package (start, commands) may
    /// use all of them.
    static final Map<String, Set<String>> MAY_USE =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry(
                                    "digest",
                                    Set.of(
                                            "chart",
                                            "event",
                                            "query",
                                            "analysis",
                                            "finding",
                                            "compliance",
                                            "report",
                                            "mail",
                                            "delivery",
                                            "access",
                                            "web")),
                            Map.entry(
                                    "admin",
                                    Set.of(
                                            "event",
                                            "store",
                                            "ingest",
                                            "query",
                                            "compliance",
                                            "access",
                                            "web")),
                            Map.entry("event", Set.of()),
                            Map.entry("database", Set.of()),
                            Map.entry("access", Set.of("event")),
                            Map.entry("proof", Set.of("event")),
                            Map.entry("verify", Set.of("event", "proof", "store")),
                            Map.entry("store", Set.of("event", "proof", "database")),
                            Map.entry("pricing", Set.of("event")),
                            Map.entry("chart", Set.of()),
                            Map.entry("web", Set.of("chart", "access", "database")),
                            Map.entry(
                                    "ingest",
                                    Set.of("event", "pricing", "proof", "store", "access", "web")),
                            Map.entry(
                                    "query",
                                    Set.of("chart", "event", "store", "database", "access", "web")),
                            Map.entry(
                                    "quarantine",
                                    Set.of("event", "store", "ingest", "query", "access", "web")),
                            Map.entry(
                                    "export",
                                    Set.of("event", "query", "retention", "access", "web")),
                            Map.entry(
                                    "destination",
                                    Set.of(
                                            "event",
                                            "store",
                                            "query",
                                            "retention",
                                            "export",
                                            "access",
                                            "web")),
                            Map.entry(
                                    "analysis",
                                    Set.of("chart", "event", "pricing", "query", "access", "web")),
                            Map.entry(
                                    "alert",
                                    Set.of(
                                            "chart",
                                            "event",
                                            "store",
                                            "database",
                                            "query",
                                            "analysis",
                                            "finding",
                                            "mail",
                                            "access",
                                            "web")),
                            Map.entry(
                                    "finding",
                                    Set.of(
                                            "chart",
                                            "event",
                                            "proof",
                                            "store",
                                            "query",
                                            "analysis",
                                            "ingest",
                                            "database",
                                            "access",
                                            "web")),
                            Map.entry(
                                    "retention",
                                    Set.of("event", "store", "query", "access", "web")),
                            Map.entry(
                                    "compliance",
                                    Set.of(
                                            "chart",
                                            "event",
                                            "query",
                                            "analysis",
                                            "finding",
                                            "retention",
                                            "access")),
                            Map.entry(
                                    "report",
                                    Set.of(
                                            "chart",
                                            "alert",
                                            "incident",
                                            "event",
                                            "query",
                                            "analysis",
                                            "finding",
                                            "compliance",
                                            "access",
                                            "web")),
                            Map.entry(
                                    "incident",
                                    Set.of(
                                            "chart",
                                            "event",
                                            "store",
                                            "query",
                                            "analysis",
                                            "finding",
                                            "alert",
                                            "access",
                                            "web")),
                            Map.entry(
                                    "investigation",
                                    Set.of(
                                            "event",
                                            "query",
                                            "analysis",
                                            "finding",
                                            "incident",
                                            "access",
                                            "web")),
                            Map.entry("mail", Set.of()),
                            Map.entry(
                                    "delivery",
                                    Set.of(
                                            "chart", "store", "query", "report", "alert", "mail",
                                            "access", "web")),
                            Map.entry(
                                    "dashboard",
                                    Set.of(
                                            "chart",
                                            "alert",
                                            "incident",
                                            "event",
                                            "query",
                                            "analysis",
                                            "compliance",
                                            "report",
                                            "access",
                                            "web")),
                            Map.entry(
                                    "graphql",
                                    Set.of(
                                            "event",
                                            "access",
                                            "query",
                                            "retention",
                                            "analysis",
                                            "alert",
                                            "finding",
                                            "compliance",
                                            "report",
                                            "quarantine",
                                            "incident",
                                            "delivery",
                                            "web")),
                            Map.entry(
                                    "bench",
                                    Set.of(
                                            "event",
                                            "proof",
                                            "store",
                                            "query",
                                            "analysis",
                                            "graphql",
                                            "access")),
                            Map.entry(
                                    "gate",
                                    Set.of(
                                            "ingest",
                                            "query",
                                            "analysis",
                                            "finding",
                                            "compliance",
                                            "report",
                                            "access")),
                            Map.entry("demo", Set.of("event", "store", "ingest", "access"))));

    /// Classes of other packages that a package may use beyond the table, each with its reason.
    private static final Map<String, Map<String, String>> EXCEPTIONS =
            Map.of(
                    "digest",
                    Map.of(
                            BASE + ".store.EventCounts",
                            "the sums that a mail's chart draws, inside query.PeriodCounts"),
                    "compliance",
                    Map.of(
                            BASE + ".store.EventCounts",
                            "the sums that checks are computed from, inside query.PeriodCounts"),
                    "report",
                    Map.of(
                            BASE + ".store.EventCounts",
                            "the sums that reports are computed from, inside query.PeriodCounts",
                            BASE + ".store.EventRow",
                            "reads a column as an instant"));

    /// Services hold the transaction (a connection) that several repositories work in; statements
    /// and rows are the repositories'.
    private static final Set<String> JDBC =
            Set.of(
                    "java.sql.Statement",
                    "java.sql.PreparedStatement",
                    "java.sql.CallableStatement",
                    "java.sql.ResultSet",
                    "java.sql.DriverManager",
                    "javax.sql.DataSource",
                    "org.postgresql.PGConnection",
                    "org.postgresql.copy.CopyManager");

    /// Classes that use JDBC without being repositories, each with its reason.
    private static final Map<String, String> MAY_USE_JDBC =
            Map.of(
                    BASE + ".database.DatabaseFailures",
                    "tells a database that is away from a mistake in a statement",
                    BASE + ".database.DatabaseCheck",
                    "asks whether the database can be reached, before there is anything else",
                    BASE + ".query.EventConditions",
                    "the one place where a filter becomes WHERE and parameters",
                    BASE + ".web.DatabaseReadiness",
                    "asks the pool whether the database is there",
                    BASE + ".store.RollupRow",
                    "reads a row of counters for the repositories of several packages",
                    BASE + ".store.RollupWriter",
                    "second half of the store's writer, in the same transaction");

    private static final JavaClasses MAIN =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(BASE);

    @TestFactory
    Stream<DynamicTest> packages_useOnlyWhatTheTableAllows() {
        return MAY_USE.entrySet().stream()
                .map(
                        entry ->
                                dynamicTest(
                                        entry.getKey(),
                                        () -> onlyUses(entry.getKey(), entry.getValue())));
    }

    private static void onlyUses(String name, Set<String> allowed) {
        String[] reachable =
                Stream.concat(Stream.of(name), allowed.stream())
                        .map(other -> BASE + "." + other + "..")
                        .toArray(String[]::new);
        Set<String> exceptions = EXCEPTIONS.getOrDefault(name, Map.of()).keySet();
        classes()
                .that()
                .resideInAPackage(BASE + "." + name + "..")
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAPackage(BASE + ".."))
                                .or(resideInAnyPackage(reachable))
                                .or(
                                        DescribedPredicate.describe(
                                                "named exceptions " + exceptions,
                                                type -> exceptions.contains(outermost(type)))))
                .because("data flows from ingest to store, query and report, see README.md")
                .allowEmptyShould(true)
                .check(MAIN);
    }

    private static String outermost(JavaClass type) {
        return type.getName().split("\\$", 2)[0];
    }

    @Test
    void everyPackage_isInTheTable() {
        Set<String> packages =
                MAIN.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> !name.equals(BASE))
                        .map(name -> name.substring(BASE.length() + 1).split("\\.", 2)[0])
                        .collect(Collectors.toSet());
        assertThat(MAY_USE.keySet()).containsAll(packages);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void events_arePlainJava() {
        classes()
                .that()
                .resideInAPackage(BASE + ".event..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "org.jspecify..", BASE + ".event.."))
                .because("every other package speaks in events, whatever framework it uses")
                .check(MAIN);
    }

    @Test
    void sql_isInRepositories() {
        DescribedPredicate<JavaClass> mayUseJdbc =
                DescribedPredicate.describe(
                        "repositories and named exceptions",
                        type -> {
                            if (type.getName().startsWith(type.getPackageName() + ".$")) {
                                // written by Micronaut's annotation processor
                                return true;
                            }
                            String outermost = outermost(type);
                            return outermost.endsWith("Repository")
                                    // row mapping
                                    || outermost.matches(".*Rows?")
                                    || MAY_USE_JDBC.containsKey(outermost);
                        });
        noClasses()
                .that(not(mayUseJdbc))
                .should()
                .dependOnClassesThat(
                        DescribedPredicate.describe(
                                "run statements or read rows",
                                type -> JDBC.contains(type.getName())))
                .because("SQL is found in one kind of place")
                .check(MAIN);
    }

    @Test
    void controllers_sayWhoMayCall() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(Controller.class)
                .and()
                .areMetaAnnotatedWith(HttpMethodMapping.class)
                .should(declareWhoMayCall())
                .because("a forgotten declaration must not open or close a door silently")
                .allowEmptyShould(true)
                .check(MAIN);
    }

    private static ArchCondition<JavaMethod> declareWhoMayCall() {
        return new ArchCondition<>("be annotated with @Secured, or their class") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean declared =
                        method.isAnnotatedWith(Secured.class)
                                || method.getOwner().isAnnotatedWith(Secured.class);
                if (!declared) {
                    events.add(
                            SimpleConditionEvent.violated(
                                    method, method.getFullName() + " has no @Secured"));
                }
            }
        };
    }
}
