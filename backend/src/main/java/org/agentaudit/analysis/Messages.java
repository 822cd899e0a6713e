package org.agentaudit.analysis;

import static org.agentaudit.analysis.ForensicsAnalysis.inferred;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.agentaudit.analysis.Forensics.Statement;
import org.agentaudit.analysis.Story.Work;
import org.agentaudit.analysis.conversation.Conversation;
import org.agentaudit.analysis.conversation.Sign;
import org.jspecify.annotations.Nullable;

/// What the messages of several agents add to the records. All of it is inferred.
final class Messages {

    private final @Nullable Story story;
    private final @Nullable Conversation conversation;
    private final List<Sign.Found> signs;

    private Messages(
            @Nullable Story story, @Nullable Conversation conversation, List<Sign.Found> signs) {
        this.story = story;
        this.conversation = conversation;
        this.signs = signs;
    }

    /// Of a viewer to whom content is masked.
    static Messages notRead() {
        return new Messages(null, null, List.of());
    }

    static Messages of(Story story) {
        Conversation conversation = Conversation.of(story.events(), story.pairing());
        return new Messages(
                story, conversation, conversation.isOpen() ? Sign.in(conversation) : List.of());
    }

    /// Whether a message is the likeliest cause: nothing failed for good that messages do not
    /// explain, and one of them stands out.
    boolean tellTheCause(@Nullable Work root) {
        if (story == null || conversation == null || signs.isEmpty()) {
            return false;
        }
        return signs.getFirst().pointsAtCause()
                && (root == null
                        || story.madeGood(root)
                        || Objects.requireNonNull(story.failuresByWork().get(root)).stream()
                                .allMatch(failure -> conversation.isOfAMessage(failure.step())));
    }

    private Sign.Found first() {
        return signs.getFirst();
    }

    Statement cause() {
        boolean failed = !Objects.requireNonNull(story).failures().isEmpty();
        return inferred(
                (failed
                                ? "It most likely went wrong first with a message of "
                                : "No record says that anything failed; if the outcome is wrong, look"
                                        + " first at a message of ")
                        + sentence(first()),
                first().evidence());
    }

    /// What failed in the records, then the other signs in order.
    List<Statement> factors() {
        return Factors.atMost(
                Stream.concat(
                                Factors.failures(Objects.requireNonNull(story)).stream(),
                                others().filter(sign -> sign.part() == Sign.Part.FACTOR)
                                        .map(sign -> statement(sign)))
                        .toList());
    }

    List<Statement> contradictions() {
        return statements(Sign.Part.CONTRADICTION);
    }

    List<Statement> gaps() {
        return statements(Sign.Part.GAP);
    }

    List<Statement> recommendations() {
        List<Statement> found = new ArrayList<>();
        for (Sign.Found sign : signs) {
            String advice = sign.advice();
            if (advice != null) {
                found.add(inferred(advice, sign.evidence()));
            }
        }
        return found;
    }

    private List<Statement> statements(Sign.Part part) {
        return others().filter(sign -> sign.part() == part).map(Messages::statement).toList();
    }

    private Stream<Sign.Found> others() {
        return signs.stream().skip(1);
    }

    private static Statement statement(Sign.Found sign) {
        return inferred("A message of " + sentence(sign), sign.evidence());
    }

    private static String sentence(Sign.Found sign) {
        return sign.agent() + ": " + sign.text() + ".";
    }
}
