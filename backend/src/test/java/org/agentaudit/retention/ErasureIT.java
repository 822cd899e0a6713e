package org.agentaudit.retention;

import static org.agentaudit.event.EventBuilder.event;
import static org.agentaudit.retention.RetentionFixture.NOW;
import static org.agentaudit.retention.RetentionFixture.daysAgo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Decision;
import org.agentaudit.event.EventType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Erasure of one person's content.
class ErasureIT {

    private static final String PERSON = "ann.smith@example.org";
    private static final String MARKER = "marker7f3a";

    private final RetentionFixture portal = new RetentionFixture();
    private final Erasures erasures = portal.bean(Erasures.class);

    @AfterEach
    void close() {
        portal.close();
    }

    private static AuditEvent ofPerson(String name, String trace, String user) {
        return event(name, daysAgo(1), EventType.DECISION, "a", "act")
                .trace(trace)
                .user(user)
                .tokens(10, 5, 0)
                .cost("0.01")
                .params("{\"p\":\"" + MARKER + "\"}")
                .result("{\"r\":\"" + MARKER + "\"}")
                .reasoning("because " + MARKER)
                .decision(
                        new Decision(
                                MARKER + "?",
                                List.of(new Decision.DecisionOption(MARKER, null, null)),
                                MARKER,
                                null))
                .failed("E", "message " + MARKER)
                .summary("Error: " + MARKER)
                .build();
    }

    private static AuditEvent ofOther(String name, String trace) {
        return event(name, daysAgo(1), EventType.TOOL_CALL, "a", "act")
                .trace(trace)
                .user("bob")
                .params("{\"p\":\"other\"}")
                .summary("Called")
                .build();
    }

    /// Columns of any table in which a text occurs.
    private Set<String> columnsWith(String text) {
        Set<String> found = new TreeSet<>();
        for (String column :
                portal.texts(
                        "SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c"
                                + " JOIN information_schema.tables t USING (table_schema, table_name)"
                                + " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'")) {
            String[] parts = column.split("\\.");
            long hits =
                    portal.number(
                            "SELECT count(*) FROM %s WHERE strpos(CAST(%s AS text), '%s') > 0 OR strpos(CAST(%s AS text), encode(convert_to('%s', 'UTF8'), 'hex')) > 0"
                                    .formatted(parts[0], parts[1], text, parts[1], text));
            if (hits > 0) {
                found.add(column);
            }
        }
        return found;
    }

    @Test
    void erase_leavesNothingOfThePerson_andEverythingOfOthers() {
        portal.store(
                ofPerson("p1", "t1", PERSON), ofPerson("p2", "t2", PERSON), ofOther("o1", "t1"));
        portal.execute(
                "INSERT INTO quarantine (received_at, last_seen_at, origin, position, reason, body, digest) VALUES"
                        + " (now(), now(), 'test', 0, 'no', '{\"user_id\":\"%s\",\"x\":\"%s\"}', 'one'), (now(), now(), 'test', 1, 'no', '{\"user_id\":\"bob\"}', 'two')"
                                .formatted(PERSON, MARKER));
        assertThat(columnsWith(MARKER)).contains("event_content.params", "quarantine.body");
        assertThat(columnsWith(PERSON)).contains("event_content.user_id", "quarantine.body");

        ErasureForecast forecast = erasures.forecast(PERSON, false);
        assertThat(forecast.contents()).isEqualTo(2);
        assertThat(forecast.traces()).isEqualTo(2);
        assertThat(forecast.others()).isEqualTo(1);
        assertThat(forecast.isEmpty()).isFalse();
        assertThat(erasures.forecast("nobody", false).isEmpty()).isTrue();
        assertThat(forecast.quarantined()).isEqualTo(1);
        assertThat(forecast.bytes()).isPositive();
        assertThat(columnsWith(MARKER)).isNotEmpty();

        Erasure done = erasures.erase("dpo", PERSON, false, "request 17 of the person");
        assertThat(done.contents()).isEqualTo(2);
        assertThat(done.quarantined()).isEqualTo(1);
        assertThat(done.endedAt()).isEqualTo(NOW);
        assertThat(columnsWith(MARKER)).isEmpty();
        assertThat(columnsWith(PERSON)).isEmpty();
        assertThat(columnsWith("ann.smith")).isEmpty();
        assertThat(portal.storedEvents()).hasSize(3);
        assertThat(portal.texts("SELECT user_id FROM event_content")).containsExactly("bob");
        assertThat(portal.number("SELECT count(*) FROM quarantine")).isEqualTo(1);
        assertThat(portal.recordedArrivals("CONTENT")).hasSize(2);
        assertThat(portal.texts("SELECT target FROM access_log"))
                .singleElement()
                .asString()
                .matches("erasure 1 of person [0-9a-f]{8}");
        assertThat(portal.texts("SELECT username || ' ' || rule || ' ' || reason FROM deletion"))
                .containsOnly("dpo erasure erasure 1: request 17 of the person");
    }

