package org.agentaudit.analysis.conversation;

import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.jspecify.annotations.Nullable;

/// What one agent said, and the calls it led to.
///
/// @param place    among the messages, from 0
/// @param text     as far as it is read
/// @param restates the message repeats the task it was given, so its words are not the agent's own
/// @param calls    in order
record Message(int place, AuditEvent event, String text, boolean restates, List<Call> calls) {

    Message {
        calls = List.copyOf(calls);
    }

    /// A call that a message led to.
    ///
    /// @param result     null when none is recorded or it has no content
    /// @param failed     recorded as failed, or its result reads so
    /// @param calledSide the failure is one of what was called, not of how: time-out, connection,
    ///     refusal
    /// @param errorType  null when none is recorded
    record Call(
            AuditEvent event,
            @Nullable AuditEvent resultEvent,
            @Nullable String result,
            boolean failed,
            boolean calledSide,
            @Nullable String errorType) {

        String action() {
            return event.envelope().action();
        }

        /// Came back without failing and with something.
        boolean brought() {
            return !failed && result != null && !Texts.readsAsNothing(result);
        }

        /// Came back without failing and with nothing.
        boolean broughtNothing() {
            return !failed && result != null && Texts.readsAsNothing(result);
        }
    }

    String agent() {
        return event.envelope().agentId();
    }

    /// Asks for work that is written out in it.
    boolean holdsCode() {
        return text.contains("```");
    }
}
