package org.agentaudit.analysis.conversation;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An agent says that it works with something supposed, simulated or made up instead of looked up.
final class Supposition extends Sign {

    private static final Set<String> WORDS =
            Set.of(
                    "simulate",
                    "simulated",
                    "hypothetical",
                    "hypothetically",
                    "placeholder",
                    "placeholders",
                    "sample data",
                    "sample dataset",
                    "example data",
                    "mock",
                    "dummy",
                    "fictional",
                    "for demonstration",
                    "the sake",
                    "assume",
                    "assumed",
                    "assuming");

    Supposition() {
        super(
                OBSERVED,
                Part.FACTOR,
                "Have what an agent supposes looked up, or marked as supposed in the answer.");
    }

    @Override
    @Nullable Found first(Conversation conversation) {
        for (Message message : conversation.messages()) {
            if (message.restates()) {
                continue;
            }
            String word = Words.first(message.text(), WORDS);
            if (word != null) {
                return found(
                        message,
                        "it speaks of something not looked up (\"" + word + "\")",
                        List.of());
            }
        }
        return null;
    }
}
