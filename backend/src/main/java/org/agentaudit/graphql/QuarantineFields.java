package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import org.agentaudit.access.Viewer;
import org.agentaudit.quarantine.Quarantine;
import org.agentaudit.quarantine.QuarantineFilter;
import org.agentaudit.quarantine.QuarantineGroup;
import org.agentaudit.quarantine.QuarantinedItem;
import org.agentaudit.query.Page;

/// `quarantine`.
@Singleton
final class QuarantineFields implements FieldSource {

    private final Quarantine quarantine;

    QuarantineFields(Quarantine quarantine) {
        this.quarantine = quarantine;
    }

    /// A part of the list, and what was asked for.
    private record Found(Viewer viewer, QuarantineFilter filter, Page<QuarantinedItem> page) {}

    @Override
    public void register(FieldRegistry fields) {
        String type = "QuarantineConnection";
        fields.field("Query", "quarantine", this::find);
        fields.value(type, "edges", Found.class, found -> found.page().edges());
        fields.value(type, "nodes", Found.class, found -> found.page().nodes());
        fields.value(type, "pageInfo", Found.class, Found::page);
        fields.value(
                type,
                "totalCount",
                Found.class,
                found -> quarantine.count(found.viewer(), found.filter()));
        fields.value(
                type,
                "groups",
                Found.class,
                found -> quarantine.groups(found.viewer(), found.filter()));
        fields.record("QuarantineEdge", Page.Edge.class);
        fields.record("QuarantineGroup", QuarantineGroup.class);
        fields.record("QuarantinedItem", QuarantinedItem.class);
    }

    private Found find(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Viewer viewer = RequestContext.of(environment).viewer();
        QuarantineFilter filter =
                new QuarantineFilter(
                        arguments.instant("from"),
                        arguments.instant("to"),
                        arguments.text("reason"),
                        arguments.text("origin"));
        return new Found(viewer, filter, quarantine.page(viewer, filter, arguments.page()));
    }
}
