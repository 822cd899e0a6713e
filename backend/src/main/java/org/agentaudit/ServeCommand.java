package org.agentaudit;

import io.micronaut.runtime.server.EmbeddedServer;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "serve", description = "Run the portal until it is told to stop (the default).")
final class ServeCommand implements Callable<Integer> {
    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        run(application.lifecycle(), spec.commandLine().getOut());
        return ExitCode.DONE;
    }

    static void run(Lifecycle lifecycle, PrintWriter out) throws InterruptedException {
        out.println("Agent Audit Portal " + Version.text() + " is starting");
        Portal portal = Portal.serving(lifecycle, out::println);
        EmbeddedServer server = portal.get(EmbeddedServer.class);
        server.start();
        lifecycle.add(() -> out.println("Agent Audit Portal is stopping"));
        out.println("Agent Audit Portal ready at " + address(server));
        new CountDownLatch(1).await();
    }

    private static String address(EmbeddedServer server) {
        String host = server.getHost();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        return "%s://%s:%d"
                .formatted(server.getScheme(), everywhere ? "localhost" : host, server.getPort());
    }
}
