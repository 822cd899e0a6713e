package org.agentaudit.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.delivery.ReportKind;
import org.agentaudit.delivery.ReportMail;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.finding.FindingKind;
import org.agentaudit.mail.MailContent;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Tally;
import org.agentaudit.report.Attention;
import org.agentaudit.report.DailySummary;
import org.agentaudit.report.Golden;
import org.agentaudit.web.Format;
import org.junit.jupiter.api.Test;

/// What a daily mail says, in both parts.
class DigestTest {

    private static final String PORTAL = "https://audit.example.org";
    private static final String UNSUBSCRIBE = "https://audit.example.org/unsubscribe/token";
    private static final LocalDate DATE = LocalDate.of(2026, 11, 20);
    private static final String LONG = "x".repeat(10_000);
    private static final String HOSTILE_NAME = "<b>\u202Eops\r\nBcc: x</b>";
    private static final List<String> HOSTILE =
            List.of(
                    "<script>alert(1)</script>",
                    "\"><img src=x onerror=alert(1)>",
                    "ops/\r\nBcc: evil@example.org",
                    "\u202Egnp.exe",
                    "=cmd|' /C calc'!A0",
                    "[(${7*7})] [[${7*7}]] ${7*7}",
                    "]]></style><b>",
                    "اسم العميل 日本語 🚀",
                    LONG);

    private static final Attention ATTENTION =
            new Attention(
                    List.of(
                            new Attention.Item(
                                    Attention.Topic.NEW_AGENT,
                                    Severity.INFO,
                                    "Agent ops/new was never seen before.",
                                    "/agents/ops%2Fnew"),
                            new Attention.Item(
                                    Attention.Topic.CHECK,
                                    Severity.CRITICAL,
                                    "Error rate failed: Errored events divided by events: 5.1 %, fails above 5.0 %.",
                                    "/daily/2026-11-20#check-error_rate"),
                            new Attention.Item(
                                    Attention.Topic.SILENT_AGENT,
                                    Severity.WARNING,
                                    "Agent " + HOSTILE_NAME + " fell silent.",
                                    "/agents/" + "x".repeat(9_000))));

    private final MailTemplates templates = new MailTemplates();

    private static ReportMail mail() {
        return new ReportMail(
                ReportKind.DAILY_SUMMARY,
                new Viewer("officer", Set.of(Role.AUDITOR), List.of()),
                DATE,
                DATE,
                null,
                false,
                false,
                PORTAL,
                UNSUBSCRIBE);
    }

    private static CheckResult check(String id, String title, Verdict verdict, double measured) {
        return new CheckResult(
                id,
                title,
                verdict,
                measured,
                0.04,
                0.05,
                "share",
                title + " is " + measured + ", fails above 5.0 %.",
                null,
                1_247,
                49,
                null,
                List.of());
    }

    private static DailySummary day(
            List<DailySummary.AgentDay> agents,
            List<Tally> errors,
            List<String> silent,
            List<CheckResult> checks) {
        return new DailySummary(
                DATE,
                ZoneId.of("Europe/Berlin"),
                Instant.parse("2026-11-19T23:00:00Z"),
                Instant.parse("2026-11-20T23:00:00Z"),
                1_247,
                1_198,
                49,
                1_198 / 1_247.0,
                87,
                12,
                3_456,
                61,
                new TokenCounts(1_000_000, 247_000, 12_345),
                new BigDecimal("123.4567"),
                agents,
                errors,
                checks,
                List.of(
                        new FindingCount(FindingKind.SECRET_IN_EVENT, Severity.CRITICAL, 2),
                        new FindingCount(FindingKind.DUPLICATE_READS, Severity.INFO, 31)),
                new DailySummary.DayComparison(0.12, -0.035, null, 0.5),
                new Completeness(3_456, 3, 4, 5, 6, 7, 8, silent, 9, 10),
                List.of());
    }

    private static DailySummary workedExample() {
        return day(
                List.of(
                        new DailySummary.AgentDay("Support Agent", 534, 12, 14, 2_300.0),
                        new DailySummary.AgentDay("Code Agent", 401, 29, 35, 4_700.0),
                        new DailySummary.AgentDay("Research Agent", 312, 8, 12, 8_100.0)),
                List.of(
                        new Tally("TimeoutError", 40, 40 / 61.0),
                        new Tally("AuthError", 21, 21 / 61.0)),
                List.of("ops/nightly"),
                List.of(
                        check(
                                "human_escalation_rate",
                                "Human escalation rate",
                                Verdict.PASS,
                                0.0096),
                        check("error_rate", "Error rate", Verdict.FAIL, 0.0512),
                        check("token_budget_compliance", "Token budget", Verdict.WARN, 0.87)));
    }

