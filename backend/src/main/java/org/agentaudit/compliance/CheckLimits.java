package org.agentaudit.compliance;

import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Settings of the checks (metrics "Compliance checks"): `PORTAL_LIMIT_<CHECK>_WARN` and `_FAIL`,
/// `PORTAL_TOKEN_BUDGET_PER_DAY`, `PORTAL_APPROVAL_TOOLS`.
@Singleton
class CheckLimits {

    private final Environment environment;

    CheckLimits(Environment environment) {
        this.environment = environment;
        if (tokenBudgetPerDay().orElse(1L) < 1) {
            throw new IllegalStateException(
                    "PORTAL_TOKEN_BUDGET_PER_DAY must be 1 or more, or not set.");
        }
    }

    @Nullable Double warnAt(String check, @Nullable Double byDefault) {
        return limit(check, "warn", byDefault);
    }

    @Nullable Double failAt(String check, @Nullable Double byDefault) {
        return limit(check, "fail", byDefault);
    }

    /// Tokens all agents together may use per day; empty when no budget is set.
    Optional<Long> tokenBudgetPerDay() {
        return environment.getProperty("portal.token-budget-per-day", Long.class);
    }

    /// Actions that need approval whatever the permission level; may be empty.
    List<String> approvalTools() {
        return environment
                .getProperty("portal.approval-tools", String[].class)
                .map(List::of)
                .orElse(List.of());
    }

    private @Nullable Double limit(String check, String level, @Nullable Double byDefault) {
        String name = "portal.limit." + check.replace('_', '-') + "-" + level;
        return environment.getProperty(name, Double.class).orElse(byDefault);
    }
}
