package org.agentaudit;

import io.micronaut.runtime.server.EmbeddedServer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.agentaudit.access.UserAccounts;
import org.agentaudit.demo.DemoData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "serve", description = "Run the portal until it is told to stop (the default).")
final class ServeCommand implements Callable<Integer> {
    private static final Duration PARENT_CHECK = Duration.ofMillis(500);

    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        run(application.lifecycle(), spec.commandLine().getOut());
        return ExitCode.DONE;
    }

    static void run(Lifecycle lifecycle, PrintWriter out) throws InterruptedException {
        if ("true".equals(System.getenv("PORTAL_STOP_WITH_PARENT"))) {
            stopWithParent();
        }
        out.println("Agent Audit Portal " + Version.text() + " is starting");
        Portal portal = Portal.serving(lifecycle, out::println);
        signIns(portal, out);
        if (portal.demo()) {
            int loaded =
                    portal.get(DemoData.class)
                            .load(
                                    (done, all) ->
                                            out.println(
                                                    "Loading demonstration data: %d of %d events"
                                                            .formatted(done, all)));
            out.println(
                    loaded == 0
                            ? "Demonstration data is there"
                            : "Loaded " + loaded + " demonstration events");
        }
        EmbeddedServer server = portal.get(EmbeddedServer.class);
        server.start();
        lifecycle.add(() -> out.println("Agent Audit Portal is stopping"));
        out.println("Agent Audit Portal ready at " + address(server));
        new CountDownLatch(1).await();
    }

    private static void signIns(Portal portal, PrintWriter out) {
        UserAccounts accounts = portal.get(UserAccounts.class);
        String adminPassword = portal.setting("portal.admin-password");
        if (portal.demo()) {
            out.println("Sign in as one of:");
            accounts.ensureDemoUsers(portal.setting("portal.demo-password"), adminPassword)
                    .forEach(
                            user ->
                                    out.println(
                                            "  %-8s  password %s  (%s)"
                                                    .formatted(
                                                            user.username(),
                                                            user.password(),
                                                            user.role())));
        } else {
            accounts.ensureAdmin(adminPassword)
                    .ifPresent(
                            user ->
                                    out.println(
                                            "User %s was made, with the password %s (shown this once)"
                                                    .formatted(user.username(), user.password())));
        }
    }

    /// For a start from Maven, which leaves its child behind when it is killed itself.
    private static void stopWithParent() {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        Thread.ofPlatform()
                .daemon()
                .name("parent-watch")
                .start(
                        () -> {
                            // an orphan gets another parent
                            while (ProcessHandle.current().parent().equals(parent)) {
                                LockSupport.parkNanos(PARENT_CHECK.toNanos());
                            }
                            System.exit(ExitCode.DONE);
                        });
    }

    private static String address(EmbeddedServer server) {
        String host = server.getHost();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        return "%s://%s:%d"
                .formatted(server.getScheme(), everywhere ? "localhost" : host, server.getPort());
    }
}
