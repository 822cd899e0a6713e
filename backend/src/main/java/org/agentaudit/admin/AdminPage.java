package org.agentaudit.admin;

import java.util.List;

/// The overview of administration; model of `views/admin/overview.html`.
///
/// @param groups in the order to show them
public record AdminPage(List<Group> groups) {

    public AdminPage {
        groups = List.copyOf(groups);
    }

    /// @param title what its pages have in common
    public record Group(String title, List<Entry> entries) {
        public Group {
            entries = List.copyOf(entries);
        }
    }

    /// @param what what can be seen and done there, with its state where it is known
    public record Entry(String title, String href, String what) {}
}
