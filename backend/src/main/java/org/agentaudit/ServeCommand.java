package org.agentaudit;

import io.micronaut.runtime.server.EmbeddedServer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.agentaudit.access.DemoSignIn;
import org.agentaudit.access.DemoUsers;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccount;
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
        String adminPassword = portal.setting("portal.admin-password");
        if (portal.demo()) {
            out.println("Sign in as one of:");
            portal.get(DemoUsers.class)
                    .ensure(portal.setting("portal.demo-password"), adminPassword)
                    .forEach(signIn -> out.println("  " + line(signIn)));
        } else {
            portal.get(UserAccounts.class)
                    .ensureAdmin(adminPassword)
                    .ifPresent(
                            user ->
                                    out.println(
                                            "User %s was made, with the password %s (shown this once)"
                                                    .formatted(user.username(), user.password())));
        }
    }

    static String line(DemoSignIn signIn) {
        UserAccount user = signIn.user();
        String roles =
                user.roles().stream().sorted().map(Role::name).collect(Collectors.joining(", "));
        String entry;
        if (user.disabled()) {
            entry = "disabled";
        } else if (signIn.password() == null) {
            entry = "password set by hand";
        } else {
            entry = "password " + signIn.password();
        }
        return "%-8s  %s  (%s)".formatted(user.username(), entry, roles);
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
