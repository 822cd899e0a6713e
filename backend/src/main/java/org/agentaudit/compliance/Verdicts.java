package org.agentaudit.compliance;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.jspecify.annotations.Nullable;

/// The one place where verdicts come from, for every page, API, file and mail.
public final class Verdicts {

    /// From the worst on. A check that could not judge is worse than one that passed: what rests on
    /// both is not shown to be in order.
    private static final List<Verdict> WORST_FIRST =
            List.of(
                    Verdict.FAIL,
                    Verdict.WARN,
                    Verdict.INSUFFICIENT_EVIDENCE,
                    Verdict.PASS,
                    Verdict.NOT_APPLICABLE);

    /// The worst first.
    public static final Comparator<Verdict> WORST = Comparator.comparingInt(WORST_FIRST::indexOf);

    private Verdicts() {}

    /// Of one measurement. A value that equals a limit is not beyond it.
    ///
    /// @param below  whether small values are the bad ones
    /// @param warnAt null: never WARN
    /// @param failAt null: never FAIL
    static Verdict of(
            Measured measured,
            boolean below,
            @Nullable BigDecimal warnAt,
            @Nullable BigDecimal failAt) {
        if (measured.population() == 0) {
            return measured.whenEmpty();
        }
        if (beyond(measured, below, failAt)) {
            return Verdict.FAIL;
        }
        return beyond(measured, below, warnAt) ? Verdict.WARN : Verdict.PASS;
    }

    /// `part ÷ whole` against the limit without dividing.
    private static boolean beyond(Measured measured, boolean below, @Nullable BigDecimal limit) {
        if (limit == null) {
            return false;
        }
        int side = measured.part().compareTo(limit.multiply(measured.whole()));
        return below ? side < 0 : side > 0;
    }

    /// Of a report: FAIL if any check fails, else WARN if any warns, else INSUFFICIENT_EVIDENCE if
    /// nothing could be evaluated, else PASS.
    public static Verdict overall(Collection<Verdict> checks) {
        for (Verdict verdict : List.of(Verdict.FAIL, Verdict.WARN, Verdict.PASS)) {
            if (checks.contains(verdict)) {
                return verdict;
            }
        }
        return Verdict.INSUFFICIENT_EVIDENCE;
    }

    /// Of a control: the worst of its checks in the order FAIL, WARN, INSUFFICIENT_EVIDENCE, PASS,
    /// NOT_APPLICABLE; INSUFFICIENT_EVIDENCE when no check speaks for it.
    static Verdict worst(Collection<Verdict> checks) {
        return checks.stream().min(WORST).orElse(Verdict.INSUFFICIENT_EVIDENCE);
    }
}
