package org.agentaudit.delivery;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.agentaudit.query.BadInputException;

/// Checks addresses that mails are sent to.
final class MailAddresses {
    static final int MAXIMUM_RECIPIENTS = 50;

    /// RFC 5321, 4.5.3.1.3.
    private static final int MAXIMUM_LENGTH = 254;

    private MailAddresses() {}

    /// The addresses as they are sent to, each once, whatever case it is written in.
    ///
    /// @throws BadInputException when there is none, there are too many, or one is no bare address
    static List<String> valid(List<String> texts) {
        if (texts.isEmpty() || texts.size() > MAXIMUM_RECIPIENTS) {
            throw new BadInputException(
                    "'recipients' must hold 1 to %d mail addresses.".formatted(MAXIMUM_RECIPIENTS));
        }
        TreeSet<String> seen = new TreeSet<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String address = texts.get(i).strip();
            if (!isBareAddress(address)) {
                throw new BadInputException(
                        "'recipients' has at place %d no mail address such as ann@example.org."
                                .formatted(i + 1));
            }
            if (seen.add(address.toLowerCase(Locale.ROOT))) {
                addresses.add(address);
            }
        }
        return List.copyOf(addresses);
    }

    /// One mailbox and nothing else: no display name, comment, group or line break that would say
    /// more to a mail server.
    private static boolean isBareAddress(String text) {
        if (text.length() > MAXIMUM_LENGTH
                || text.indexOf('@') <= 0
                || text.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            return false;
        }
        try {
            InternetAddress[] parsed = InternetAddress.parse(text, true);
            if (parsed.length != 1 || parsed[0].isGroup()) {
                return false;
            }
            parsed[0].validate();
            return text.equals(parsed[0].getAddress());
        } catch (AddressException e) {
            return false;
        }
    }
}
