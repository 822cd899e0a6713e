package org.agentaudit.retention;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.agentaudit.access.Pseudonyms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices events of persons whose content was erased before: they arrived later, or a hold kept
/// them. They are counted and reported, not erased: that is for who ordered it to decide.
@Singleton
class ErasedPersons {

    private static final Logger LOG = LoggerFactory.getLogger(ErasedPersons.class);

    private final TransactionOperations<Connection> transactions;
    private final ErasureRepository repository;
    private final Pseudonyms pseudonyms;

    ErasedPersons(
            TransactionOperations<Connection> transactions,
            ErasureRepository repository,
            Pseudonyms pseudonyms) {
        this.transactions = transactions;
        this.repository = repository;
        this.pseudonyms = pseudonyms;
    }

    /// Counts them anew.
    void recount() {
        long events =
                transactions.executeWrite(
                        status -> {
                            Connection connection = status.getConnection();
                            Set<ByteBuffer> erased = new HashSet<>();
                            repository
                                    .persons(connection)
                                    .forEach(person -> erased.add(ByteBuffer.wrap(person)));
                            if (erased.isEmpty()) {
                                return 0L;
                            }
                            Map<String, byte[]> stored = new HashMap<>();
                            repository.eachUser(
                                    connection,
                                    userId -> {
                                        byte[] person = pseudonyms.of(userId);
                                        if (erased.contains(ByteBuffer.wrap(person))) {
                                            stored.put(userId, person);
                                        }
                                    });
                            repository.noLater(connection);
                            long all = 0;
                            for (Map.Entry<String, byte[]> person : stored.entrySet()) {
                                long found = repository.contentsOf(connection, person.getKey());
                                repository.later(connection, person.getValue(), found);
                                all += found;
                            }
                            return all;
                        });
        if (events > 0) {
            LOG.warn("{} stored events are of persons whose content was erased before", events);
        }
    }
}
