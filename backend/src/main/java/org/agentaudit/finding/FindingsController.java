package org.agentaudit.finding;

import io.micronaut.http.HttpParameters;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.PeriodChoice;
import org.agentaudit.web.DataFormat;
import org.agentaudit.web.Downloads;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// Findings of a period: the page and its data.
@Controller
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class FindingsController {

    private static final String PATH = "/findings";
    private static final int PAGE_SIZE = 30;
    private static final int MOST_AGENTS = 8;

    private final Findings findings;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Downloads downloads;
    private final Format format;
    private final Clock clock;

    FindingsController(
            Findings findings,
            ViewLog viewLog,
            Pages pages,
            Downloads downloads,
            Format format,
            Clock clock) {
        this.findings = findings;
        this.viewLog = viewLog;
        this.pages = pages;
        this.downloads = downloads;
        this.format = format;
        this.clock = clock;
    }

    /// The page's address.
    ///
    /// @param kind     name of a kind; null or empty: all
    /// @param severity likewise
    /// @param agent    id; null or empty: all
    /// @param period   as [PeriodChoice#of] has it
    /// @param after    cursor the part starts after
    record Asked(
            @Nullable String kind,
            @Nullable String severity,
            @Nullable String agent,
            @Nullable String period,
            @Nullable String from,
            @Nullable String to,
            @Nullable String after) {

        static Asked of(HttpRequest<?> request) {
            HttpParameters address = request.getParameters();
            return new Asked(
                    address.get("kind"),
                    address.get("severity"),
                    address.get("agent"),
                    address.get("period"),
                    address.get("from"),
                    address.get("to"),
                    address.get("after"));
        }

        @Nullable FindingKind kindOrNull() {
            return constant("kind", kind, FindingKind.class);
        }

        @Nullable Severity severityOrNull() {
            return constant("severity", severity, Severity.class);
        }

        String agentOrEmpty() {
            return agent == null ? "" : agent.strip();
        }

        FindingFilter filter(Instant from, Instant to) {
            FindingKind one = kindOrNull();
            Severity grave = severityOrNull();
            return new FindingFilter(
                    from,
                    to,
                    one == null ? null : List.of(one),
                    grave == null ? null : List.of(grave),
                    agents(),
                    null,
                    null);
        }

        @Nullable List<String> agents() {
            String id = agentOrEmpty();
            return id.isEmpty() ? null : List.of(id.replace("\0", ""));
        }

        private static <E extends Enum<E>> @Nullable E constant(
                String name, @Nullable String value, Class<E> type) {
            if (value == null || value.isEmpty()) {
                return null;
            }
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equals(value)) {
                    return constant;
                }
            }
            throw new BadInputException("There is no such " + name + " of findings.");
        }
    }

    /// What is downloaded: the newest findings of the list.
    ///
    /// @param total    findings of the list, of which `findings` are the newest
    public record Listed(Instant from, Instant to, long total, List<Finding> findings) {
        public Listed {
            findings = List.copyOf(findings);
        }
    }

    @Get(PATH)
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> page(HttpRequest<?> request, Viewer viewer) {
        Asked asked = Asked.of(request);
        PeriodChoice choice = choice(asked);
        FindingFilter filter = asked.filter(choice.period().from(), choice.period().to());
        String after = asked.after() == null || asked.after().isEmpty() ? null : asked.after();
        Page<Finding> part = findings.page(viewer, filter, PageRequest.first(PAGE_SIZE, after));
        FindingFilter whole =
                new FindingFilter(
                        choice.period().from(),
                        choice.period().to(),
                        null,
                        null,
                        asked.agents(),
                        null,
                        null);
        viewLog.report(viewer, choice.address(PATH));
        String end = part.endCursor();
        return pages.render(
                "finding/findings",
                new FindingsPage(
                        choice,
                        asked.kindOrNull(),
                        asked.severityOrNull(),
                        asked.agentOrEmpty(),
                        findings.counts(viewer, whole),
                        findings.agents(viewer, filter, MOST_AGENTS),
                        findings.count(viewer, filter),
                        part.nodes(),
                        after == null ? null : choice.address(PATH),
                        part.hasNextPage() && end != null ? next(choice, end) : null,
                        clock.instant()));
    }

    @Get(PATH + ".json")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<byte[]> json(HttpRequest<?> request, Viewer viewer) {
        return download(Asked.of(request), viewer, DataFormat.JSON);
    }

    @Get(PATH + ".csv")
    @Produces({"text/csv", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<byte[]> csv(HttpRequest<?> request, Viewer viewer) {
        return download(Asked.of(request), viewer, DataFormat.CSV);
    }

    private HttpResponse<byte[]> download(Asked asked, Viewer viewer, DataFormat as) {
        PeriodChoice choice = choice(asked);
        FindingFilter filter = asked.filter(choice.period().from(), choice.period().to());
        Page<Finding> newest =
                findings.page(viewer, filter, PageRequest.first(PageRequest.MAXIMUM_SIZE, null));
        Listed listed =
                new Listed(
                        choice.period().from(),
                        choice.period().to(),
                        findings.count(viewer, filter),
                        newest.nodes());
        return downloads.data(
                viewer, choice.address(PATH), "findings-" + choice.first(), as, listed);
    }

    private PeriodChoice choice(Asked asked) {
        Map<String, List<String>> others = new LinkedHashMap<>();
        FindingsPage.filters(asked.kindOrNull(), asked.severityOrNull(), asked.agentOrEmpty())
                .forEach(
                        (name, values) -> {
                            if (!values.getFirst().isEmpty()) {
                                others.put(name, values);
                            }
                        });
        return PeriodChoice.of(
                PATH, others, asked.period(), asked.from(), asked.to(), format, clock);
    }

    private static String next(PeriodChoice choice, String cursor) {
        String address = choice.address(PATH);
        return address + "&" + Links.address("", Map.of("after", List.of(cursor))).substring(1);
    }
}
