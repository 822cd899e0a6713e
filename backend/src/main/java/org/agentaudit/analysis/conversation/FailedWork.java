package org.agentaudit.analysis.conversation;

import org.jspecify.annotations.Nullable;

/// A call that a message led to failed, and not because the called side was away: what was written
/// for it was wrong.
final class FailedWork extends Sign {

    FailedWork() {
        super(
                OBSERVED,
                Part.FACTOR,
                "Have failed work repaired and run again before other agents build on it.");
    }

    @Override
    @Nullable Found first(Conversation conversation) {
        for (Message message : conversation.messages()) {
            for (Message.Call call : message.calls()) {
                if (call.failed() && !call.calledSide()) {
                    String type = call.errorType();
                    return found(
                            message,
                            "the "
                                    + call.action()
                                    + " it led to failed"
                                    + (type == null ? "" : " (" + type + ")"),
                            events(call));
                }
            }
        }
        return null;
    }
}
