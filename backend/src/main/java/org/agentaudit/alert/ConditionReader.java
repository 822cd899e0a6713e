package org.agentaudit.alert;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.query.BadInputException;

/// The tokens of a condition one after the other, and how many parts may be made of them.
final class ConditionReader {

    private static final Map<Character, Duration> UNITS =
            Map.of(
                    's', Duration.ofSeconds(1),
                    'm', Duration.ofMinutes(1),
                    'h', Duration.ofHours(1),
                    'd', Duration.ofDays(1),
                    'w', Duration.ofDays(7));
    private static final int DEEPEST = 20;
    private static final int MOST_PARTS = 200;

    /// Words that name nothing.
    static final Set<String> RESERVED =
            Set.of(
                    "and",
                    "or",
                    "not",
                    "in",
                    "by",
                    "as",
                    "where",
                    "stats",
                    "minimum",
                    "true",
                    "false",
                    "null",
                    "baseline");

    private final List<Token> tokens;
    private ConditionSource source = ConditionSource.AGENT_AUDIT_LOG;
    private int at;
    private int depth;
    private int parts;

    ConditionReader(String condition) {
        this.tokens = ConditionTokens.of(condition);
    }

    Token peek() {
        return tokens.get(at);
    }

    /// The token after the next one.
    Token second() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Token.Kind.END) {
            at++;
        }
        return token;
    }

    boolean accept(String symbolOrName) {
        boolean found = peek().is(symbolOrName);
        if (found) {
            at++;
        }
        return found;
    }

    void require(String symbolOrName) {
        if (!accept(symbolOrName)) {
            throw peek().expected("'" + symbolOrName + "'");
        }
    }

    /// Goes one level down; [#leave()] comes back.
    void enter() {
        if (++depth > DEEPEST) {
            throw peek().error("more than " + DEEPEST + " levels of brackets");
        }
    }

    void leave() {
        depth--;
    }

    /// Counts a part of what is read.
    void part(Token token) {
        if (++parts > MOST_PARTS) {
            throw token.error("more than " + MOST_PARTS + " parts");
        }
    }

    Token requireName(String what) {
        Token token = peek();
        if (token.kind() != Token.Kind.NAME || RESERVED.contains(token.text())) {
            throw token.expected(what);
        }
        return next();
    }

    /// Reads what the condition counts, whose fields follow.
    ConditionSource source() {
        Token token = peek();
        source =
                ConditionSource.of(token.text())
                        .filter(_ -> token.kind() == Token.Kind.NAME)
                        .orElseThrow(
                                () ->
                                        token.expected(
                                                Arrays.stream(ConditionSource.values())
                                                        .map(known -> "'" + known.word() + "'")
                                                        .collect(Collectors.joining(" or "))));
        next();
        return source;
    }

    EventField field() {
        Token token = requireName("a field");
        part(token);
        return source.field(token.text())
                .orElseThrow(
                        () ->
                                token.error(
                                        "'%s' is no field; fields are %s"
                                                .formatted(token.text(), source.known())));
    }

    double number(String what) {
        Token token = peek();
        if (token.kind() != Token.Kind.NUMBER) {
            throw token.expected(what);
        }
        part(token);
        return Double.parseDouble(next().text());
    }

    /// @throws BadInputException unless a duration such as `7d` comes next
    Duration duration() {
        Token token = peek();
        String text = token.text();
        if (token.kind() != Token.Kind.DURATION
                || !text.matches("\\d{1,4}[smhdw]")
                || text.matches("0+[smhdw]")) {
            throw token.expected("a duration such as 7d or 12h");
        }
        next();
        Duration unit = UNITS.get(text.charAt(text.length() - 1));
        if (unit == null) {
            throw token.expected("a duration such as 7d or 12h");
        }
        return unit.multipliedBy(Long.parseLong(text, 0, text.length() - 1, 10));
    }
}
