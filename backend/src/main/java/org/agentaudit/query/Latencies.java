package org.agentaudit.query;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects durations: number, mean and maximum exactly, percentiles within 0.5 %.
final class Latencies {

    private static final double RELATIVE_ACCURACY = 0.005;

    private final DDSketch sketch = DDSketches.unboundedDense(RELATIVE_ACCURACY);
    private double sum;
    private double max;
    private long n;

    void add(double durationMs) {
        sketch.accept(durationMs);
        sum += durationMs;
        max = Math.max(max, durationMs);
        n++;
    }

    /// Adds what [#bytes] of others gave.
    ///
    /// @param count 0: nothing is added
    void add(long count, double sumMs, double maxMs, byte @Nullable [] bytes) {
        if (count == 0 || bytes == null) {
            return;
        }
        merge(bytes);
        sum += sumMs;
        max = Math.max(max, maxMs);
        n += count;
    }

    private void merge(byte[] bytes) {
        try {
            sketch.decodeAndMergeWith(ByteArrayInput.wrap(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("a stored latency sketch does not decode", e);
        }
    }

    /// What [#bytes] gave, changed by durations that came and others that went, which it holds.
    static byte @Nullable [] change(byte @Nullable [] bytes, Latencies came, Latencies went) {
        Latencies changed = new Latencies();
        if (bytes != null) {
            changed.merge(bytes);
        }
        changed.n = Math.round(changed.sketch.getCount()) + came.n - went.n;
        changed.sketch.mergeWith(came.sketch);
        if (went.n == 0) {
            return changed.bytes();
        }
        // a store's counts cannot be lowered, so the rest moves to another
        Map<Integer, Double> counts = new HashMap<>();
        changed.sketch.getPositiveValueStore().forEach(counts::put);
        went.sketch
                .getPositiveValueStore()
                .forEach((index, count) -> counts.merge(index, -count, Double::sum));
        Latencies rest = new Latencies();
        rest.n = changed.n;
        counts.forEach((index, count) -> rest.sketch.getPositiveValueStore().add(index, count));
        return rest.bytes();
    }

    long count() {
        return n;
    }

    /// Milliseconds.
    double sum() {
        return sum;
    }

    /// Milliseconds; 0 without durations.
    double max() {
        return max;
    }

    /// The sketch in its own encoding; null without durations.
    byte @Nullable [] bytes() {
        if (n == 0) {
            return null;
        }
        GrowingByteArrayOutput out = GrowingByteArrayOutput.withDefaultInitialCapacity();
        try {
            sketch.encode(out, false);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return out.trimmedCopy();
    }

    @Nullable LatencyStats stats() {
        return n == 0
                ? null
                : new LatencyStats(n, sum / n, quantile(0.5), quantile(0.95), quantile(0.99), max);
    }

    /// Nearest rank ⌈p·n⌉: the sketch's own rank is ⌊q·(n−1)⌋ from 0.
    private double quantile(double p) {
        long rank = (long) Math.ceil(p * n) - 1;
        double q = n == 1 ? 0 : (rank + 0.25) / (n - 1);
        return Math.min(max, sketch.getValueAtQuantile(Math.min(1, q)));
    }
}
