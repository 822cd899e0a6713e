package org.agentaudit.web;

import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Not ready while PostgreSQL does not answer within three seconds.
@Singleton
@Readiness
class DatabaseReadiness implements HealthIndicator {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseReadiness.class);
    private static final String NAME = "postgresql";
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private final DataSource dataSource;
    private final Scheduler blocking;

    DatabaseReadiness(
            DataSource dataSource, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.dataSource = DelegatingDataSource.unwrapDataSource(dataSource);
        this.blocking = Schedulers.fromExecutorService(blocking);
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Mono.fromCallable(this::isReachable)
                .subscribeOn(blocking)
                .timeout(LONGEST, Mono.just(false))
                .map(
                        up ->
                                HealthResult.builder(NAME, up ? HealthStatus.UP : HealthStatus.DOWN)
                                        .build());
    }

    private boolean isReachable() {
        try (Connection connection = dataSource.getConnection()) {
            return connection.isValid((int) LONGEST.toSeconds());
        } catch (SQLException e) {
            LOG.warn("not ready, the database does not answer: {}", e.toString());
            return false;
        }
    }
}
