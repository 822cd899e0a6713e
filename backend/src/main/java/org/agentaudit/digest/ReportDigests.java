package org.agentaudit.digest;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.agentaudit.access.Viewer;
import org.agentaudit.delivery.ReportMail;
import org.agentaudit.delivery.ReportMailContent;
import org.agentaudit.mail.MailContent;
import org.agentaudit.query.Agent;
import org.agentaudit.query.AgentQuery;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts;
import org.agentaudit.report.AgentAudit;
import org.agentaudit.report.Attentions;
import org.agentaudit.report.ComplianceReport;
import org.agentaudit.report.ComplianceReports;
import org.agentaudit.report.DailySummary;
import org.agentaudit.report.PrintedReports;
import org.agentaudit.report.Reports;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// Writes report mails: reads the report as the mail's viewer, makes a [Digest] of it, and both
/// parts of the mail from that.
@Singleton
class ReportDigests implements ReportMailContent {

    static final String SUBJECT = "[Agent Audit] ";

    private static final String TEMPLATE = "report";
    private static final int NEW_AGENTS = 1_000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MOST_DAYS = 31;

    private final Reports reports;
    private final ComplianceReports compliance;
    private final Attentions attentions;
    private final PrintedReports printed;
    private final CountsQuery counts;
    private final AgentQuery agents;
    private final MailTemplates templates;

    ReportDigests(
            Reports reports,
            ComplianceReports compliance,
            Attentions attentions,
            PrintedReports printed,
            CountsQuery counts,
            AgentQuery agents,
            MailTemplates templates) {
        this.reports = reports;
        this.compliance = compliance;
        this.attentions = attentions;
        this.printed = printed;
        this.counts = counts;
        this.agents = agents;
        this.templates = templates;
    }

    @Override
    public MailContent write(ReportMail mail) {
        Format format = new Format(reports.timeZone());
        return switch (mail.kind()) {
            case DAILY_SUMMARY -> daily(mail, format);
            case COMPLIANCE -> compliance(mail, format);
            case AGENT_AUDIT -> agent(mail, format);
        };
    }

    private MailContent daily(ReportMail mail, Format format) {
        DailySummary day = reports.daily(mail.viewer(), mail.to(), format.zone());
        Period period = Period.of(day.from(), day.to());
        List<String> newAgents =
                agents.firstSeenIn(mail.viewer(), period, NEW_AGENTS).stream()
                        .map(Agent::id)
                        .toList();
        Drawn drawn = Drawn.hours(hours(mail.viewer(), day), format);
        return content(
                new DailyDigest(day, mail)
                        .of(attentions.of(mail.viewer(), day), newAgents, picture(drawn)),
                drawn,
                pdf(
                        mail,
                        "daily-" + day.date(),
                        "/daily/" + day.date() + ".pdf",
                        () -> printed.daily(mail.viewer(), day)));
    }

    private MailContent compliance(ReportMail mail, Format format) {
        Period period = period(mail, format.zone());
        ComplianceReport report = compliance.of(mail.viewer(), period);
        Drawn drawn = Drawn.days(days(mail, format.zone()), format);
        return content(
                new ComplianceDigest(report, mail, format).of(picture(drawn)),
                drawn,
                pdf(
                        mail,
                        "compliance-" + days(mail),
                        "/compliance.pdf" + asked(mail),
                        () -> printed.compliance(mail.viewer(), report, format)));
    }

    private List<Drawn.Hour> hours(Viewer viewer, DailySummary day) {
        List<Drawn.Hour> hours = new ArrayList<>();
        for (Instant at = day.from(); at.isBefore(day.to()); at = at.plus(HOUR)) {
            Instant end = at.plus(HOUR).isAfter(day.to()) ? day.to() : at.plus(HOUR);
            PeriodCounts part = counts.counts(viewer, Period.of(at, end), null);
            hours.add(new Drawn.Hour(at, part.total(s -> s.events), part.total(s -> s.errors)));
        }
        return hours;
    }

    /// Events and errored events of each of the last days, as many as one can tell apart.
    private Map<LocalDate, long[]> days(ReportMail mail, ZoneId zone) {
        LocalDate first = mail.to().minusDays(MOST_DAYS - 1L);
        Map<LocalDate, long[]> days = new LinkedHashMap<>();
        for (LocalDate day = first.isBefore(mail.from()) ? mail.from() : first;
                !day.isAfter(mail.to());
                day = day.plusDays(1)) {
            PeriodCounts part =
                    counts.counts(
                            mail.viewer(),
                            Period.of(
                                    day.atStartOfDay(zone).toInstant(),
                                    day.plusDays(1).atStartOfDay(zone).toInstant()),
                            null);
            days.put(day, new long[] {part.total(s -> s.events), part.total(s -> s.errors)});
        }
        return days;
    }

    private MailContent agent(ReportMail mail, Format format) {
        AgentAudit audit =
                reports.agent(
                        mail.viewer(),
                        Objects.requireNonNull(mail.agentId()),
                        period(mail, format.zone()));
        Map<LocalDate, long[]> days = new LinkedHashMap<>();
        audit.daily().forEach(day -> days.put(day.date(), new long[] {day.events(), day.errors()}));
        Drawn drawn = Drawn.days(days, format);
        return content(
                new AgentDigest(audit, mail, format).of(picture(drawn)),
                drawn,
                pdf(
                        mail,
                        "agent-" + days(mail),
                        new Links().agent(audit.agentId()) + ".pdf" + asked(mail),
                        () -> printed.agent(mail.viewer(), audit, format)));
    }

    private static String days(ReportMail mail) {
        return mail.from() + "-" + mail.to();
    }

    private static String asked(ReportMail mail) {
        return "?from=" + mail.from() + "&to=" + mail.to();
    }

    /// @return null when none is to go along
    private static @Nullable PrintedMail pdf(
            ReportMail mail, String name, String path, Supplier<byte[]> pdf) {
        return mail.attachPdf()
                ? PrintedMail.of(name + ".pdf", pdf.get(), mail.portal() + path)
                : null;
    }

    private MailContent content(
            Digest digest, @Nullable Drawn drawn, @Nullable PrintedMail printedMail) {
        return printedMail == null
                ? content(digest, drawn, templates, List.of())
                : content(printedMail.noted(digest), drawn, templates, printedMail.attachments());
    }

    static MailContent content(Digest digest, @Nullable Drawn drawn, MailTemplates templates) {
        return content(digest, drawn, templates, List.of());
    }

    /// Both parts, the picture and what goes along.
    private static MailContent content(
            Digest digest,
            @Nullable Drawn drawn,
            MailTemplates templates,
            List<MailContent.Attachment> attachments) {
        return new MailContent(
                SUBJECT + digest.subject(),
                templates.text(TEMPLATE, digest),
                templates.html(TEMPLATE, digest),
                drawn == null ? List.of() : List.of(drawn.image()),
                attachments);
    }

    private static Digest.@Nullable Picture picture(@Nullable Drawn drawn) {
        return drawn == null ? null : drawn.picture();
    }

    private static Period period(ReportMail mail, ZoneId zone) {
        LocalDate after = mail.to().plusDays(1);
        return Period.of(
                mail.from().atStartOfDay(zone).toInstant(), after.atStartOfDay(zone).toInstant());
    }
}
