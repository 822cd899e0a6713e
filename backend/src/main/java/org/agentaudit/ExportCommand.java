package org.agentaudit;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

@Command(name = "export", description = "Write events to a file (not built yet).")
final class ExportCommand implements Callable<Integer> {
    @Unmatched private String[] arguments = {};

    @Override
    public Integer call() {
        throw CommandException.notBuiltYet("export");
    }
}
