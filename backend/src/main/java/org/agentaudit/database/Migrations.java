package org.agentaudit.database;

import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/// Lets a migration take the time it needs.
@Factory
final class Migrations {

    /// By the name of the data source they belong to.
    @Singleton
    @Named("default")
    Callback[] callbacks() {
        return new Callback[] {new NoTimeLimit()};
    }

    /// A statement that counts millions of stored events anew is silent for longer than the
    /// connections of the pool put up with (`socketTimeout`): without this, a large store could
    /// never be upgraded. The pool sets its own limit again when it gets the connection back.
    private static final class NoTimeLimit extends BaseCallback {

        @Override
        public boolean supports(Event event, Context context) {
            return event == Event.BEFORE_EACH_MIGRATE;
        }

        @Override
        public void handle(Event event, Context context) {
            try {
                context.getConnection().setNetworkTimeout(Runnable::run, 0);
            } catch (SQLException e) {
                throw new FlywayException("The time limit of the connection cannot be lifted.", e);
            }
        }
    }
}
