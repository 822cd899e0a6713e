package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.AccessLogEntry;
import org.agentaudit.access.AccessLogQuery;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Cursor;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.jspecify.annotations.Nullable;

/// `accessLog`.
@Singleton
final class AccessLogFields implements FieldSource {

    private final AccessLog accessLog;

    AccessLogFields(AccessLog accessLog) {
        this.accessLog = accessLog;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "accessLog", this::find);
        Connection.register(fields, "AccessLogConnection");
        fields.record("AccessLogEdge", Page.Edge.class);
        fields.record("AccessLogEntry", AccessLogEntry.class);
    }

    private Connection<AccessLogEntry> find(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Instant from = arguments.instant("from");
        Instant to = arguments.instant("to");
        if (from != null && to != null && !from.isBefore(to)) {
            throw new BadInputException("'from' must be before 'to'.");
        }
        PageRequest page = arguments.page();
        List<AccessLogEntry> found =
                new ArrayList<>(
                        accessLog.find(
                                RequestContext.of(environment).viewer(),
                                new AccessLogQuery(
                                        from,
                                        to,
                                        arguments.text("username"),
                                        null,
                                        null,
                                        place(page.after()),
                                        page.size() + 1)));
        boolean more = found.size() > page.size();
        if (more) {
            found.removeLast();
        }
        List<Page.Edge<AccessLogEntry>> edges =
                found.stream().map(entry -> new Page.Edge<>(cursor(entry), entry)).toList();
        return new Connection<>(new Page<>(edges, more, page.after() != null));
    }

    private static String cursor(AccessLogEntry entry) {
        return new Cursor(entry.at(), entry.id()).encode();
    }

    private static AccessLogQuery.@Nullable Place place(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        Cursor place = Cursor.decode(cursor);
        return new AccessLogQuery.Place(place.occurredAt(), place.arrival());
    }
}
