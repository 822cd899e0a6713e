package org.agentaudit.alert;

import java.util.List;
import org.agentaudit.access.AgentScope;
import org.agentaudit.query.BadInputException;

/// A rule with its condition as read.
record ReadRule(AlertRule rule, AlertWindow window, Condition condition, ConditionSql sql) {

    /// @throws BadInputException when an earlier version accepted what this one cannot read
    static ReadRule of(AlertRule rule) {
        AlertWindow window = AlertWindow.of(rule.window());
        Condition condition = ConditionParser.parse(rule.condition());
        return new ReadRule(rule, window, condition, sql(condition, window, rule.agentScope()));
    }

    static ConditionSql sql(Condition condition, AlertWindow window, List<String> agentScope) {
        return new ConditionSql(
                condition,
                window.length(),
                agentScope.isEmpty() ? null : AgentScope.likePatterns(agentScope));
    }
}
