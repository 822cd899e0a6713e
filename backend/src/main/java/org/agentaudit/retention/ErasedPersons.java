package org.agentaudit.retention;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.access.Pseudonyms;
import org.agentaudit.store.ErasedUsers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices events of persons whose content was erased before: they arrived later, or a hold kept
/// them. They are counted and reported, not erased: that is for who ordered it to decide.
@Singleton
class ErasedPersons implements ErasedUsers {

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

    @Override
    public Set<String> among(Connection connection, Set<String> userIds) throws SQLException {
        Set<ByteBuffer> erased = erased(connection);
        return erased.isEmpty()
                ? Set.of()
                : userIds.stream()
                        .filter(user -> erased.contains(ByteBuffer.wrap(pseudonyms.of(user))))
                        .collect(Collectors.toSet());
    }

    private Set<ByteBuffer> erased(Connection connection) throws SQLException {
        return repository.persons(connection).stream()
                .map(ByteBuffer::wrap)
                .collect(Collectors.toSet());
    }

    /// Counts them anew.
    void recount() {
        long events =
                transactions.executeWrite(
                        status -> {
                            Connection connection = status.getConnection();
                            Set<ByteBuffer> erased = erased(connection);
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
