package org.agentaudit;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

@Command(name = "verify", description = "Check the integrity of the store (not built yet).")
final class VerifyCommand implements Callable<Integer> {
    @Unmatched private String[] arguments = {};

    @Override
    public Integer call() {
        throw CommandException.notBuiltYet("verify");
    }
}
