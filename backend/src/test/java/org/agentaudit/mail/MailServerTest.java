package org.agentaudit.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What arrives at an SMTP server.
class MailServerTest {

    private static final Instant NOW = Instant.parse("2026-11-21T07:00:00Z");
    private static final Path DEBIAN_PYTHON = Path.of("/usr/lib/python3/dist-packages/aiosmtpd");

    private GreenMail smtp;

    @BeforeEach
    void start() {
        smtp =
                new GreenMail(
                        new ServerSetup[] {
                            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP),
                            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS)
                        });
        smtp.start();
    }

    @AfterEach
    void stop() {
        smtp.stop();
    }

    private MailServer server(int port, SmtpConfig.Tls tls) {
        return new MailServer(
                new SmtpConfig("127.0.0.1", port, "", "", tls, Duration.ofSeconds(5)),
                "Audit <audit@mail.example.org>",
                "https://audit.example.org/",
                () -> {
                    throw new AssertionError("the public address is set");
                },
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private MailServer server() {
        return server(smtp.getSmtp().getPort(), SmtpConfig.Tls.NONE);
    }

    private static OutgoingMail mail(MailContent content) {
        return new OutgoingMail(
                "report.2026-11-20.1@mail.example.org",
                "ann@example.org",
                content,
                "alert-thread.7@mail.example.org",
                new OutgoingMail.MailList("Agent Audit daily summary", "daily-summary"),
                "https://audit.example.org/unsubscribe/abc");
    }

    private static MailContent text(String subject) {
        return new MailContent(subject, "Guten Morgen, 早上好\n", null, List.of(), List.of());
    }

    private static String raw(MimeMessage message) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        message.writeTo(bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void headers_sayWhatItIs() throws Exception {
        server().send(mail(text("Daily summary: 1,247 invocations – nothing needs attention")));
        MimeMessage got = smtp.getReceivedMessages()[0];
        assertThat(got.getHeader("Message-ID"))
                .containsExactly("<report.2026-11-20.1@mail.example.org>");
        assertThat(got.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(got.getHeader("X-Auto-Response-Suppress")).containsExactly("All");
        assertThat(got.getHeader("List-Id"))
                .containsExactly("Agent Audit daily summary <daily-summary.mail.example.org>");
        assertThat(got.getHeader("List-Unsubscribe"))
                .containsExactly("<https://audit.example.org/unsubscribe/abc>");
        assertThat(got.getHeader("List-Unsubscribe-Post"))
                .containsExactly("List-Unsubscribe=One-Click");
        assertThat(got.getHeader("References"))
                .containsExactly("<alert-thread.7@mail.example.org>");
        assertThat(got.getSubject())
                .isEqualTo("Daily summary: 1,247 invocations – nothing needs attention");
        assertThat(got.getFrom())
                .containsExactly(new InternetAddress("audit@mail.example.org", "Audit"));
        assertThat(got.getAllRecipients()).containsExactly(new InternetAddress("ann@example.org"));
        assertThat(got.getSentDate()).isEqualTo(NOW);
        assertThat(got.getContent().toString().strip()).isEqualTo("Guten Morgen, 早上好");
    }

    @Test
    void parts_areMixedAlternativeRelated() throws Exception {
        byte[] png = {1, 2, 3};
        String wide = "<p>" + "x".repeat(5_000) + "</p>";
        server().send(
                        mail(
                                new MailContent(
                                        "Subject",
                                        "text",
                                        wide,
                                        List.of(
                                                new MailContent.InlineImage(
                                                        "activity@agent-audit",
                                                        "image/png",
                                                        "activity.png",
                                                        png)),
                                        List.of(
                                                new MailContent.Attachment(
                                                        "täglich\r\nX: y.pdf",
                                                        "application/pdf",
                                                        new byte[100_000])))));
        MimeMessage got = smtp.getReceivedMessages()[0];
        MimeMultipart mixed = (MimeMultipart) got.getContent();
        assertThat(mixed.getContentType()).startsWith("multipart/mixed");
        MimeMultipart alternative = (MimeMultipart) mixed.getBodyPart(0).getContent();
        assertThat(alternative.getContentType()).startsWith("multipart/alternative");
        assertThat(alternative.getBodyPart(0).getContent()).isEqualTo("text");
        MimeMultipart related = (MimeMultipart) alternative.getBodyPart(1).getContent();
        assertThat(related.getContentType()).startsWith("multipart/related");
        assertThat(related.getBodyPart(0).getContent()).isEqualTo(wide);
        BodyPart image = related.getBodyPart(1);
        assertThat(image.getHeader("Content-ID")).containsExactly("<activity@agent-audit>");
        assertThat(image.getDisposition()).isEqualTo("inline");
        assertThat(image.getInputStream().readAllBytes()).isEqualTo(png);
        assertThat(mixed.getBodyPart(1).getDisposition()).isEqualTo("attachment");
        assertThat(mixed.getBodyPart(1).getHeader("X")).isNull();
        assertThat(raw(got).lines()).allMatch(line -> line.length() <= 998);
    }

    @Test
    void texts_bringInNoHeader() throws Exception {
        String evil = "A\r\nBcc: eve@example.org\r\n\r\nbody\u202Egnp\u0000\u2028x\uD800y";
        server().send(mail(text(evil)));
        assertThat(smtp.getReceivedMessages()).hasSize(1);
        MimeMessage got = smtp.getReceivedMessages()[0];
        assertThat(got.getHeader("Bcc")).isNull();
        assertThat(got.getAllRecipients()).hasSize(1);
        assertThat(got.getSubject()).isEqualTo("A Bcc: eve@example.org body gnp x y");
        assertThat(HeaderText.clean("x".repeat(1_000))).hasSize(200);
        for (String address : List.of("a@b\r\nBcc: c@d", "a b@c", "a@b>,<c@d ")) {
            assertThatThrownBy(
                            () ->
                                    new OutgoingMail(
                                            "x@y", address + "\n", text("s"), null, null, null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(
                        () ->
                                new OutgoingMail(
                                        "x@y",
                                        "a@b.c",
                                        text("s"),
                                        null,
                                        null,
                                        "https://x/>\r\nBcc: e@f.g"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unknownCertificate_orNoEncryption_sendsNothing_andMayBeTriedAgain() {
        for (MailServer server :
                List.of(
                        server(smtp.getSmtps().getPort(), SmtpConfig.Tls.TLS),
                        server(smtp.getSmtp().getPort(), SmtpConfig.Tls.STARTTLS),
                        server(1, SmtpConfig.Tls.NONE))) {
            MailFailedException refused =
                    catchThrowableOfType(
                            MailFailedException.class, () -> server.send(mail(text("s"))));
            assertThat(refused.permanent()).isFalse();
            assertThat(refused.getMessage()).isNotBlank().doesNotContain("\n");
        }
        assertThat(smtp.getReceivedMessages()).isEmpty();
    }

    /// The SMTP server of Debian's package python3-aiosmtpd, as another implementation.
    @Test
    void debiansServer_takesIt(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(DEBIAN_PYTHON), "Debian's python3-aiosmtpd is not installed");
        Path mailbox = folder.resolve("mail");
        int port = freePort();
        Process debian =
                new ProcessBuilder(
                                "/usr/bin/python3",
                                "-m",
                                "aiosmtpd",
                                "-n",
                                "-l",
                                "127.0.0.1:" + port,
                                "-c",
                                "aiosmtpd.handlers.Mailbox",
                                mailbox.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            MailServer server = server(port, SmtpConfig.Tls.NONE);
            sendOnceItListens(server);
            try (Stream<Path> mails = Files.list(mailbox.resolve("new"))) {
                String got = Files.readString(mails.toList().getFirst());
                assertThat(got)
                        .contains("Message-ID: <report.2026-11-20.1@mail.example.org>")
                        .contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
                        .contains("X-RcptTo: ann@example.org");
            }
        } finally {
            debian.destroy();
        }
    }

    private static void sendOnceItListens(MailServer server) throws Exception {
        for (int attempt = 0; ; attempt++) {
            try {
                server.send(mail(text("s")));
                return;
            } catch (MailFailedException e) {
                if (attempt == 100) {
                    throw e;
                }
                Thread.sleep(200);
            }
        }
    }

    private static int freePort() throws Exception {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
