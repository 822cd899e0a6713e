package org.agentaudit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.agentaudit.access.Role;
import org.agentaudit.bench.BenchReport;
import org.agentaudit.bench.IngestBench;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        description = "Measure.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BenchReportsCommand.class, BenchForensicsCommand.class})
final class BenchCommand {
    private static final double MEGABYTE = 1 << 20;

    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Command(
            name = "ingest",
            description = {
                "Send generated events over HTTP, load the rows that came of them by plain COPY into"
                        + " copies of the same tables, and print both rates.",
                "Starts a portal of its own on a database in a temporary folder, unless --url names"
                        + " one that runs."
            })
    int ingest(
            @Option(
                            names = "--events",
                            defaultValue = "100000",
                            description = "Events in a round (default ${DEFAULT-VALUE}).")
                    int events,
            @Option(
                            names = "--batch",
                            defaultValue = "1000",
                            description =
                                    "Events in a request, rows in a COPY commit (default ${DEFAULT-VALUE}).")
                    int batch,
            @Option(
                            names = "--clients",
                            defaultValue = "4",
                            description =
                                    "Connections that send batches (default ${DEFAULT-VALUE}).")
                    int clients,
            @Option(
                            names = "--copy-connections",
                            defaultValue = "1",
                            description = "Connections that COPY (default ${DEFAULT-VALUE}).")
                    int copyConnections,
            @Option(
                            names = "--rounds",
                            defaultValue = "3",
                            description =
                                    "Repetitions; the median counts (default ${DEFAULT-VALUE}).")
                    int rounds,
            @Option(
                            names = "--warm-up",
                            defaultValue = "100000",
                            description =
                                    "Events sent before anything is measured (default ${DEFAULT-VALUE}).")
                    int warmUp,
            @Option(
                            names = "--single",
                            defaultValue = "0",
                            description = "Requests of one event each, afterwards (default none).")
                    int singles,
            @Option(
                            names = "--connections",
                            defaultValue = "50",
                            description = "Connections for these (default ${DEFAULT-VALUE}).")
                    int connections,
            @Option(
                            names = "--rate",
                            defaultValue = "0",
                            description =
                                    "Of these, requests a second; latency counts from when a request"
                                            + " was due (default: as many as are answered).")
                    double rate,
            @Option(
                            names = "--seed",
                            defaultValue = "7",
                            description = "Same seed, same events (default ${DEFAULT-VALUE}).")
                    long seed,
            @Option(
                            names = "--file",
                            paramLabel = "FILE",
                            description =
                                    "Send the lines of this file instead of generated events.")
                    @Nullable Path file,
            @Option(names = "--url", paramLabel = "URL", description = "A portal that runs.")
                    @Nullable URI url,
            @Option(
                            names = "--key",
                            paramLabel = "KEY",
                            description = "Ingest key of that portal (default: PORTAL_INGEST_KEY).")
                    @Nullable String key,
            @Option(
                            names = "--into-existing",
                            description = "Though the store has events: generated ones stay in it.")
                    boolean intoExisting,
            @Option(names = "--json", description = "Print the figures as JSON.") boolean json)
            throws IOException, InterruptedException {
        if (events < 1
                || batch < 1
                || clients < 1
                || rounds < 1
                || copyConnections < 1
                || connections < 1
                || singles < 0
                || warmUp < 0
                || rate < 0) {
            throw new CommandException(ExitCode.WRONG_USE, "Numbers must be at least 1.");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Target target = url == null ? own(err::println) : running(url, key);
        IngestBench bench = target.portal.get(IngestBench.class);
        if (!intoExisting && !bench.storeIsEmpty()) {
            throw new CommandException(
                    ExitCode.WRONG_USE,
                    "The store has events, and generated ones cannot be taken out again."
                            + " Measure on an empty store, or say --into-existing.");
        }
        BenchReport report =
                bench.run(
                        new IngestBench.Plan(
                                target.url,
                                target.key,
                                url == null,
                                seed,
                                events,
                                batch,
                                clients,
                                copyConnections,
                                rounds,
                                warmUp,
                                file,
                                singles,
                                connections,
                                rate,
                                folder("bench-data")),
                        err::println);
        if (json) {
            out.println(
                    new ObjectMapper()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .writeValueAsString(report));
        } else {
            print(report, out);
        }
        boolean clean =
                report.rounds().stream().allMatch(round -> round.errors() == 0)
                        && (report.singles() == null || report.singles().errors() == 0);
        return clean ? ExitCode.DONE : ExitCode.DONE_WITH_FINDINGS;
    }

    private record Target(Portal portal, URI url, String key) {}

    private Target own(Consumer<String> progress) throws IOException {
        String key = "aap_bench-" + Long.toHexString(System.nanoTime()) + "-of-its-own";
        Portal portal =
                Portal.serving(
                        application.lifecycle(),
                        progress,
                        Map.of(
                                "portal.data-dir",
                                folder("bench-portal").toString(),
                                "portal.demo",
                                false,
                                "portal.ingest-key",
                                key,
                                "micronaut.server.host",
                                "localhost",
                                "micronaut.server.port",
                                -1));
        EmbeddedServer server = portal.get(EmbeddedServer.class);
        server.start();
        return new Target(
                portal, URI.create("http://localhost:%d".formatted(server.getPort())), key);
    }

    private Target running(URI url, @Nullable String key) {
        if (!"http".equals(url.getScheme()) || url.getHost() == null || url.getPort() < 0) {
            throw new CommandException(
                    ExitCode.WRONG_USE, "--url has the form http://localhost:8080");
        }
        Portal portal = Portal.beside(application.lifecycle(), message -> {});
        String given = key == null ? portal.setting("portal.ingest-key") : key;
        if (given == null) {
            throw new CommandException(
                    ExitCode.WRONG_USE,
                    "Name an ingest key of the portal with --key; key create makes one (role %s)."
                            .formatted(Role.INGESTOR));
        }
        return new Target(portal, url, given);
    }

    /// What is started for a command and goes with it.
    Lifecycle lifecycle() {
        return application.lifecycle();
    }

    /// A folder that goes when the command ends, after what was started in it.
    Path folder(String name) throws IOException {
        return application.lifecycle().temporaryFolder(name);
    }

    private static void print(BenchReport report, PrintWriter out) {
        out.println(
                "%s; seed %d; %,.0f bytes each; %,d to warm up, %,d events a round; %d clients x %d events; COPY of %d rows a commit, %d connection(s)"
                        .formatted(
                                report.load(),
                                report.seed(),
                                report.bytes(),
                                report.warmUp(),
                                report.events(),
                                report.clients(),
                                report.batch(),
                                report.batch(),
                                report.copyConnections()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "ROUND",
                        "HTTP/s",
                        "COPY/s",
                        "RATIO",
                        "p50 ms",
                        "p99 ms",
                        "max ms",
                        "429",
                        "ERRORS",
                        "COMMITS",
                        "SETTLED s",
                        "CPU us: PORTAL",
                        "CLIENT",
                        "POSTGRESQL",
                        "COPY",
                        "WAL bytes",
                        "COPY"));
        for (int i = 0; i < report.rounds().size(); i++) {
            BenchReport.Round round = report.rounds().get(i);
            rows.add(
                    List.of(
                            Integer.toString(i + 1),
                            whole(round.ingest()),
                            whole(round.copy()),
                            two(round.ratio()),
                            whole(round.p50Millis()),
                            whole(round.p99Millis()),
                            whole(round.maxMillis()),
                            Integer.toString(round.refused()),
                            Integer.toString(round.errors()),
                            Long.toString(round.commits()),
                            one(round.settleSeconds()),
                            one(round.portalCpu()),
                            one(round.clientCpu()),
                            one(round.serverCpu()),
                            one(round.copyCpu()),
                            whole(round.walBytes()),
                            whole(round.copyWalBytes())));
            round.failures().forEach(failure -> out.println("  failed: " + failure));
        }
        Table.print(rows, out);
        out.println(
                "Median: ingest %s events/s, plain COPY %s rows/s, ratio %s"
                        .formatted(
                                whole(report.ingest()), whole(report.copy()), two(report.ratio())));
        BenchReport.Singles singles = report.singles();
        if (singles != null) {
            out.println(
                    "Single events: %d requests over %d connections, %s/s%s; p50 %s ms, p99 %s ms, max %s ms; %d answered 429, %d errors; %d commits"
                            .formatted(
                                    singles.requests(),
                                    singles.connections(),
                                    whole(singles.perSecond()),
                                    singles.due() == 0 ? "" : " (" + whole(singles.due()) + " due)",
                                    one(singles.p50Millis()),
                                    one(singles.p99Millis()),
                                    one(singles.maxMillis()),
                                    singles.refused(),
                                    singles.errors(),
                                    singles.commits()));
            singles.failures().forEach(failure -> out.println("  failed: " + failure));
        }
        out.println(
                "Peak heap of this JVM %s MB of %s MB"
                        .formatted(
                                whole(report.peakHeap() / MEGABYTE),
                                whole(report.maxHeap() / MEGABYTE)));
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String one(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.1f", value);
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
