package org.agentaudit.analysis.conversation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The conversation breaks off: its last message asks for work of which nothing is recorded, or the
/// call it led to failed.
final class UndoneWork extends Sign {

    UndoneWork() {
        super(COURSE, Part.GAP, null);
    }

    @Override
    @Nullable Found first(Conversation conversation) {
        if (conversation.messages().isEmpty()) {
            return null;
        }
        Message end = conversation.messages().getLast();
        if (end.calls().isEmpty()) {
            return end.holdsCode()
                    ? found(
                            end,
                            "the conversation breaks off with it: it holds code of which no run is"
                                    + " recorded",
                            List.of())
                    : null;
        }
        Message.Call last = end.calls().getLast();
        return last.failed()
                ? found(
                        end,
                        "the conversation breaks off with it: the last call, "
                                + last.action()
                                + ", failed",
                        events(last))
                : null;
    }
}
