package org.agentaudit.report.compliance;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agentaudit.access.Viewer;
import org.agentaudit.chart.Chart;
import org.agentaudit.compliance.Check;
import org.agentaudit.compliance.CheckQuery;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.compliance.Checks;
import org.agentaudit.compliance.ControlCatalogue;
import org.agentaudit.compliance.FrameworkCoverage;
import org.agentaudit.compliance.FrameworkCoverage.ControlStatus;
import org.agentaudit.compliance.Verdicts;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Evidence;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodChoice;
import org.agentaudit.report.ComplianceReport;
import org.agentaudit.report.ComplianceReports;
import org.agentaudit.report.VerdictHistory;
import org.agentaudit.report.compliance.CompliancePage.CheckRow;
import org.agentaudit.report.compliance.CompliancePage.FrameworkRow;
import org.agentaudit.report.compliance.CompliancePage.VerdictCount;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Marks;
import org.jspecify.annotations.Nullable;

/// Makes the compliance pages out of the report that GraphQL answers.
@Singleton
class CompliancePages {

    static final String PATH = "/compliance";

    private static final int PAGE_SIZE = 50;
    private static final String NO_LIMIT = "none";

    private final ComplianceReports reports;
    private final CheckQuery checks;
    private final ControlCatalogue catalogue;
    private final EventQuery events;
    private final VerdictHistory history;
    private final Format format;
    private final Clock clock;

    CompliancePages(
            ComplianceReports reports,
            CheckQuery checks,
            ControlCatalogue catalogue,
            EventQuery events,
            VerdictHistory history,
            Format format,
            Clock clock) {
        this.reports = reports;
        this.checks = checks;
        this.catalogue = catalogue;
        this.events = events;
        this.history = history;
        this.format = format;
        this.clock = clock;
    }

    /// The report itself, for pages and files.
    ComplianceReport report(Asked asked) {
        return reports.of(asked.narrowed(), asked.choice().period());
    }

    CompliancePage page(Asked asked) {
        ComplianceReport report = report(asked);
        PeriodChoice choice = asked.choice();
        Instant now = clock.instant();
        return new CompliancePage(
                choice,
                asked.agent(),
                report,
                ComplianceVerdict.of(report, format),
                worstFirst(report).stream().map(check -> row(check, choice)).toList(),
                report.frameworks().stream().map(f -> frameworkRow(f, choice)).toList(),
                history(asked, report.checks()),
                historyNote(asked),
                new CompliancePage.Files(
                        choice.address(PATH + ".pdf"),
                        choice.address(PATH + ".json"),
                        choice.address(PATH + ".csv"),
                        choice.address(PATH + ".oscal.json"),
                        choice.address(PATH)),
                choice.isOver(now),
                now);
    }

    /// Empty when there is no such check.
    Optional<CheckPage> check(Asked asked, String id, @Nullable String after) {
        Check check = Checks.byId(id);
        if (check == null) {
            return Optional.empty();
        }
        PeriodChoice choice = asked.choice();
        Viewer viewer = asked.narrowed();
        ComplianceReport report = report(asked);
        CheckResult result =
                report.checks().stream()
                        .filter(c -> c.check().equals(id))
                        .findFirst()
                        .orElseThrow();
        Period period = report.period();
        Evidence evidence = checks.evidence(viewer, period, result);
        Page<AuditEvent> part =
                events.evidence(viewer, period, evidence, PageRequest.first(PAGE_SIZE, after));
        CheckRow row = row(result, choice);
        String end = part.endCursor();
        return Optional.of(
                new CheckPage(
                        choice,
                        asked.agent(),
                        row,
                        side(result),
                        limit(result.warnAt(), result.unit()),
                        limit(result.failAt(), result.unit()),
                        result.groups().stream().map(g -> group(g, result.unit())).toList(),
                        catalogue.controls(id).stream()
                                .map(
                                        control ->
                                                new CheckPage.ControlLink(
                                                        control,
                                                        frameworkHref(control.framework(), choice)))
                                .toList(),
                        history(asked, List.of(result)),
                        historyNote(asked),
                        part.nodes(),
                        events.countEvidence(viewer, period, evidence),
                        after == null ? null : row.href(),
                        part.hasNextPage() && end != null ? withAfter(row.href(), end) : null,
                        choice.address(PATH),
                        report.completeness(),
                        clock.instant()));
    }

    /// Empty when there is no such framework.
    Optional<FrameworkPage> framework(Asked asked, String id) {
        ComplianceReport report = report(asked);
        PeriodChoice choice = asked.choice();
        Map<String, CheckResult> results =
                report.checks().stream()
                        .collect(Collectors.toMap(CheckResult::check, Function.identity()));
        return report.frameworks().stream()
                .filter(framework -> slug(framework.framework()).equals(id))
                .findFirst()
                .map(
                        framework -> {
                            FrameworkRow row = frameworkRow(framework, choice);
                            return new FrameworkPage(
                                    choice,
                                    asked.agent(),
                                    framework,
                                    row,
                                    sentence(row),
                                    framework.controls().stream()
                                            .map(control -> controlRow(control, results, choice))
                                            .toList(),
                                    choice.address(PATH),
                                    report.completeness(),
                                    clock.instant());
                        });
    }

