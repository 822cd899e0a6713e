package org.agentaudit.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.HttpStatus;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.agentaudit.MovedClock;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccounts;
import org.agentaudit.access.Viewer;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/// Two portals on one database, and an SMTP server that answers as told.
class ReportMailsIT {

    private static final Viewer OLGA =
            new Viewer("olga", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final MovedClock CLOCK = new MovedClock(Instant.parse("2026-11-21T06:00:00Z"));
    private static final List<Got> GOT = new CopyOnWriteArrayList<>();

    /// Replies to recipients; nothing: taken.
    private static final Map<String, RejectException> REPLIES = new ConcurrentHashMap<>();

    private static volatile Runnable beforeReply = () -> {};
    private static SMTPServer smtp;
    private static TestDatabase.Fresh database;
    private static EmbeddedServer portal;
    private static ApplicationContext second;

    private record Got(String to, String from, MimeMessage message) {}

    @BeforeAll
    static void start() throws Exception {
        smtp = SMTPServer.port(0).messageHandlerFactory(context -> new Keeper()).build();
        smtp.start();
        database = TestDatabase.create();
        portal = context().start().getBean(EmbeddedServer.class).start();
        second = context().start();
        portal.getApplicationContext()
                .getBean(UserAccounts.class)
                .add(
                        "test",
                        "olga",
                        "correct horse battery",
                        Set.of(Role.COMPLIANCE_OFFICER),
                        List.of("ops/*"));
    }

    private static io.micronaut.context.ApplicationContextBuilder context() throws Exception {
        Map<String, Object> properties = new HashMap<>(database.properties());
        Path folder = Files.createTempDirectory("mail-test");
        properties.put("portal.data-dir", folder.toString());
        properties.put("portal.background", "false");
        properties.put("portal.smtp.host", "127.0.0.1");
        properties.put("portal.smtp.port", smtp.getPortAllocated());
        properties.put("portal.smtp.tls", "none");
        properties.put("portal.mail.from", "audit@mail.example.org");
        properties.put("portal.public-url", "https://audit.example.org");
        properties.put("datasources.default.connection-timeout", 500);
        return ApplicationContext.builder().properties(properties).singletons(CLOCK);
    }

    @AfterAll
    static void stop() {
        second.close();
        portal.close();
        smtp.stop();
    }

    @BeforeEach
    void clear() {
        execute("UPDATE report_subscription SET deleted_at = created_at");
        execute("DELETE FROM report_delivery");
        GOT.clear();
        REPLIES.clear();
        beforeReply = () -> {};
        CLOCK.now = Instant.parse("2026-11-21T06:00:00Z");
    }

    /// Takes mails as told.
    private static final class Keeper implements MessageHandler {
        private String from = "";
        private String to = "";

        @Override
        public void from(String address) {
            from = address;
        }

        @Override
        public void recipient(String address) throws RejectException {
            to = address;
            RejectException reply = REPLIES.get(address);
            if (reply != null) {
                throw reply;
            }
        }

        @Override
        public String data(InputStream data) throws java.io.IOException {
            byte[] bytes = data.readAllBytes();
            try {
                GOT.add(
                        new Got(
                                to,
                                from,
                                new MimeMessage((Session) null, new ByteArrayInputStream(bytes))));
            } catch (jakarta.mail.MessagingException e) {
                throw new IllegalStateException(e);
            }
            beforeReply.run();
            return "Ok";
        }

        @Override
        public void done() {}
    }

    private static <T> T bean(Class<T> type) {
        return portal.getApplicationContext().getBean(type);
    }

    private static ReportSubscription subscribe(String... recipients) {
        return subscribe(false, recipients);
    }

    private static ReportSubscription subscribe(boolean attachPdf, String... recipients) {
        return bean(ReportSubscriptions.class)
                .add(
                        OLGA,
                        SubscriptionInput.of(
                                ReportKind.DAILY_SUMMARY,
                                List.of(recipients),
                                "07:00",
                                "Europe/Zurich",
                                List.of(1, 2, 3, 4, 5, 6, 7),
                                null,
                                attachPdf,
                                true));
    }

    @Test
    void subscriptionWithPdf_attachesTheReportMadeForAnAuditor() throws Exception {
        subscribe(true, "ann@example.org");
        CLOCK.now = Instant.parse("2026-11-22T06:30:00Z");
        queueAndSend(second);

        MimeMultipart parts = (MimeMultipart) GOT.getFirst().message().getContent();
        BodyPart file = parts.getBodyPart(parts.getCount() - 1);
        assertThat(file.getFileName()).isEqualTo("daily-2026-11-21.pdf");
        assertThat(file.isMimeType("application/pdf")).isTrue();
        try (PDDocument pdf = Loader.loadPDF(file.getInputStream().readAllBytes())) {
            assertThat(new PDFTextStripper().getText(pdf))
                    .contains("Daily summary", "masked for this reader");
        }
    }

    private static void queueAndSend(ApplicationContext context) throws Exception {
        context.getBean(ReportSchedule.class).queueDue();
        while (context.getBean(ReportDeliveries.class).sendDue() > 0) {
            // until nothing is due
        }
    }

    private static List<String> rows() {
        return column(
                "SELECT recipient || ' ' || for_date || ' ' || status || ' ' || attempts || coalesce(' ' || error, '')"
                        + " FROM report_delivery ORDER BY 1");
    }

    @Test
    void twoPortals_sendEachRecipientOneMailADay() throws Exception {
        List<String> recipients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            recipients.add("r" + i + "@example.org");
        }
        subscribe(recipients.toArray(String[]::new));
        CLOCK.now = Instant.parse("2026-11-22T06:30:00Z");
        CountDownLatch together = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (ApplicationContext context :
                    List.of(
                            portal.getApplicationContext(),
                            second,
                            portal.getApplicationContext(),
                            second)) {
                running.add(
                        threads.submit(
                                () -> {
                                    together.await();
                                    queueAndSend(context);
                                    return true;
                                }));
            }
            together.countDown();
            for (Future<?> one : running) {
                one.get();
            }
        }
        queueAndSend(second);
        assertThat(GOT.stream().map(Got::to)).containsExactlyInAnyOrderElementsOf(recipients);
        assertThat(rows())
                .hasSize(12)
                .allMatch(row -> row.endsWith("@example.org 2026-11-21 SENT 1"));
        MimeMessage first = GOT.getFirst().message();
        assertThat(first.getAllRecipients()).hasSize(1);
        assertThat(first.getSubject()).contains("2026-11-21");
        assertThat(first.getHeader("Message-ID")[0])
                .isIn(column("SELECT '<' || message_id || '>' FROM report_delivery"));
        assertThat(GOT.getFirst().from()).isEqualTo("audit@mail.example.org");

