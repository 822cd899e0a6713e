package org.agentaudit.graphql;

import java.util.List;

/// The page of the GraphQL editor.
public record GraphiqlPage(List<QueryExample> examples) {

    public GraphiqlPage {
        examples = List.copyOf(examples);
    }
}