    private static DailySummary quietDay() {
        return new DailySummary(
                DATE,
                ZoneId.of("UTC"),
                Instant.parse("2026-11-20T00:00:00Z"),
                Instant.parse("2026-11-21T00:00:00Z"),
                0,
                0,
                0,
                null,
                0,
                0,
                0,
                0,
                TokenCounts.ZERO,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                new Completeness(0, 0, 0, 0, 0, 0, 0, List.of(), 0, 0),
                List.of());
    }

    private static DailySummary hostileDay() {
        List<DailySummary.AgentDay> agents = new ArrayList<>();
        List<Tally> errors = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String name = HOSTILE.get(i % HOSTILE.size());
            agents.add(new DailySummary.AgentDay(name + i, 5, 1, 1, 12.5));
            errors.add(new Tally(name + i, 2, 0.1));
        }
        List<CheckResult> checks =
                HOSTILE.stream().map(name -> check("error_rate", name, Verdict.FAIL, 0.5)).toList();
        return day(agents, errors, HOSTILE, checks);
    }

    private Parts parts(Digest digest) {
        return new Parts(
                digest, templates.text("report", digest), templates.html("report", digest));
    }

    private record Parts(Digest digest, String text, String html) {
        /// What a person reads of the HTML part.
        String read() {
            return html.replaceAll("(?s)<head>.*?</head>", "")
                    .replaceAll("(?s)<[^>]*>", " ")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&quot;", "\"")
                    .replace("&#39;", "'")
                    .replace("&amp;", "&")
                    .replaceAll("\\s+", " ");
        }
    }

    @Test
    void text_ofTheWorkedExample_isTheGoldenOne() throws IOException {
        Parts parts =
                parts(
                        new DailyDigest(workedExample(), mail())
                                .of(ATTENTION, List.of("ops/new"), null));
        Golden.assertMatches(
                "mail-daily.txt", "Subject: " + parts.digest().subject() + "\n\n" + parts.text());
        String out = System.getProperty("mail.out");
        if (out != null) {
            Files.writeString(Path.of(out, "daily.html"), parts.html());
            Files.writeString(
                    Path.of(out, "hostile.html"),
                    parts(new DailyDigest(hostileDay(), mail()).of(ATTENTION, HOSTILE, null))
                            .html());
            Files.writeString(
                    Path.of(out, "quiet.html"),
                    parts(new DailyDigest(quietDay(), mail()).of(ATTENTION, List.of(), null))
                            .html());
        }
    }

    @Test
    void bothParts_sayTheSameNumbersAndSentences() {
        for (DailySummary day : List.of(workedExample(), hostileDay(), quietDay())) {
            Parts parts =
                    parts(new DailyDigest(day, mail()).of(ATTENTION, List.of("ops/new"), null));
            String text = parts.text().replaceAll("\\s+", " ");
            List<String> said = new ArrayList<>();
            Digest digest = parts.digest();
            said.add(digest.verdict());
            digest.attention().forEach(one -> said.add(one.text()));
            digest.figures()
                    .forEach(
                            figure -> {
                                said.add(figure.value());
                                if (figure.note() != null) {
                                    said.add(figure.note());
                                }
                            });
            digest.sections()
                    .forEach(section -> section.rows().forEach(row -> said.addAll(row.cells())));
            said.addAll(digest.basis());
            for (String one : said) {
                String words = one.replaceAll("\\s+", " ").strip();
                assertThat(text).contains(words);
                assertThat(parts.read()).contains(words);
            }
        }
    }

    @Test
    void picture_goesAlongUnderTheNameThatThePartRefersTo_andIsSaidInWords() throws IOException {
        List<Drawn.Hour> hours = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            hours.add(new Drawn.Hour(workedExample().from().plusSeconds(3600L * i), i * 10, i));
        }
        Format format = new Format(ZoneId.of("Europe/Berlin"));
        Drawn drawn = Objects.requireNonNull(Drawn.hours(hours, format));
        Digest digest =
                new DailyDigest(workedExample(), mail()).of(ATTENTION, List.of(), drawn.picture());
        MailContent content = ReportDigests.content(digest, drawn, templates);
        String html = Objects.requireNonNull(content.html());
        Matcher reference = Pattern.compile("src=\"cid:([^\"]+)\"").matcher(html);
        assertThat(reference.find()).isTrue();
        assertThat(content.images())
                .singleElement()
                .satisfies(
                        image -> {
                            assertThat(image.contentId()).isEqualTo(reference.group(1));
                            assertThat(image.bytes()).startsWith(0x89, 'P', 'N', 'G');
                        });
        assertThat(html).contains("alt=\"Events per hour: Busiest hour from");
        assertThat(content.text()).contains("Events per hour: Busiest hour from");
        assertThat(Drawn.hours(List.of(new Drawn.Hour(Instant.EPOCH, 0, 0)), format)).isNull();
        String out = System.getProperty("mail.out");
        if (out != null) {
            Files.write(Path.of(out, "activity.png"), content.images().getFirst().bytes());
            Files.writeString(
                    Path.of(out, "drawn.html"),
                    html.replace("cid:activity@agent-audit", "activity.png"));
        }
    }

    @Test
    void subject_carriesTheVerdictAndTheTwoNumbers() {
        assertThat(
                        new DailyDigest(workedExample(), mail())
                                .of(ATTENTION, List.of(), null)
                                .subject())
                .isEqualTo("2026-11-20 needs attention: 1 247 invocations, 49 failed")
                .hasSizeLessThan(78 - ReportDigests.SUBJECT.length());
        assertThat(new DailyDigest(quietDay(), mail()).of(ATTENTION, List.of(), null).subject())
                .isEqualTo("2026-11-20: no event recorded");
    }

    @Test
    void firstLine_isWhatNeedsAttention() {
        Parts bad = parts(new DailyDigest(workedExample(), mail()).of(ATTENTION, List.of(), null));
        assertThat(bad.text()).startsWith("Needs attention:\n✕ Error rate failed: ");
        Attention nothing = new Attention(List.of());
        assertThat(
                        parts(new DailyDigest(workedExample(), mail()).of(nothing, List.of(), null))
                                .text())
                .startsWith("Nothing needs attention.\n");
        Parts quiet = parts(new DailyDigest(quietDay(), mail()).of(ATTENTION, List.of(), null));
        assertThat(quiet.text()).startsWith("Needs attention:\n! No event was recorded");
        assertThat(quiet.text()).contains("No event was recorded on this day");
    }

    @Test
    void addresses_areAbsoluteAndLeadToThePortal() {
        Parts parts = parts(new DailyDigest(hostileDay(), mail()).of(ATTENTION, HOSTILE, null));
        Matcher address = Pattern.compile("(?:href|src)=\"([^\"]*)\"").matcher(parts.html());
        int found = 0;
        while (address.find()) {
            assertThat(address.group(1)).startsWith(PORTAL + "/");
            found++;
        }
        assertThat(found).isGreaterThan(20);
        assertThat(parts.html()).contains(UNSUBSCRIBE);
        assertThat(parts.text()).contains(UNSUBSCRIBE);
    }

    @Test
    void hostileNames_breakNeitherOutNorLayout() {
        Parts parts = parts(new DailyDigest(hostileDay(), mail()).of(ATTENTION, HOSTILE, null));
        assertThat(parts.html().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(80_000);
        assertThat(parts.html())
                .doesNotContain("<script", "<img", "\u202E", "\r", "x".repeat(400))
                .contains("&lt;script&gt;", "${7*7}")
                .doesNotContain("[(49)]", "[[49]]");
        assertThat(parts.text()).doesNotContain("\u202E", "\r", "\nBcc");
        assertThat(parts.text().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThan(998));
        assertThat(parts.digest().subject()).doesNotContain("\n", "\r");
    }

    @Test
    void tables_haveTenRowsAtMost_andSayHowManyThereAre() {
        Digest digest = new DailyDigest(hostileDay(), mail()).of(ATTENTION, List.of(), null);
        assertThat(digest.sections())
                .allSatisfy(
                        section ->
                                assertThat(section.rows()).hasSizeLessThanOrEqualTo(Sections.ROWS));
        assertThat(digest.sections())
                .filteredOn(section -> section.heading().equals("Top agents"))
                .singleElement()
                .satisfies(section -> assertThat(section.note()).isEqualTo("The first 10 of 30."));
    }
}
