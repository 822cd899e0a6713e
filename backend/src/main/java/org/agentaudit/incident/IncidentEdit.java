package org.agentaudit.incident;

import io.micronaut.core.annotation.Introspected;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.agentaudit.analysis.Severity;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// The form in which an incident is worked on: what it holds at first, and as it was sent. Null
/// means empty.
///
/// @param version         of the incident that the form shows
/// @param was             what each part held when the form was opened, joined by [#BETWEEN]
/// @param status          that a button stands for; null: as it is
/// @param duty            ids of reporting times that apply
/// @param none            `on`: none applies
/// @param recommendations one a line
@Introspected
public record IncidentEdit(
        @Nullable String csrf,
        @Nullable Integer version,
        @Nullable String was,
        @Nullable String status,
        @Nullable String assignee,
        @Nullable String severity,
        @Nullable List<String> duty,
        @Nullable String none,
        @Nullable String rootCause,
        @Nullable String recommendations,
        @Nullable String note) {

    private static final String BETWEEN = "\u001F";

    private static final int PARTS = 5;

    /// As the incident is.
    static IncidentEdit of(Incident incident) {
        List<String> duties = incident.duties();
        return new IncidentEdit(
                null,
                incident.version(),
                null,
                null,
                incident.assignee(),
                incident.severity().name(),
                duties,
                duties != null && duties.isEmpty() ? "on" : null,
                incident.rootCause(),
                String.join("\n", incident.recommendations()),
                null);
    }

    /// What the parts hold, for the form to send back: so that what nobody touched is told from
    /// what somebody chose.
    public String held() {
        return String.join(BETWEEN, parts());
    }

    private List<String> parts() {
        return List.of(
                lines(assignee),
                lines(severity),
                (duty == null ? "" : String.join(",", duty)) + (none == null ? "" : "none"),
                lines(rootCause),
                lines(recommendations));
    }

    /// What was touched as it was typed, the rest as the incident is now.
    IncidentEdit over(Incident latest) {
        IncidentEdit now = of(latest);
        String[] before =
                was == null ? new String[0] : was.replace("\r\n", "\n").split(BETWEEN, -1);
        List<String> typed = parts();
        boolean[] kept = new boolean[PARTS];
        for (int i = 0; i < PARTS; i++) {
            kept[i] = before.length != PARTS || !before[i].equals(typed.get(i));
        }
        return new IncidentEdit(
                null,
                latest.version(),
                null,
                null,
                kept[0] ? assignee : now.assignee,
                kept[1] ? severity : now.severity,
                kept[2] ? duty : now.duty,
                kept[2] ? none : now.none,
                kept[3] ? rootCause : now.rootCause,
                kept[4] ? recommendations : now.recommendations,
                note);
    }

    public boolean has(String dutyId) {
        return duty != null && duty.contains(dutyId);
    }

    /// What differs from the incident.
    ///
    /// @throws BadInputException when nothing does, or something cannot be used
    IncidentChange change(Incident before) {
        String owner = lines(assignee);
        String cause = lines(rootCause);
        List<String> advice = lines(recommendations).lines().filter(l -> !l.isBlank()).toList();
        String said = lines(note);
        Severity grave = choice(severity, Severity.values());
        List<String> duties = duties(before);
        return new IncidentChange(
                choice(status, IncidentStatus.values()),
                grave == before.severity() ? null : grave,
                owner.equals(lines(before.assignee())) ? null : owner,
                Objects.equals(duties, before.duties()) ? null : duties,
                cause.equals(lines(before.rootCause())) ? null : cause,
                advice.equals(lines(String.join("\n", before.recommendations())).lines().toList())
                        ? null
                        : advice,
                said.isEmpty() ? null : said,
                before.version());
    }

    private @Nullable List<String> duties(Incident before) {
        List<String> ticked = duty == null ? List.of() : duty;
        if (!ticked.isEmpty() && none != null) {
            throw new BadInputException(
                    "Tick the reporting times that apply, or that none does, not both.");
        }
        return ticked.isEmpty() && none == null && before.duties() == null ? null : ticked;
    }

    private static <E extends Enum<E>> @Nullable E choice(@Nullable String word, E[] values) {
        return Arrays.stream(values)
                .filter(value -> value.name().equals(word))
                .findFirst()
                .orElse(null);
    }

    private static String lines(@Nullable String text) {
        return text == null ? "" : text.replace("\r\n", "\n").strip();
    }
}
