package org.agentaudit.finding;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agentaudit.analysis.Severity;
import org.agentaudit.query.PeriodChoice;
import org.agentaudit.query.Tally;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// Findings of a period; model of `views/finding/findings.html`.
///
/// @param kind     limits the list; null: all kinds
/// @param severity limits the list; null: all
/// @param agent    limits the list; empty: all
/// @param counts   of the whole period, whatever the list is limited to but the agent
/// @param agents   those with the most findings of the list first
/// @param total    findings of the list
/// @param findings a part of the list, newest first
/// @param firstHref null on the first part
/// @param nextHref  null on the last part
/// @param madeAt   when the page was made
public record FindingsPage(
        PeriodChoice choice,
        @Nullable FindingKind kind,
        @Nullable Severity severity,
        String agent,
        List<FindingCount> counts,
        List<Tally> agents,
        long total,
        List<Finding> findings,
        @Nullable String firstHref,
        @Nullable String nextHref,
        Instant madeAt) {

    private static final Duration NEW = Duration.ofHours(24);

    /// Ids of evidence that a row shows.
    private static final int SHOWN = 4;

    /// Findings of one kind.
    ///
    /// @param share  of those of the most frequent kind, 0 to 1
    /// @param href   the list of them
    /// @param chosen whether the list is limited to them
    public record KindRow(
            FindingKind kind,
            FindingMeaning meaning,
            long critical,
            long warning,
            long info,
            double share,
            String href,
            boolean chosen) {

        public long count() {
            return critical + warning + info;
        }
    }

    public FindingsPage {
        counts = List.copyOf(counts);
        agents = List.copyOf(agents);
        findings = List.copyOf(findings);
    }

    /// Kinds that were found, the most frequent first.
    public List<KindRow> kinds() {
        Map<FindingKind, long[]> sums = new EnumMap<>(FindingKind.class);
        for (FindingCount count : counts) {
            sums.computeIfAbsent(count.kind(), k -> new long[Severity.values().length])[
                            count.severity().ordinal()] +=
                    count.count();
        }
        List<KindRow> rows = new ArrayList<>();
        long most = sums.values().stream().mapToLong(FindingsPage::sum).max().orElse(1);
        sums.forEach(
                (found, n) ->
                        rows.add(
                                new KindRow(
                                        found,
                                        FindingMeaning.of(found),
                                        n[Severity.CRITICAL.ordinal()],
                                        n[Severity.WARNING.ordinal()],
                                        n[Severity.INFO.ordinal()],
                                        (double) sum(n) / most,
                                        href("kind", found == kind ? "" : found.name()),
                                        found == kind)));
        rows.sort((a, b) -> Long.compare(b.count(), a.count()));
        return rows;
    }

    private static long sum(long[] numbers) {
        long sum = 0;
        for (long number : numbers) {
            sum += number;
        }
        return sum;
    }

    /// Findings of a severity in the period.
    public long of(Severity wanted) {
        return counts.stream()
                .filter(count -> count.severity() == wanted)
                .mapToLong(FindingCount::count)
                .sum();
    }

    /// All findings of the period.
    public long all() {
        return counts.stream().mapToLong(FindingCount::count).sum();
    }

    public List<Severity> severities() {
        return List.of(Severity.values()).reversed();
    }

    public FindingMeaning meaning(Finding finding) {
        return FindingMeaning.of(finding.kind());
    }

    /// Whether it was found within the last day.
    public boolean isNew(Finding finding) {
        return finding.detectedAt().isAfter(madeAt.minus(NEW));
    }

    public List<UUID> shown(Finding finding) {
        return finding.evidence().subList(0, Math.min(SHOWN, finding.evidence().size()));
    }

    public int unshown(Finding finding) {
        return Math.max(0, finding.evidence().size() - SHOWN);
    }

    /// Shape of a severity, as `#mark` has them.
    public String mark(Severity which) {
        return switch (which) {
            case CRITICAL -> "fail";
            case WARNING -> "warn";
            case INFO -> "na";
        };
    }

    /// The list with one filter changed; empty takes it away.
    public String href(String name, String value) {
        Map<String, List<String>> filters = new LinkedHashMap<>(filters(kind, severity, agent));
        filters.put(name, List.of(value));
        return choice(filters, "/findings");
    }

    /// Where the list is downloaded.
    public String download(String ending) {
        return choice(filters(kind, severity, agent), "/findings." + ending);
    }

    private String choice(Map<String, List<String>> filters, String path) {
        Map<String, List<String>> query = new LinkedHashMap<>(filters);
        query.put(
                "from",
                List.of(
                        choice.wholeDays()
                                ? choice.first().toString()
                                : choice.period().from().toString()));
        query.put(
                "to",
                List.of(
                        choice.wholeDays()
                                ? choice.last().toString()
                                : choice.period().to().toString()));
        return Links.address(path, query);
    }

    static Map<String, List<String>> filters(
            @Nullable FindingKind kind, @Nullable Severity severity, String agent) {
        Map<String, List<String>> filters = new LinkedHashMap<>();
        filters.put("kind", List.of(kind == null ? "" : kind.name()));
        filters.put("severity", List.of(severity == null ? "" : severity.name()));
        filters.put("agent", List.of(agent));
        return filters;
    }
}
