package org.agentaudit.mail;

import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Clock;
import java.util.Locale;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The SMTP server of the settings. One connection per mail: a server that misbehaves spoils no
/// other.
@Singleton
public class MailServer {

    /// Why nothing is sent without a server; shown wherever somebody may wait for a mail.
    public static final String NOT_SET =
            "No mail server is set (PORTAL_SMTP_HOST), so the mail waits in the outbox.";

    private static final Logger LOG = LoggerFactory.getLogger(MailServer.class);
    private static final String LOCAL_DOMAIN = "agent-audit.localhost";
    private static final int LONGEST_WORDS = 500;

    private final SmtpConfig config;
    private final String from;
    private final String publicUrl;
    private final Provider<EmbeddedServer> portal;
    private final Clock clock;
    private final Session session;

    /// @param from      address that mails come from, also as `Name <address>`
    ///     (`PORTAL_MAIL_FROM`); without it `agent-audit@` and the host of the SMTP server
    /// @param publicUrl the portal's address for links (`PORTAL_PUBLIC_URL`); empty: by its port
    MailServer(
            SmtpConfig config,
            @Value("${portal.mail.from:}") String from,
            @Value("${portal.public-url:}") String publicUrl,
            Provider<EmbeddedServer> portal,
            Clock clock) {
        this.config = config;
        this.from = from.isBlank() ? "agent-audit@" + host(config) : from.strip();
        this.publicUrl = publicUrl.strip().replaceAll("/+$", "");
        this.portal = portal;
        this.clock = clock;
        this.session = Session.getInstance(properties(config, domain(this.from)));
    }

    /// Whether there is a server to send to.
    public boolean isSet() {
        return !config.host().isBlank();
    }

    /// The server in words, without the password; null when none is set.
    public @Nullable String described() {
        if (!isSet()) {
            return null;
        }
        String protection =
                switch (config.tls()) {
                    case NONE -> "not encrypted";
                    case STARTTLS -> "STARTTLS";
                    case TLS -> "TLS";
                };
        return "%s:%d, %s".formatted(config.host(), config.effectivePort(), protection);
    }

    public String from() {
        return from;
    }

    /// The portal's address, which links in mails begin with; no slash at its end.
    public String portal() {
        return publicUrl.isEmpty() ? "http://localhost:" + portal.get().getPort() : publicUrl;
    }

    /// Domain of message ids.
    public String domain() {
        return domain(from);
    }

    /// Hands a mail to the server. When this returns, the server has taken it; when it throws, it
    /// has not, or did not say so in time.
    public void send(OutgoingMail mail) throws MailFailedException {
        MimeMessage message;
        try {
            message = MessageWriter.write(session, from, mail, clock.instant());
        } catch (MessagingException e) {
            throw new MailFailedException("The mail cannot be written: " + words(e), true);
        }
        try {
            Transport transport =
                    session.getTransport(config.tls() == SmtpConfig.Tls.TLS ? "smtps" : "smtp");
            try {
                transport.connect(
                        config.host(),
                        config.effectivePort(),
                        config.username().isEmpty() ? null : config.username(),
                        config.username().isEmpty() ? null : config.password());
                transport.sendMessage(message, message.getAllRecipients());
            } finally {
                close(transport);
            }
        } catch (MessagingException e) {
            int reply = reply(e);
            throw new MailFailedException(words(e), reply >= 500 && reply <= 599);
        }
    }

    /// What goes wrong when saying good-bye changes nothing about the mail.
    private static void close(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            LOG.debug("Closing the connection to the mail server: {}", e.toString());
        }
    }

    /// The reply to the mail or its address; -1: it was about neither, for instance a refused
    /// sign-in, which the settings may mend.
    private static int reply(MessagingException failure) {
        int reply = -1;
        for (Exception e = failure; e instanceof MessagingException next; ) {
            if (e instanceof SMTPAddressFailedException address) {
                return address.getReturnCode();
            }
            if (e instanceof SMTPSendFailedException send) {
                reply = send.getReturnCode();
            } else if (e instanceof SMTPSenderFailedException sender) {
                reply = sender.getReturnCode();
            }
            e = next.getNextException();
        }
        return reply;
    }

    /// The innermost message, which has the server's words.
    private static String words(MessagingException failure) {
        Exception innermost = failure;
        while (innermost instanceof MessagingException e && e.getNextException() != null) {
            innermost = e.getNextException();
        }
        boolean general = innermost instanceof SendFailedException || innermost == failure;
        String message = innermost.getMessage();
        String text =
                message == null
                        ? innermost.getClass().getSimpleName()
                        : general ? message : failure.getMessage() + ": " + message;
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}\\s]+", " ").strip();
        return line.length() > LONGEST_WORDS ? line.substring(0, LONGEST_WORDS) + "…" : line;
    }

    private static Properties properties(SmtpConfig config, String domain) {
        Properties properties = new Properties();
        String timeout = Long.toString(config.timeout().toMillis());
        for (String name : new String[] {"mail.smtp.", "mail.smtps."}) {
            properties.put(name + "connectiontimeout", timeout);
            properties.put(name + "timeout", timeout);
            properties.put(name + "writetimeout", timeout);
            properties.put(name + "quitwait", "false");
            properties.put(name + "localhost", domain);
            properties.put(name + "ssl.checkserveridentity", "true");
            properties.put(name + "ssl.protocols", "TLSv1.2 TLSv1.3");
            properties.put(name + "auth", Boolean.toString(!config.username().isEmpty()));
        }
        boolean startTls = config.tls() == SmtpConfig.Tls.STARTTLS;
        properties.put("mail.smtp.starttls.enable", Boolean.toString(startTls));
        properties.put("mail.smtp.starttls.required", Boolean.toString(startTls));
        return properties;
    }

    private static String host(SmtpConfig config) {
        String host = config.host().toLowerCase(Locale.ROOT);
        return host.matches("[a-z0-9-]+(\\.[a-z0-9-]+)+") && !host.matches("[0-9.]+")
                ? host
                : LOCAL_DOMAIN;
    }

    /// What follows the `@` of an address, as far as it can stand in a message id.
    static String domain(String address) {
        try {
            String bare = new InternetAddress(address, true).getAddress();
            String domain = bare.substring(bare.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
            return domain.matches("[a-z0-9.-]+") ? domain : LOCAL_DOMAIN;
        } catch (AddressException e) {
            return LOCAL_DOMAIN;
        }
    }

    /// Checks the setting of the sender's address at the start.
    ///
    /// @throws IllegalArgumentException when it is none
    public static void requireAddress(String address) {
        try {
            new InternetAddress(address, true).validate();
        } catch (AddressException e) {
            throw new IllegalArgumentException(
                    "it must be an address such as Agent Audit <audit@example.org>", e);
        }
    }
}
