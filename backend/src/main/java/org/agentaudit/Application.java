package org.agentaudit;

import org.jspecify.annotations.Nullable;

/// Entry point of the portal and of its command line.
public final class Application {
    private Application() {}

    /// Runs a command.
    public static void main(String[] args) {
        String s = args.length > 0 ? args[0] : null;
        use(s);
    }

    static void use(@Nullable String s) {
        System.out.println(s);
    }
}
