package org.agentaudit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agentaudit.TestDatabase;
import org.junit.jupiter.api.Test;

class PartitionKeeperIT {

    @Test
    void partitions_areMadeAhead_andForLateEventsOnDemand() throws Exception {
        TestDatabase.Fresh database = TestDatabase.create();
        Clock clock = Clock.fixed(Instant.parse("2026-11-30T23:59:59Z"), ZoneOffset.UTC);
        Map<String, Object> settings = new HashMap<>(database.properties());
        try (ApplicationContext context =
                ApplicationContext.builder().properties(settings).singletons(clock).start()) {
            PartitionKeeper keeper = context.getBean(PartitionKeeper.class);
            keeper.ensure();
            keeper.ensure();
            assertThat(partitions(database))
                    .containsExactly(
                            "audit_event_2026_11",
                            "audit_event_2026_12",
                            "audit_event_2027_01",
                            "event_content_2026_11",
                            "event_content_2026_12",
                            "event_content_2027_01");

            List<NewEvent> late =
                    RandomEvents.make(
                            new Random(3),
                            20,
                            Instant.parse("1999-12-31T00:00:00Z"),
                            Duration.ofHours(20));
            assertThat(context.getBean(EventStore.class).append(late, List.of()).get())
                    .containsOnly(AppendResult.STORED);
            assertThat(partitions(database)).contains("audit_event_1999_12");
        }
    }

    private static List<String> partitions(TestDatabase.Fresh database) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                """
                                SELECT c.relname
                                  FROM pg_inherits i
                                  JOIN pg_class c ON c.oid = i.inhrelid
                                 WHERE c.relkind = 'r'
                                 ORDER BY c.relname
                                """)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }
}
