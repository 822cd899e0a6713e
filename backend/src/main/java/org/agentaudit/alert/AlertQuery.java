package org.agentaudit.alert;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agentaudit.analysis.Severity;
import org.agentaudit.query.BadInputException;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// What of the alerts an address asks for; empty texts mean everything.
///
/// @param state    in lower case
/// @param severity in lower case
/// @param rule     name
public record AlertQuery(String state, String severity, String rule) {

    /// @throws BadInputException for a state or severity that is not known
    static AlertQuery of(@Nullable String state, @Nullable String severity, @Nullable String rule) {
        AlertQuery query = new AlertQuery(text(state), text(severity), text(rule));
        require("state", query.state, AlertState.values());
        require("severity", query.severity, Severity.values());
        return query;
    }

    static final AlertQuery ALL = new AlertQuery("", "", "");

    AlertQuery withState(String other) {
        return new AlertQuery(other, severity, rule);
    }

    public boolean filtered() {
        return !(severity + rule).isEmpty();
    }

    @Nullable String stateName() {
        return state.isEmpty() ? null : state.toUpperCase(Locale.ROOT);
    }

    @Nullable String severityName() {
        return severity.isEmpty() ? null : severity.toUpperCase(Locale.ROOT);
    }

    @Nullable String ruleName() {
        return rule.isEmpty() ? null : rule;
    }

    /// The address of the first part of the list.
    public String here() {
        return address(null);
    }

    /// The address of a part of the list.
    String address(@Nullable String after) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("state", List.of(state));
        query.put("severity", List.of(severity));
        query.put("rule", List.of(rule));
        query.put("after", List.of(after == null ? "" : after));
        return Links.address("/alerts", query);
    }

    private static void require(String name, String word, Enum<?>[] values) {
        if (!word.isEmpty()
                && Arrays.stream(values).noneMatch(v -> v.name().equalsIgnoreCase(word))) {
            throw new BadInputException(
                    "'"
                            + name
                            + "' must be one of "
                            + Arrays.toString(values).toLowerCase(Locale.ROOT)
                            + ".");
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip().replace("\0", "");
    }
}
