package org.agentaudit.compliance;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How statements of checks write numbers.
final class CheckText {

    private CheckText() {}

    /// What was measured, its value and its limits, as one sentence.
    static String statement(Check check, AgentGroup group, Measured measured) {
        if (measured.population() > 0) {
            return measured.what()
                    + ": "
                    + value(measured.value(), check.unit())
                    + ", "
                    + limits(check, group)
                    + ".";
        }
        String why = measured.why();
        if (why != null) {
            return why;
        }
        return measured.whenEmpty() == CheckResult.Verdict.NOT_APPLICABLE
                ? "Nothing in the period falls under this check."
                : measured.what() + ": nothing to judge by.";
    }

    private static String limits(Check check, AgentGroup group) {
        String side = check.below() ? "below " : "above ";
        List<String> parts = new ArrayList<>();
        BigDecimal warnAt = group.warnAt();
        if (warnAt != null) {
            parts.add("warns " + side + limit(warnAt, check.unit()));
        }
        BigDecimal failAt = group.failAt();
        if (failAt != null) {
            parts.add("fails " + side + limit(failAt, check.unit()));
        }
        return parts.isEmpty() ? "no limit is set" : String.join(", ", parts);
    }

    /// A measured value with one decimal, half up, as pages have it.
    static String value(double value, String unit) {
        return unit.equals(Check.SHARE)
                ? percent(BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP))
                : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString() + " " + unit;
    }

    /// A limit as it is set, with all its decimals.
    private static String limit(BigDecimal limit, String unit) {
        return unit.equals(Check.SHARE)
                ? percent(limit)
                : limit.stripTrailingZeros().toPlainString() + " " + unit;
    }

    /// With one decimal or more.
    private static String percent(BigDecimal share) {
        BigDecimal percent = share.movePointRight(2).stripTrailingZeros();
        return percent.setScale(Math.max(1, percent.scale())).toPlainString() + " %";
    }

    static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    static String number(BigDecimal whole) {
        return String.format(Locale.ROOT, "%,d", whole.toBigIntegerExact());
    }

    static String count(long n, String noun) {
        return count(n, noun, noun + "s");
    }

    static String count(long n, String one, String many) {
        return number(n) + " " + (n == 1 ? one : many);
    }
}