        CLOCK.advance(Duration.ofDays(3));
        queueAndSend(second);
        assertThat(rows()).hasSize(48); // each missed day is made up
        assertThat(
                        column(
                                "SELECT DISTINCT for_date || ' ' || late FROM report_delivery ORDER BY 1"))
                .containsExactly(
                        "2026-11-21 false",
                        "2026-11-22 true",
                        "2026-11-23 true",
                        "2026-11-24 false");
        assertThat(GOT).hasSize(48);
    }

    @Test
    void databaseThatRestartsAfterTheServerTookTheMail_sendsNoSecond() throws Exception {
        subscribe("ann@example.org");
        CLOCK.now = Instant.parse("2026-11-22T06:10:00Z");
        beforeReply =
                () -> {
                    setAway(true);
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            Thread.sleep(1_500);
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                        }
                                        setAway(false);
                                    });
                };
        queueAndSend(portal.getApplicationContext());
        beforeReply = () -> {};
        CLOCK.advance(Duration.ofHours(1));
        queueAndSend(second);
        assertThat(rows()).containsExactly("ann@example.org 2026-11-21 SENT 1");
        assertThat(GOT).hasSize(1);
    }

    /// What no protocol can prevent: the server took it, and nobody is left to know.
    @Test
    void portalThatDiesAfterTheServerTookTheMail_repeatsItUnderTheSameId() throws Exception {
        subscribe("ann@example.org");
        CLOCK.now = Instant.parse("2026-11-22T06:10:00Z");
        queueAndSend(portal.getApplicationContext());
        execute("UPDATE report_delivery SET status = 'PENDING', sent_at = NULL");
        queueAndSend(second);
        assertThat(GOT).as("while its lease lasts").hasSize(1);
        CLOCK.advance(Duration.ofMinutes(11));
        queueAndSend(second);
        assertThat(GOT).hasSize(2);
        assertThat(GOT.get(1).message().getMessageID())
                .isEqualTo(GOT.get(0).message().getMessageID());
    }

    @Test
    void temporaryRefusal_isTriedAgain_finalOneIsNot_andHoldsUpNobody() throws Exception {
        REPLIES.put("full@example.org", new RejectException(452, "4.2.2 mailbox\tfull"));
        REPLIES.put("gone@example.org", new RejectException(550, "5.1.1 no such user"));
        subscribe("full@example.org", "gone@example.org", "ann@example.org");
        CLOCK.now = Instant.parse("2026-11-22T06:10:00Z");
        queueAndSend(portal.getApplicationContext());
        assertThat(GOT.stream().map(Got::to)).containsExactly("ann@example.org");
        assertThat(rows().get(0)).isEqualTo("ann@example.org 2026-11-21 SENT 1");
        assertThat(rows().get(1))
                .startsWith("full@example.org 2026-11-21 PENDING 1 ")
                .contains("452")
                .contains("mailbox full");
        assertThat(rows().get(2))
                .startsWith("gone@example.org 2026-11-21 FAILED 1 ")
                .contains("550 5.1.1 no such user");
        CLOCK.advance(Duration.ofSeconds(59));
        queueAndSend(second);
        assertThat(rows().get(1)).contains("PENDING 1");
        CLOCK.advance(Duration.ofSeconds(2));
        queueAndSend(second);
        assertThat(rows().get(1)).contains("PENDING 2");
        for (int i = 0; i < 16; i++) {
            CLOCK.advance(Duration.ofHours(2));
            bean(ReportDeliveries.class).sendDue();
        }
        assertThat(rows().get(1)).as("after a day").contains("FAILED 9");

        REPLIES.clear();
        long gone =
                Long.parseLong(
                        column("SELECT id FROM report_delivery WHERE recipient LIKE 'gone%'")
                                .getFirst());
        assertThat(bean(MailLedger.class).retry(OLGA, gone)).isTrue();
        second.getBean(ReportDeliveries.class).sendDue();
        assertThat(rows().get(2)).isEqualTo("gone@example.org 2026-11-21 SENT 1");
        assertThat(bean(MailLedger.class).retry(OLGA, gone)).isFalse();
    }

    @Test
    void unsubscribing_takesAPostToTheLink_onceOrTwice_andNoSignIn() throws Exception {
        ReportSubscription subscription = subscribe("ann@example.org", "bob@example.org");
        bean(ReportSubscriptions.class).send(OLGA, Long.toString(subscription.id()), null);
        queueAndSend(second);
        MimeMessage ann =
                GOT.stream()
                        .filter(got -> got.to().startsWith("ann"))
                        .findFirst()
                        .orElseThrow()
                        .message();
        String link = ann.getHeader("List-Unsubscribe")[0].replaceAll("^<|>$", "");
        assertThat(text(ann)).contains(link);
        URI address =
                URI.create("http://localhost:" + portal.getPort())
                        .resolve(URI.create(link).getPath());

        HttpResponse<String> asked = http(HttpRequest.newBuilder(address));
        assertThat(asked.statusCode()).isEqualTo(200);
        assertThat(asked.body())
                .contains("<button", "a…@example.org")
                .doesNotContain("ann@example.org");
        assertThat(recipients(subscription)).contains("ann@example.org");

        for (String type :
                List.of("application/x-www-form-urlencoded", "multipart/form-data; boundary=b")) {
            String body =
                    type.startsWith("multipart")
                            ? "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"
                            : "List-Unsubscribe=One-Click";
            HttpResponse<String> done =
                    http(
                            HttpRequest.newBuilder(address)
                                    .header("Content-Type", type)
                                    .POST(BodyPublishers.ofString(body)));
            assertThat(done.statusCode()).as(type).isEqualTo(200);
            assertThat(done.body()).contains("Unsubscribed");
            assertThat(recipients(subscription)).containsExactly("bob@example.org");
        }
        assertThat(
                        column(
                                "SELECT username FROM access_log WHERE target LIKE '%ann@example.org unsubscribed'"))
                .containsExactly("unsubscribe link");
        assertThat(column("SELECT count(*) FROM unsubscribe_token WHERE length(token_hash) = 32"))
                .doesNotContain("0");
        HttpResponse<String> guessed =
                http(
                        HttpRequest.newBuilder(address.resolve("/unsubscribe/guessed"))
                                .POST(BodyPublishers.noBody()));
        assertThat(guessed.statusCode()).isEqualTo(HttpStatus.NOT_FOUND.getCode());
    }

    @Test
    void ownerWithoutAccount_andRecipientTakenOff_getNothing() throws Exception {
        ReportSubscription subscription = subscribe("ann@example.org", "bob@example.org");
        REPLIES.put("bob@example.org", new RejectException(451, "later"));
        bean(ReportSubscriptions.class).send(OLGA, Long.toString(subscription.id()), null);
        queueAndSend(second);
        assertThat(rows()).hasSize(2);
        bean(ReportSubscriptions.class)
                .change(
                        OLGA,
                        Long.toString(subscription.id()),
                        SubscriptionInput.of(
                                ReportKind.DAILY_SUMMARY,
                                List.of("ann@example.org"),
                                "07:00",
                                "Europe/Zurich",
                                List.of(1),
                                null,
                                false,
                                true));
        assertThat(rows()).containsExactly("ann@example.org 2026-11-20 SENT 1");

        execute("UPDATE report_subscription SET owner = 'nobody' WHERE id = " + subscription.id());
        execute(
                "UPDATE report_delivery SET status = 'PENDING', attempts = 0, next_attempt_at = '2026-01-01'");
        queueAndSend(second);
        assertThat(rows().getFirst()).contains("FAILED 1", "'nobody'");
        assertThat(GOT).hasSize(1);
    }

    @Test
    void pages_showSubscriptionsMailsAndThePreview() throws Exception {
        CLOCK.now = Instant.now(); // which access tokens are held against
        String day = LocalDate.ofInstant(CLOCK.now, ZoneOffset.UTC).minusDays(2).toString();
        REPLIES.put("gone@example.org", new RejectException(550, "5.1.1 <b>no such user</b>"));
        ReportSubscription subscription = subscribe("ann@example.org", "gone@example.org");
        bean(ReportSubscriptions.class).send(OLGA, Long.toString(subscription.id()), null);
        queueAndSend(second);
        String page = page("/subscriptions");
        assertThat(page).contains("ann@example.org", "every day at 07:00", "Send now", "/preview");
        assertThat(page("/subscriptions/" + subscription.id())).contains("Europe/Zurich", "gone@");
        assertThat(page("/deliveries"))
                .contains("accepted", "Try again", "&lt;b&gt;no such user", "1 failed for good");
        assertThat(page("/deliveries?state=SENT")).doesNotContain("gone@example.org");
        String preview = page("/subscriptions/" + subscription.id() + "/preview?date=" + day);
        assertThat(preview).contains(day, "/unsubscribe/…").doesNotContain("invalid");
        assertThat(column("SELECT target FROM access_log WHERE action = 'REPORT_VIEWED'"))
                .contains("/subscriptions/" + subscription.id() + "/preview?date=" + day);
    }

    private static String page(String path) throws Exception {
        URI base = URI.create("http://localhost:" + portal.getPort());
        HttpResponse<String> signedIn =
                http(
                        HttpRequest.newBuilder(base.resolve("/api/login"))
                                .header("Content-Type", "application/json")
                                .POST(
                                        BodyPublishers.ofString(
                                                "{\"username\":\"olga\",\"password\":\"correct horse battery\"}")));
        String token = signedIn.body().replaceFirst(".*\"access_token\":\"([^\"]+)\".*", "$1");
        HttpResponse<String> page =
                http(
                        HttpRequest.newBuilder(base.resolve(path))
                                .header("Authorization", "Bearer " + token));
        assertThat(page.statusCode()).as(path + page.body()).isEqualTo(200);
        return page.body();
    }

    private static List<String> recipients(ReportSubscription subscription) {
        return bean(ReportSubscriptions.class)
                .find(OLGA, Long.toString(subscription.id()))
                .orElseThrow()
                .recipients();
    }

    private static HttpResponse<String> http(HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    request.header("Accept", "text/html,*/*;q=0.5").build(),
                    BodyHandlers.ofString());
        }
    }

    private static List<String> column(String sql) {
        List<String> values = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return values;
    }

    private static void execute(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Cuts the portals' connections and refuses new ones.
    private static void setAway(boolean away) {
        String name = database.jdbcUrl().replaceFirst(".*/", "").replaceFirst("\\?.*", "");
        try (Connection connection = TestDatabase.create().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + !away);
            if (away) {
                statement.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                                + name
                                + "'");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// All text parts of a message, one after the other.
    private static String text(Part part) throws Exception {
        if (part.getContent() instanceof Multipart parts) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < parts.getCount(); i++) {
                text.append(text(parts.getBodyPart(i)));
            }
            return text.toString();
        }
        return part.isMimeType("text/*") ? part.getContent().toString() : "";
    }
}
