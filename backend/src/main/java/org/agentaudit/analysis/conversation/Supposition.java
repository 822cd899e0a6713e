package org.agentaudit.analysis.conversation;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An agent says that it works with something supposed, simulated or made up instead of looked up.
final class Supposition extends Sign {

    private static final Pattern WORDS =
            Pattern.compile(
                    "(?i)\\b(simulated?|hypothetical|hypothetically|placeholders?|sample data"
                            + "|sample dataset|example data|mock|dummy|fictional|for the sake of"
                            + "|for demonstration|assume|assumed|assuming)\\b");

    Supposition() {
        super(OBSERVED, Part.FACTOR, "Have what an agent supposes looked up, or marked as supposed in the answer.");
    }

    @Override
    @Nullable Found first(Conversation conversation) {
        for (Message message : conversation.messages()) {
            if (message.restates()) {
                continue;
            }
            Matcher matcher = WORDS.matcher(message.text());
            if (matcher.find()) {
                return found(
                        message,
                        "it speaks of something not looked up (\""
                                + matcher.group(1).toLowerCase(Locale.ROOT)
                                + "\")",
                        List.of());
            }
        }
        return null;
    }
}
