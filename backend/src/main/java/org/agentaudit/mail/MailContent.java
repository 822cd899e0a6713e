package org.agentaudit.mail;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a mail says, without who gets it.
///
/// @param subject     as people read it; control characters are taken out when it is sent
/// @param text        complete in itself, links in full
/// @param html        a whole document, with images as `cid:` and their [InlineImage#contentId];
///     null: a mail of text alone
/// @param images      those that `html` refers to
/// @param attachments in the order to show them
public record MailContent(
        String subject,
        String text,
        @Nullable String html,
        List<InlineImage> images,
        List<Attachment> attachments) {

    private static final Pattern CONTENT_ID = Pattern.compile("[A-Za-z0-9._-]+@[A-Za-z0-9.-]+");
    private static final Pattern TYPE = Pattern.compile("[a-z]+/[a-z0-9.+-]+");

    public MailContent {
        images = List.copyOf(images);
        attachments = List.copyOf(attachments);
        if (html == null && !images.isEmpty()) {
            throw new IllegalArgumentException("images need an HTML part that shows them");
        }
    }

    /// A picture shown inside the HTML part.
    ///
    /// @param contentId unique in the mail, for instance `activity@agent-audit`
    /// @param type      for instance `image/png`
    /// @param fileName  what it is saved as
    public record InlineImage(String contentId, String type, String fileName, byte[] bytes) {
        public InlineImage {
            if (!CONTENT_ID.matcher(contentId).matches() || !TYPE.matcher(type).matches()) {
                throw new IllegalArgumentException("no content id or type: " + contentId);
            }
        }
    }

    /// A file that comes with the mail.
    ///
    /// @param type for instance `application/pdf`
    public record Attachment(String fileName, String type, byte[] bytes) {
        public Attachment {
            if (!TYPE.matcher(type).matches()) {
                throw new IllegalArgumentException("no type: " + type);
            }
        }
    }
}
