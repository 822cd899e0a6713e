package org.agentaudit.analysis.conversation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An agent goes on from the task without any call having brought anything so far, and asks for
/// none.
final class NoCallBehind extends Sign {

    NoCallBehind() {
        super(ABSENCE, Part.FACTOR, "Ask for at least one call that supports the answer.");
    }

    @Override
    @Nullable Found first(Conversation conversation) {
        for (Message message : conversation.messages()) {
            if (message.calls().stream().anyMatch(Message.Call::brought)) {
                return null;
            }
            if (!message.restates() && !message.holdsCode() && message.calls().isEmpty()) {
                return found(message, "no call that brought anything stands behind it", List.of());
            }
        }
        return null;
    }
}
