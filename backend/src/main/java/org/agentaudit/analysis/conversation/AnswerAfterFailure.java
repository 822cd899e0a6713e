package org.agentaudit.analysis.conversation;

import org.jspecify.annotations.Nullable;

/// The conversation ends with a message although the last call before it failed or brought nothing.
final class AnswerAfterFailure extends Sign {

    AnswerAfterFailure() {
        super(
                COURSE,
                Part.FACTOR,
                "Let the last answer say that the last call before it did not succeed.");
    }

    @Override
    @Nullable Found first(Conversation conversation) {
        if (conversation.messages().isEmpty()) {
            return null;
        }
        Message end = conversation.messages().getLast();
        if (!end.calls().isEmpty()) {
            return null;
        }
        for (Message message : conversation.messages().reversed()) {
            if (!message.calls().isEmpty()) {
                Message.Call last = message.calls().getLast();
                return last.failed() || last.broughtNothing()
                        ? found(
                                end,
                                "it ends the conversation although the last call before it, "
                                        + last.action()
                                        + (last.failed() ? ", failed" : ", brought nothing"),
                                events(last))
                        : null;
            }
        }
        return null;
    }
}