    /// How a framework is named in addresses: `eu-ai-act`.
    static String slug(String framework) {
        return framework
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
    }

    private static FrameworkPage.ControlRow controlRow(
            ControlStatus control, Map<String, CheckResult> results, PeriodChoice choice) {
        return new FrameworkPage.ControlRow(
                control,
                control.checks().stream()
                        .map(results::get)
                        .filter(Objects::nonNull)
                        .map(check -> new FrameworkPage.CheckLink(check, href(check, choice)))
                        .toList());
    }

    private String sentence(FrameworkRow row) {
        List<String> parts = new ArrayList<>();
        Marks marks = new Marks();
        for (VerdictCount tally : row.tallies()) {
            parts.add(tally.count() + " " + marks.word(tally.verdict()));
        }
        return "What the checks say about "
                + format.count(row.controls(), "control", "controls")
                + ": "
                + String.join(", ", parts)
                + (row.inForce() == row.controls()
                        ? "."
                        : "; "
                                + (row.inForce() == 0 ? "none" : row.inForce())
                                + " of them in force at the end of the period.");
    }

    private static List<CheckResult> worstFirst(ComplianceReport report) {
        return report.checks().stream()
                .sorted(Comparator.comparing(CheckResult::verdict, Verdicts.WORST))
                .toList();
    }

    private CheckRow row(CheckResult check, PeriodChoice choice) {
        return new CheckRow(
                check,
                format.measure(check.measured(), check.unit()),
                limits(check),
                Objects.requireNonNull(Checks.byId(check.check())).formula(),
                href(check, choice));
    }

    private static String side(CheckResult check) {
        return Objects.requireNonNull(Checks.byId(check.check())).below() ? "below" : "above";
    }

    private List<String> limits(CheckResult check) {
        String side = " " + side(check) + " ";
        List<String> parts = new ArrayList<>();
        if (check.warnAt() != null) {
            parts.add("warns" + side + limit(check.warnAt(), check.unit()));
        }
        if (check.failAt() != null) {
            parts.add("fails" + side + limit(check.failAt(), check.unit()));
        }
        return parts.isEmpty() ? List.of("no limit is set") : parts;
    }

    private CheckPage.GroupRow group(CheckResult.Group group, String unit) {
        return new CheckPage.GroupRow(
                group,
                group.agents() == null ? "other agents" : group.agents(),
                format.measure(group.measured(), unit),
                limit(group.warnAt(), unit),
                limit(group.failAt(), unit));
    }

    private String limit(@Nullable Double limit, String unit) {
        return limit == null ? NO_LIMIT : format.measure(limit, unit);
    }

    private static FrameworkRow frameworkRow(FrameworkCoverage framework, PeriodChoice choice) {
        List<ControlStatus> controls = framework.controls();
        List<VerdictCount> tallies = new ArrayList<>();
        controls.stream()
                .collect(Collectors.groupingBy(ControlStatus::verdict, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey(Verdicts.WORST))
                .forEach(e -> tallies.add(new VerdictCount(e.getKey(), e.getValue().intValue())));
        return new FrameworkRow(
                framework.framework(),
                framework.version(),
                frameworkHref(framework.framework(), choice),
                tallies.isEmpty() ? Verdict.INSUFFICIENT_EVIDENCE : tallies.getFirst().verdict(),
                controls.size(),
                (int) controls.stream().filter(ControlStatus::inForce).count(),
                tallies);
    }

    private static String href(CheckResult check, PeriodChoice choice) {
        return choice.address(PATH + "/checks/" + check.check());
    }

    private static String frameworkHref(String framework, PeriodChoice choice) {
        return choice.address(PATH + "/frameworks/" + slug(framework));
    }

    private static String withAfter(String href, String cursor) {
        String after = Links.address("", Map.of("after", List.of(cursor)));
        return href + (href.contains("?") ? "&" + after.substring(1) : after);
    }

    private @Nullable Chart history(Asked asked, List<CheckResult> checks) {
        return history.of(asked.viewer(), asked.choice().first(), asked.choice().last(), checks)
                .orElse(null);
    }

    /// What to know about the history.
    private static String historyNote(Asked asked) {
        if (!asked.viewer().agentScope().isEmpty()) {
            return "Verdicts of past days are kept over all agents; this account sees some of them"
                    + " only.";
        }
        return "Each day as it was evaluated after it ended, over all agents"
                + (asked.agent().isEmpty() ? "" : ", not only those chosen above")
                + "; evaluated again when events came late. A day leads to its check on that day.";
    }
}
