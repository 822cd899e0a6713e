package org.agentaudit.graphql;

import jakarta.inject.Singleton;
import org.agentaudit.access.Viewer;

/// `me`.
@Singleton
final class ViewerFields implements FieldSource {

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "me", environment -> RequestContext.of(environment).viewer());
        fields.record("Viewer", Viewer.class);
        fields.value(
                "Viewer",
                "roles",
                Viewer.class,
                viewer -> viewer.roles().stream().sorted().toList());
    }
}
