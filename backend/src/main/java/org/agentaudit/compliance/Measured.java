package org.agentaudit.compliance;

import java.math.BigDecimal;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.jspecify.annotations.Nullable;

/// What a check measured, before it is held against limits: the fraction `part ÷ whole`, kept as a
/// fraction so that a value that is exactly at a limit is not above it.
///
/// @param whole      0 only when the population is 0
/// @param population things in the denominator
/// @param exceptions things that speak against it
/// @param what       the measurement in words, without its value
/// @param whenEmpty  verdict when the population is 0
/// @param why        sentence for that case; null: there was nothing of the kind
record Measured(
        BigDecimal part,
        BigDecimal whole,
        long population,
        long exceptions,
        String what,
        Verdict whenEmpty,
        @Nullable String why) {

    /// A share of counted things.
    static Measured share(long part, long whole, long exceptions, Verdict whenEmpty, String what) {
        return new Measured(
                BigDecimal.valueOf(part),
                BigDecimal.valueOf(whole),
                whole,
                exceptions,
                what,
                whenEmpty,
                null);
    }

    /// A plain number.
    static Measured number(
            long number, long population, long exceptions, Verdict whenEmpty, String what) {
        return new Measured(
                BigDecimal.valueOf(number),
                BigDecimal.ONE,
                population,
                exceptions,
                what,
                whenEmpty,
                null);
    }

    /// Nothing could be measured, for a reason.
    static Measured nothing(Verdict verdict, String why) {
        return new Measured(BigDecimal.ZERO, BigDecimal.ONE, 0, 0, "", verdict, why);
    }

    /// The same with another answer when the population is 0.
    Measured whenEmpty(Verdict verdict, String sentence) {
        return new Measured(part, whole, population, exceptions, what, verdict, sentence);
    }

    double value() {
        return part.doubleValue() / whole.doubleValue();
    }
}
