package org.agentaudit.compliance;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.query.SettleStep;

/// Notes past days that get data: all on which a settled trace has an event, since a late event may
/// change what was said of an earlier one of its trace.
@Singleton
class CheckDayStep implements SettleStep {

    private final CheckDayRepository repository;
    private final ZoneId zone;
    private final Clock clock;

    CheckDayStep(
            CheckDayRepository repository,
            @Value("${portal.time-zone:UTC}") String zone,
            Clock clock) {
        this.repository = repository;
        this.zone = ZoneId.of(zone);
        this.clock = clock;
    }

    @Override
    public void settle(Connection connection, List<String> traceIds) throws SQLException {
        Instant today = LocalDate.ofInstant(clock.instant(), zone).atStartOfDay(zone).toInstant();
        Set<LocalDate> days =
                repository.quarters(connection, traceIds, today).stream()
                        .map(quarter -> LocalDate.ofInstant(quarter, zone))
                        .collect(Collectors.toSet());
        if (!days.isEmpty()) {
            repository.touch(connection, days);
        }
    }
}
