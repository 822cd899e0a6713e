package org.agentaudit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.agentaudit.bench.AttributionReport;
import org.agentaudit.bench.ForensicsBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "forensics",
        description = {
            "Measure how often the root cause points at the agent and the step that people found at"
                    + " fault, on unpacked runs of the data set Who&When"
                    + " (github.com/ag2ai/Agents_Failure_Attribution).",
            "The design half (first byte of the SHA-256 of question_ID is even) was looked at while"
                    + " the rules were written, the unseen half was not. Needs no database."
        })
final class BenchForensicsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder with the runs as JSON files.")
    private Path folder;

    @Option(names = "--json", description = "Print the figures as JSON.")
    private boolean json;

    BenchForensicsCommand() {}

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new CommandException(ExitCode.WRONG_USE, "There is no folder " + folder + ".");
        }
        AttributionReport report;
        try {
            report = ForensicsBench.run(folder);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.WRONG_USE, folder + ": " + e.getMessage() + ".");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(
                    new ObjectMapper()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .writeValueAsString(report));
            return ExitCode.DONE;
        }
        AttributionReport.Half design = report.design();
        AttributionReport.Half unseen = report.unseen();
        Table.print(
                List.of(
                        List.of("", "DESIGN", "UNSEEN"),
                        row("runs", design.runs(), unseen.runs()),
                        List.of(
                                "agent named",
                                share(design.agent(), design.runs()),
                                share(unseen.agent(), unseen.runs())),
                        List.of(
                                "step named",
                                share(design.step(), design.runs()),
                                share(unseen.step(), unseen.runs())),
                        List.of(
                                "nothing said",
                                share(design.silent(), design.runs()),
                                share(unseen.silent(), unseen.runs())),
                        List.of(
                                "agent, drawn at random",
                                percent(design.randomAgent()),
                                percent(unseen.randomAgent())),
                        List.of(
                                "step, drawn at random",
                                percent(design.randomStep()),
                                percent(unseen.randomStep())),
                        List.of(
                                "agent, who speaks most",
                                share(design.busiestAgent(), design.runs()),
                                share(unseen.busiestAgent(), unseen.runs())),
                        List.of(
                                "agent, who answers first",
                                share(design.firstAnswerAgent(), design.runs()),
                                share(unseen.firstAnswerAgent(), unseen.runs())),
                        List.of(
                                "step, the first answer",
                                share(design.firstAnswerStep(), design.runs()),
                                share(unseen.firstAnswerStep(), unseen.runs()))),
                out);
        out.println(
                "Published best methods, over the whole data set: agent %s, step %s (arXiv 2505.00212)"
                        .formatted(
                                percent(AttributionReport.PUBLISHED_AGENT),
                                percent(AttributionReport.PUBLISHED_STEP)));
        return ExitCode.DONE;
    }

    private static List<String> row(String name, int design, int unseen) {
        return List.of(name, Integer.toString(design), Integer.toString(unseen));
    }

    private static String share(int part, int whole) {
        return whole == 0 ? "-" : percent((double) part / whole) + " (" + part + ")";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
