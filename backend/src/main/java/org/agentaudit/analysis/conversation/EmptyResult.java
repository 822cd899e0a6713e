package org.agentaudit.analysis.conversation;

import java.util.ArrayList;
import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.jspecify.annotations.Nullable;

/// A call came back with nothing, or with a short "not found", and the conversation went on.
final class EmptyResult extends Sign {

    EmptyResult() {
        super(
                OBSERVED,
                Part.FACTOR,
                "Let an agent stop and say so when a call brings nothing, instead of going on.");
    }

    @Override
    @Nullable Found first(Conversation conversation) {
        List<Message> messages = conversation.messages();
        for (int i = 0; i + 1 < messages.size(); i++) {
            for (Message.Call call : messages.get(i).calls()) {
                if (call.broughtNothing()) {
                    List<AuditEvent> cited = new ArrayList<>(events(call));
                    cited.add(messages.get(i + 1).event());
                    return found(
                            messages.get(i),
                            "the "
                                    + call.action()
                                    + " it led to brought nothing, and the messages after it build on"
                                    + " that",
                            cited);
                }
            }
        }
        return null;
    }
}
