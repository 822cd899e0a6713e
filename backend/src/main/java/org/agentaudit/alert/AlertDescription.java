package org.agentaudit.alert;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an alert says in one line.
final class AlertDescription {

    private static final MathContext SHOWN = new MathContext(6);

    private AlertDescription() {}

    /// For instance `agent_failure_spike for ops/planner: count 12 in the 15 minutes before
    /// 2026-11-21T10:00:00Z`.
    static String of(ReadRule read, Match match, Episode episode) {
        StringBuilder text = new StringBuilder(read.rule().name());
        String key = match.key().text(read.condition().keys());
        if (key != null) {
            text.append(" for ").append(key);
        }
        text.append(": ");
        for (int i = 0; i < match.measures().size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(read.condition().measures().get(i).name())
                    .append(' ')
                    .append(number(match.measures().get(i)));
            if (i == 0 && match.usual() != null) {
                text.append(" (usually ").append(number(match.usual())).append(')');
            }
        }
        text.append(" in the ")
                .append(words(read.window().length()))
                .append(" before ")
                .append(match.at());
        if (episode.resolvedAt() != null) {
            text.append("; found when late events had come in, over by then");
        }
        return text.toString();
    }

    private static String number(@Nullable Double number) {
        return number == null
                ? "unknown"
                : new BigDecimal(number).round(SHOWN).stripTrailingZeros().toPlainString();
    }

    private static String words(Duration window) {
        long seconds = window.toSeconds();
        if (seconds % 86_400 == 0) {
            return counted(seconds / 86_400, "day");
        }
        if (seconds % 3_600 == 0) {
            return counted(seconds / 3_600, "hour");
        }
        return seconds % 60 == 0 ? counted(seconds / 60, "minute") : counted(seconds, "second");
    }

    private static String counted(long count, String unit) {
        return count == 1 ? unit : count + " " + unit + "s";
    }
}
