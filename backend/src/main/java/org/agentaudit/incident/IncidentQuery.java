package org.agentaudit.incident;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agentaudit.analysis.Severity;
import org.agentaudit.query.BadInputException;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// What of the incidents an address asks for; empty texts mean nothing.
///
/// @param state    `working`, `all`, or a status in lower case
/// @param severity in lower case
/// @param owner    user name, or `nobody`
/// @param trace    trace id
/// @param overdue  `true`: a reporting time has passed
/// @param sort     `opened`, `changed`, `aware` or `severity`
public record IncidentQuery(
        String state, String severity, String owner, String trace, String overdue, String sort) {

    static final String WORKING = "working";
    static final String ALL = "all";
    static final String NOBODY = "nobody";

    static IncidentQuery of(
            @Nullable String state,
            @Nullable String severity,
            @Nullable String owner,
            @Nullable String trace,
            @Nullable String overdue,
            @Nullable String sort) {
        return new IncidentQuery(
                text(state).isEmpty() ? WORKING : text(state),
                text(severity),
                text(owner),
                text(trace),
                text(overdue),
                text(sort).isEmpty() ? "opened" : text(sort));
    }

    IncidentQuery withState(String other) {
        return new IncidentQuery(other, severity, owner, trace, overdue, sort);
    }

    public boolean filtered() {
        return !(severity + owner + trace + overdue).isEmpty();
    }

    /// @throws BadInputException for a word that is not known
    IncidentFilter filter() {
        return new IncidentFilter(
                state.equals(WORKING) ? Boolean.TRUE : null,
                state.equals(WORKING) || state.equals(ALL)
                        ? null
                        : choice("state", state, IncidentStatus.values()),
                severity.isEmpty() ? null : choice("severity", severity, Severity.values()),
                owner.isEmpty() ? null : owner.equals(NOBODY) ? "" : owner.toLowerCase(Locale.ROOT),
                trace.isEmpty() ? null : trace,
                null,
                overdue.equals("true"));
    }

    /// @throws BadInputException for a word that is not known
    IncidentOrder order() {
        return choice("sort", sort, IncidentOrder.values());
    }

    /// The address of a part of the list.
    ///
    /// @param after null for the first
    String address(@Nullable String after) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("state", List.of(state.equals(WORKING) ? "" : state));
        query.put("severity", List.of(severity));
        query.put("owner", List.of(owner));
        query.put("trace", List.of(trace));
        query.put("overdue", List.of(overdue));
        query.put("sort", List.of(sort.equals("opened") ? "" : sort));
        query.put("after", List.of(after == null ? "" : after));
        return Links.address("/incidents", query);
    }

    private static <E extends Enum<E>> E choice(String name, String word, E[] values) {
        return Arrays.stream(values)
                .filter(value -> value.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BadInputException(
                                        "'"
                                                + name
                                                + "' must be one of "
                                                + Arrays.toString(values).toLowerCase(Locale.ROOT)
                                                + "."));
    }

    /// Without what PostgreSQL's text cannot hold, so that nothing stored can match it.
    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip().replace("\0", "");
    }
}
