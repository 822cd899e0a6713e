package org.agentaudit.query;

import java.util.ArrayList;
import java.util.List;

/// What the query of the explorer can be completed to: every field, the values of those that have
/// few, and the agents and actions of what was found.
final class EventCompletions {

    private EventCompletions() {}

    static List<String> of(EventListPage page) {
        List<String> all = new ArrayList<>();
        for (String field : EventQueryText.fields()) {
            if (!page.masked() || !(field.equals("text") || field.equals("user"))) {
                all.add(field + ":");
            }
        }
        page.types().forEach(type -> all.add("type:" + EventListPage.constant(type)));
        page.outcomes().forEach(outcome -> all.add("status:" + EventListPage.constant(outcome)));
        all.add("errored:true");
        all.add("errored:false");
        EventOverview overview = page.overview();
        if (overview != null) {
            overview.agents().forEach(agent -> all.add(word("agent", agent.key())));
            overview.actions().forEach(action -> all.add(word("tool", action.key())));
        }
        return all;
    }

    private static String word(String field, String value) {
        return value.chars().anyMatch(c -> Character.isWhitespace(c) || c == '"')
                ? field + ":\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                : field + ":" + value;
    }
}
