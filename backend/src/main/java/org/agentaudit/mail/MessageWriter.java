package org.agentaudit.mail;

import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.UnsupportedEncodingException;
import java.time.Instant;
import java.util.Date;

/// Makes the MIME message: mixed (alternative (text, related (html, images)), attachments), with
/// every layer left out that would hold one part alone.
final class MessageWriter {

    private static final String UTF_8 = "UTF-8";
    private static final String ENCODING = "Content-Transfer-Encoding";

    private MessageWriter() {}

    /// Keeps its Message-ID, which the library would make anew whenever a message is saved.
    private static final class IdentifiedMessage extends MimeMessage {
        private final String messageId;

        IdentifiedMessage(Session session, String messageId) {
            super(session);
            this.messageId = messageId;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<" + messageId + ">");
        }
    }

    static MimeMessage write(Session session, String from, OutgoingMail mail, Instant now)
            throws MessagingException {
        MimeMessage message = new IdentifiedMessage(session, mail.messageId());
        message.setFrom(sender(from));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to(), true));
        message.setSubject(HeaderText.clean(mail.content().subject()), UTF_8);
        message.setSentDate(Date.from(now));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setHeader("X-Auto-Response-Suppress", "All");
        message.setHeader("Precedence", "bulk");
        message.setHeader("Content-Language", "en");
        String thread = mail.thread();
        if (thread != null) {
            message.setHeader("References", "<" + thread + ">");
            message.setHeader("In-Reply-To", "<" + thread + ">");
        }
        OutgoingMail.MailList list = mail.list();
        if (list != null) {
            message.setHeader(
                    "List-Id",
                    "%s <%s.%s>".formatted(list.title(), list.name(), MailServer.domain(from)));
        }
        String unsubscribe = mail.unsubscribeUrl();
        if (unsubscribe != null) {
            message.setHeader("List-Unsubscribe", "<" + unsubscribe + ">");
            message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        body(message, mail.content());
        message.saveChanges();
        return message;
    }

    private static InternetAddress sender(String from) throws MessagingException {
        InternetAddress address = new InternetAddress(from, true);
        try {
            return address.getPersonal() == null
                    ? new InternetAddress(address.getAddress(), "Agent Audit Portal", UTF_8)
                    : address;
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every Java platform has UTF-8", e);
        }
    }

    private static void body(MimeMessage message, MailContent content) throws MessagingException {
        if (content.attachments().isEmpty()) {
            if (content.html() == null) {
                text(message, content.text(), "plain");
            } else {
                message.setContent(alternative(content, content.html()));
            }
            return;
        }
        MimeMultipart mixed = new MimeMultipart("mixed");
        MimeBodyPart said = new MimeBodyPart();
        if (content.html() == null) {
            text(said, content.text(), "plain");
        } else {
            said.setContent(alternative(content, content.html()));
        }
        mixed.addBodyPart(said);
        for (MailContent.Attachment attachment : content.attachments()) {
            mixed.addBodyPart(
                    file(
                            attachment.bytes(),
                            attachment.type(),
                            attachment.fileName(),
                            Part.ATTACHMENT));
        }
        message.setContent(mixed);
    }

    /// The plain one first: a reader takes the last that it can show.
    private static MimeMultipart alternative(MailContent content, String html)
            throws MessagingException {
        MimeMultipart alternative = new MimeMultipart("alternative");
        MimeBodyPart plain = new MimeBodyPart();
        text(plain, content.text(), "plain");
        alternative.addBodyPart(plain);
        MimeBodyPart rich = new MimeBodyPart();
        text(rich, html, "html");
        if (content.images().isEmpty()) {
            alternative.addBodyPart(rich);
            return alternative;
        }
        MimeMultipart related = new MimeMultipart("related");
        related.addBodyPart(rich);
        for (MailContent.InlineImage image : content.images()) {
            MimeBodyPart part = file(image.bytes(), image.type(), image.fileName(), Part.INLINE);
            part.setContentID("<" + image.contentId() + ">");
            related.addBodyPart(part);
        }
        MimeBodyPart together = new MimeBodyPart();
        together.setContent(related);
        alternative.addBodyPart(together);
        return alternative;
    }

    /// Quoted-printable always, so that no line is too long for a server.
    private static void text(jakarta.mail.internet.MimePart part, String text, String type)
            throws MessagingException {
        part.setText(text, UTF_8, type);
        part.setHeader(ENCODING, "quoted-printable");
    }

    private static MimeBodyPart file(byte[] bytes, String type, String name, String disposition)
            throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(new ByteArrayDataSource(bytes, type)));
        part.setFileName(HeaderText.clean(name));
        part.setDisposition(disposition);
        part.setHeader(ENCODING, "base64");
        return part;
    }
}
