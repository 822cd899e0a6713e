package org.agentaudit.mail;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A mail for one recipient.
///
/// @param messageId      without angle brackets; the same at every attempt, so that a mail that
///     arrives twice is recognised
/// @param to             one bare address
/// @param thread         message id that everything about the same thing refers to; null: none
/// @param list           name and identifier of the list, `daily-summary`; null: of no list
/// @param unsubscribeUrl https (or http) address that takes the one-click POST of RFC 8058; null:
///     nobody unsubscribes from this
public record OutgoingMail(
        String messageId,
        String to,
        MailContent content,
        @Nullable String thread,
        @Nullable MailList list,
        @Nullable String unsubscribeUrl) {

    private static final Pattern MESSAGE_ID = Pattern.compile("[A-Za-z0-9._-]+@[A-Za-z0-9.-]+");
    private static final Pattern ADDRESS = Pattern.compile("[!-~]+@[!-~]+");
    private static final Pattern URL = Pattern.compile("https?://[!-;=?-~]+");

    public OutgoingMail {
        require(MESSAGE_ID, messageId);
        require(ADDRESS, to);
        if (thread != null) {
            require(MESSAGE_ID, thread);
        }
        if (unsubscribeUrl != null) {
            require(URL, unsubscribeUrl);
        }
    }

    /// What `List-Id` says (RFC 2919).
    ///
    /// @param name of letters, digits and hyphens
    public record MailList(String title, String name) {
        public MailList {
            require(Pattern.compile("[a-z0-9-]+"), name);
        }
    }

    private static void require(Pattern pattern, String value) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException("cannot stand in a header: " + value.length());
        }
    }
}
