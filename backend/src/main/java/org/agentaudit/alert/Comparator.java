package org.agentaudit.alert;

import java.util.Arrays;
import java.util.Optional;

/// How two values are compared.
enum Comparator {
    EQUAL("="),
    DIFFERENT("<>"),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">=");

    private final String sql;

    Comparator(String sql) {
        this.sql = sql;
    }

    String sql() {
        return sql;
    }

    static Optional<Comparator> of(String symbol) {
        String known =
                switch (symbol) {
                    case "==" -> "=";
                    case "!=" -> "<>";
                    default -> symbol;
                };
        return Arrays.stream(values()).filter(one -> one.sql.equals(known)).findFirst();
    }
}
