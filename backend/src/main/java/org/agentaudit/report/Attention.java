package org.agentaudit.report;

import java.util.Comparator;
import java.util.List;
import org.agentaudit.analysis.Severity;

/// What needs somebody's attention on a day, most urgent first: the same list on the page, in the
/// PDF and in the mail. Empty when nothing does. Its sentences hold no content of events, only
/// names and counts that every reader of the day may see.
public record Attention(List<Item> items) {

    public Attention {
        items =
                items.stream()
                        .sorted(
                                Comparator.comparing(Item::severity)
                                        .reversed()
                                        .thenComparing(Item::topic))
                        .toList();
    }

    /// Where an item comes from; of equal severity, the earlier first.
    public enum Topic {
        CHECK,
        ALERT,
        INCIDENT,
        FINDING,
        GAP,
        SILENT_AGENT,
        NEW_AGENT
    }

    /// @param sentence one sentence for people
    /// @param href     local address where it is looked into
    public record Item(Topic topic, Severity severity, String sentence, String href) {}

    /// In one sentence, for titles and first lines.
    public String sentence() {
        if (items.isEmpty()) {
            return "Nothing needs attention.";
        }
        long critical = items.stream().filter(i -> i.severity() == Severity.CRITICAL).count();
        String things = items.size() == 1 ? "1 thing needs" : items.size() + " things need";
        return things
                + " attention"
                + (critical == 0 ? "" : ", " + critical + " of them critical")
                + ".";
    }
}
