package org.agentaudit;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

@Command(name = "report", description = "Write a report to a file (not built yet).")
final class ReportCommand implements Callable<Integer> {
    @Unmatched private String[] arguments = {};

    @Override
    public Integer call() {
        throw CommandException.notBuiltYet("report");
    }
}
