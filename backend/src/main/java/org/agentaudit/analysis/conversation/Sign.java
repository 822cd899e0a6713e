package org.agentaudit.analysis.conversation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.jspecify.annotations.Nullable;

/// One rule by which a message stands out. It reads what is recorded, in one pass; that the message
/// is to blame is an inference.
public abstract sealed class Sign
        permits FailedWork,
                EmptyResult,
                Supposition,
                UnbackedFigures,
                NoCallBehind,
                Correction,
                SaidAgain,
                AnswerAfterFailure,
                UndoneWork {

    /// A sign of this weight rests on what came back or what the agent itself says; where there is
    /// one, the lighter ones are not asked.
    static final int OBSERVED = 3;

    /// A statement with nothing recorded behind it.
    static final int UNBACKED = 2;

    /// Tells of the course of things, points at no first cause.
    static final int COURSE = 0;

    private static final List<Sign> ALL =
            List.of(
                    new FailedWork(),
                    new EmptyResult(),
                    new Supposition(),
                    new UnbackedFigures(),
                    new NoCallBehind(),
                    new Correction(),
                    new SaidAgain(),
                    new AnswerAfterFailure(),
                    new UndoneWork());

    /// Where what a rule found is told, unless it is the likeliest cause.
    public enum Part {
        FACTOR,
        CONTRADICTION,
        GAP
    }

    private final int weight;
    private final Part part;
    private final @Nullable String advice;

    /// @param advice what would keep others from building on it; null when there is nothing to say
    Sign(int weight, Part part, @Nullable String advice) {
        this.weight = weight;
        this.part = part;
        this.advice = advice;
    }

    /// What a rule found.
    ///
    /// @param place    of the message among the messages
    /// @param message  the message itself, an event
    /// @param text     what was found, to be read after "X's message:"
    /// @param evidence the message first
    public record Found(
            Sign sign, int place, AuditEvent message, String text, List<AuditEvent> evidence) {

        public Found {
            evidence = List.copyOf(evidence);
        }

        public String agent() {
            return message.envelope().agentId();
        }

        public Part part() {
            return sign.part;
        }

        /// What could be changed; null when the rule says nothing of it.
        public @Nullable String advice() {
            return sign.advice;
        }

        /// Whether it may be where things went wrong first.
        public boolean pointsAtCause() {
            return sign.weight > COURSE;
        }
    }

    /// The first place where the rule holds; null when it holds nowhere.
    abstract @Nullable Found first(Conversation conversation);

    /// What every rule finds first, the likeliest cause first: the heaviest weight that was found,
    /// of it the earliest message; then the others of that weight and those that tell of the
    /// course, in order.
    public static List<Found> in(Conversation conversation) {
        List<Found> found = new ArrayList<>();
        for (Sign sign : ALL) {
            Found first = sign.first(conversation);
            if (first != null) {
                found.add(first);
            }
        }
        found.sort(Comparator.comparingInt(Found::place));
        Found cause =
                found.stream()
                        .filter(Found::pointsAtCause)
                        .min(
                                Comparator.<Found>comparingInt(one -> -one.sign.weight)
                                        .thenComparingInt(Found::place))
                        .orElse(null);
        if (cause != null) {
            found.removeIf(
                    one ->
                            one.equals(cause)
                                    || (one.pointsAtCause()
                                            && one.sign.weight < cause.sign.weight));
            found.addFirst(cause);
        }
        return List.copyOf(found);
    }

    Found found(Message message, String text, List<AuditEvent> more) {
        List<AuditEvent> evidence = new ArrayList<>();
        evidence.add(message.event());
        more.stream().filter(event -> !evidence.contains(event)).forEach(evidence::add);
        return new Found(this, message.place(), message.event(), text, evidence);
    }

    static List<AuditEvent> events(Message.Call call) {
        AuditEvent result = call.resultEvent();
        return result == null ? List.of(call.event()) : List.of(call.event(), result);
    }
}
