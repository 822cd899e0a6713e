package org.agentaudit.alert;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Texts of conditions that the grammar allows, over values that random events have.
final class RandomConditions {

    private static final List<String> FLAGS = List.of("errored", "sensitive_data_accessed");
    private static final List<String> NUMBERS =
            List.of("duration_ms", "input_tokens", "total_tokens", "cost_usd", "handoff_depth");
    private static final List<String> TEXTS =
            List.of("agent_id", "action", "error_type", "session_id", "task_id", "producer");
    private static final List<String> WORDS =
            List.of("outcome_status", "event_type", "permission_level", "intervention", "tier");
    private static final List<String> COMPARATORS = List.of("=", "!=", "<", "<=", ">", ">=");

    private final Random random;

    RandomConditions(Random random) {
        this.random = random;
    }

    String next() {
        StringBuilder text = new StringBuilder("agent_audit_log");
        for (int i = random.nextInt(5) / 2; i > 0; i--) {
            text.append("\n| ").append(random.nextBoolean() ? "where " : "").append(filter(1));
        }
        int measures = 1 + random.nextInt(3);
        List<String> measured = new ArrayList<>();
        for (int i = 0; i < measures; i++) {
            measured.add(measure() + " as m" + i);
        }
        text.append("\n| ").append(String.join(", ", measured));
        if (random.nextInt(4) > 0) {
            List<String> keys = new ArrayList<>(TEXTS);
            keys.addAll(WORDS);
            keys.addAll(FLAGS);
            Collections.shuffle(keys, random);
            text.append(" by ").append(String.join(", ", keys.subList(0, 1 + random.nextInt(2))));
        }
        text.append("\n| ").append(test(2, measures));
        if (random.nextInt(3) == 0) {
            text.append(
                    "\n| m0 %s baseline(m%d, %s) * 0.%d"
                            .formatted(
                                    pick(COMPARATORS),
                                    random.nextInt(measures),
                                    random.nextBoolean() ? "3d" : "6h, 1h",
                                    1 + random.nextInt(9)));
        }
        return text.append("\n| minimum ").append(random.nextInt(4)).toString();
    }

    private String filter(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> pick(FLAGS) + (random.nextBoolean() ? " = " : " != ") + random.nextBoolean();
            case 1 -> pick(NUMBERS) + " " + pick(COMPARATORS) + " " + random.nextInt(800);
            case 2 -> text();
            case 3 -> word();
            case 4 -> "not (" + filter(depth - 1) + ")";
            case 5 -> "(" + filter(depth - 1) + " or " + filter(depth - 1) + ")";
            default -> "(" + filter(depth - 1) + " and " + filter(depth - 1) + ")";
        };
    }

    private String text() {
        String field = pick(TEXTS);
        return switch (random.nextInt(4)) {
            case 0 -> field + (random.nextBoolean() ? " = null" : " != null");
            case 1 -> field + " != " + value(field);
            case 2 ->
                    field
                            + (random.nextBoolean() ? " in (" : " not in (")
                            + value(field)
                            + ", "
                            + value(field)
                            + ")";
            default -> field + " = " + value(field);
        };
    }

    private String value(String field) {
        return switch (field) {
            case "agent_id" ->
                    pick(List.of("'ops/planner'", "'support'", "\"böse\\%_agent\"", "'研究'"));
            case "action" -> "'action-" + random.nextInt(4) + "'";
            case "error_type" -> pick(List.of("'TimeoutError'", "'unspecified'", "'it''s'"));
            case "session_id" -> "'session-" + random.nextInt(5) + "'";
            case "task_id" -> "'task-" + random.nextInt(5) + "'";
            default -> "'producer-" + random.nextInt(3) + "'";
        };
    }

    private String word() {
        String field = pick(WORDS);
        String value =
                switch (field) {
                    case "outcome_status" -> pick(List.of("'failure'", "'Success'", "'UNKNOWN'"));
                    case "event_type" -> pick(List.of("'tool_call'", "'error'", "'handoff'"));
                    case "permission_level" -> "'admin'";
                    case "intervention" -> pick(List.of("'escalation'", "'approval'"));
                    default -> pick(List.of("'debug'", "'info'", "'critical'"));
                };
        return field + (random.nextInt(3) == 0 ? " != " : " = ") + value;
    }

    private String measure() {
        return switch (random.nextInt(6)) {
            case 0 -> "count(" + filter(1) + ")";
            case 1 -> "sum(" + pick(NUMBERS) + ")";
            case 2 -> "distinct(" + pick(TEXTS) + ")";
            case 3 -> pick(List.of("avg(", "max(")) + pick(NUMBERS) + ")";
            case 4 ->
                    "percentile(" + pick(NUMBERS) + ", " + pick(List.of("50", "95", "99.5")) + ")";
            default -> "count()";
        };
    }

    private String test(int depth, int measures) {
        return switch (random.nextInt(depth == 0 ? 2 : 5)) {
            case 0, 1 -> number(measures) + " " + pick(COMPARATORS) + " " + number(measures);
            case 2 -> "not (" + test(depth - 1, measures) + ")";
            case 3 -> "(" + test(depth - 1, measures) + " or " + test(depth - 1, measures) + ")";
            default -> "(" + test(depth - 1, measures) + " and " + test(depth - 1, measures) + ")";
        };
    }

    private String number(int measures) {
        String measure = "m" + random.nextInt(measures);
        return switch (random.nextInt(5)) {
            case 0 -> measure + " " + pick(List.of("+", "-", "*", "/")) + " m0";
            case 1 -> "(" + measure + " - 1) * 2";
            case 2, 3 -> measure;
            default -> Integer.toString(random.nextInt(8));
        };
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /// Many of them.
    List<String> list(int count) {
        return IntStream.range(0, count).mapToObj(_ -> next()).toList();
    }
}
