package org.agentaudit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.agentaudit.bench.ReportsBench;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "reports",
        description = {
            "Fill a database of its own with generated events, then measure how long each report takes;"
                    + " with several sizes, what it takes on each of them.",
            "The database is in a temporary folder and goes when the command ends, unless --stored is given."
        })
final class BenchReportsCommand implements Callable<Integer> {
    @ParentCommand private BenchCommand bench;
    @Spec private CommandSpec spec;

    @Option(
            names = "--events",
            split = ",",
            defaultValue = "100000",
            paramLabel = "N",
            description = "Events in the store; several sizes in ascending order, N,M.")
    private List<Long> events = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description =
                    "How often each report is measured; the median counts (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seed",
            defaultValue = "7",
            description = "Same seed, same events (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--stored",
            description =
                    "Measure the configured store as it is, over the 30 days up to its last event.")
    private boolean stored;

    @Option(names = "--json", description = "Print the figures as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean ascending = true;
        for (int i = 1; i < events.size(); i++) {
            ascending &= events.get(i - 1) < events.get(i);
        }
        if (rounds < 1 || events.isEmpty() || events.getFirst() < 1 || !ascending) {
            throw new CommandException(
                    ExitCode.WRONG_USE,
                    "--rounds and --events must be at least 1, and sizes ascend.");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Map<String, Object> settings = new HashMap<>();
        settings.put("portal.demo", false);
        settings.put("portal.retention.automatic", false);
        if (!stored) {
            settings.put("portal.data-dir", bench.folder("bench-reports").toString());
        }
        ReportsBench reports =
                Portal.serving(bench.lifecycle(), err::println, settings).get(ReportsBench.class);
        List<ReportsBench.Size> sizes =
                stored
                        ? List.of(reports.measure(rounds, err::println))
                        : reports.run(events, rounds, seed, err::println);
        if (json) {
            out.println(json(sizes));
        } else {
            out.println(
                    (stored ? "the store as it is" : reports.load() + "; seed " + seed)
                            + "; median of "
                            + rounds);
            print(sizes, out);
        }
        return ExitCode.DONE;
    }

    private static String json(List<ReportsBench.Size> sizes) throws JsonProcessingException {
        return new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(sizes);
    }

    private static void print(List<ReportsBench.Size> sizes, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("MILLISECONDS"));
        sizes.forEach(size -> head.add("%,d events".formatted(size.events())));
        boolean several = sizes.size() > 1;
        if (several) {
            head.add("RATIO");
        }
        rows.add(head);
        ReportsBench.Size last = sizes.getLast();
        for (String name : last.reports().keySet()) {
            List<String> row = new ArrayList<>(List.of(name));
            sizes.forEach(size -> row.add(text(size.reports().get(name))));
            if (several) {
                row.add(ratio(sizes.getFirst().reports().get(name), last.reports().get(name)));
            }
            rows.add(row);
        }
        rows.add(seconds("stored, seconds", sizes, ReportsBench.Size::storeSeconds, several));
        rows.add(seconds("settled, seconds", sizes, ReportsBench.Size::settleSeconds, several));
        rows.add(
                seconds(
                        "looked at for findings, seconds",
                        sizes,
                        ReportsBench.Size::findSeconds,
                        several));
        Table.print(rows, out);
    }

    private interface Seconds {
        double of(ReportsBench.Size size);
    }

    private static List<String> seconds(
            String name, List<ReportsBench.Size> sizes, Seconds seconds, boolean several) {
        List<String> row = new ArrayList<>(List.of(name));
        sizes.forEach(size -> row.add(number(seconds.of(size))));
        if (several) {
            row.add("");
        }
        return row;
    }

    private static String text(ReportsBench.@Nullable Measured measured) {
        if (measured == null) {
            return "-";
        }
        Double millis = measured.millis();
        return millis == null ? String.valueOf(measured.problem()) : number(millis);
    }

    private static String ratio(
            ReportsBench.@Nullable Measured first, ReportsBench.@Nullable Measured last) {
        Double before = first == null ? null : first.millis();
        Double after = last == null ? null : last.millis();
        return before == null || after == null
                ? "-"
                : String.format(Locale.ROOT, "%.2f", after / before);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }
}
