package org.agentaudit.analysis.conversation;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An agent states figures that are not in the task, before any call has brought anything: at least
/// two, numbers of list items and steps left out.
final class UnbackedFigures extends Sign {

    private static final int FIGURES = 2;
    private static final Pattern NUMBERING =
            Pattern.compile("(?im)^[ \\t#*]*[0-9]+[.)]|\\bstep [0-9]+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(?:[.,][0-9]+)*");

    UnbackedFigures() {
        super(
                UNBACKED,
                Part.FACTOR,
                "Have figures looked up by a call before other agents build on them.");
    }

    @Override
    @Nullable Found first(Conversation conversation) {
        Set<String> given = numbers(conversation.task());
        for (Message message : conversation.messages()) {
            Set<String> stated =
                    message.text().chars().noneMatch(Character::isDigit)
                            ? new HashSet<>()
                            : numbers(NUMBERING.matcher(message.text()).replaceAll(""));
            if (message.restates()) {
                given.addAll(stated);
            } else if (!message.holdsCode()) {
                stated.removeAll(given);
                if (stated.size() >= FIGURES) {
                    return found(
                            message,
                            "it states "
                                    + stated.size()
                                    + " figures before any call has brought one",
                            List.of());
                }
            }
            if (message.calls().stream().anyMatch(Message.Call::brought)) {
                return null;
            }
        }
        return null;
    }

    private static Set<String> numbers(String text) {
        Set<String> numbers = new HashSet<>();
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            numbers.add(matcher.group());
        }
        return numbers;
    }
}