    @Test
    void erase_wholeTraces_takesTheContentOfOthersInThem() {
        portal.store(ofPerson("p1", "t1", PERSON), ofOther("o1", "t1"), ofOther("o2", "elsewhere"));
        assertThat(erasures.forecast(PERSON, true).contents()).isEqualTo(2);
        assertThat(erasures.forecast(PERSON, true).others()).isZero();
        assertThat(erasures.erase("dpo", PERSON, true, "request").contents()).isEqualTo(2);
        assertThat(portal.storedContents()).hasSize(1);
    }

    @Test
    void hold_standsAgainstErasure_andIsNamed() {
        portal.store(ofPerson("p1", "held", PERSON), ofPerson("p2", "free", PERSON));
        Holds holds = portal.bean(Holds.class);
        long hold = holds.holdTrace("legal", "held", "case");
        holds.holdTrace("legal", "another", "another case");
        ErasureForecast forecast = erasures.forecast(PERSON, false);
        assertThat(forecast.contents()).isEqualTo(1);
        assertThat(forecast.held()).isEqualTo(1);
        assertThat(forecast.holds()).extracting(Hold::id).containsExactly(hold);
        Erasure done = erasures.erase("dpo", PERSON, false, "request");
        assertThat(done.contents()).isEqualTo(1);
        assertThat(done.held()).isEqualTo(1);
        assertThat(portal.storedContents()).hasSize(1);
        holds.release("legal", hold, "over");
        assertThat(erasures.erase("dpo", PERSON, false, "request").contents()).isEqualTo(1);
        assertThat(portal.storedContents()).isEmpty();
    }

    @Test
    void eventsThatArriveLater_areReportedAndKept() {
        portal.store(ofPerson("p1", "t1", PERSON));
        erasures.erase("dpo", PERSON, false, "request");
        portal.run();
        assertThat(erasures.latest(1).getFirst().later()).isZero();
        portal.store(ofPerson("p2", "t2", PERSON), ofOther("o1", "t2"));
        portal.clock.now = NOW.plus(Duration.ofDays(1));
        portal.run();
        assertThat(erasures.latest(1).getFirst().later()).isEqualTo(1);
        assertThat(portal.storedContents()).hasSize(2);
    }

    @Test
    void manyEvents_goInSeveralSteps() {
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < 4500; i++) {
            events.add(
                    event("e" + i, daysAgo(1), EventType.TOOL_CALL, "a", "act")
                            .trace("t" + i % 3)
                            .user(PERSON)
                            .build());
        }
        portal.store(events);
        assertThat(erasures.erase("dpo", PERSON, false, "request").contents()).isEqualTo(4500);
        assertThat(portal.recordedArrivals("CONTENT")).hasSize(4500);
        assertThat(portal.storedContents()).isEmpty();
    }

    @Test
    void reasonThatNamesThePerson_isRefused() {
        assertThatThrownBy(
                        () -> erasures.erase("dpo", PERSON, false, "Ann.Smith@example.org asked"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("Ann");
        assertThat(portal.number("SELECT count(*) FROM erasure")).isZero();
    }
}
