package org.agentaudit;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.agentaudit.database.ConnectionInfo;
import org.agentaudit.database.DatabaseCheck;
import org.agentaudit.database.EmbeddedDatabase;
import org.jspecify.annotations.Nullable;

/// The portal's beans on a database that runs: what every command works with. Nothing listens on
/// the network yet.
///
/// @param context  started, tables up to date
/// @param dataDir  absolute
/// @param demo     whether demonstration data and users are wanted
record Portal(ApplicationContext context, Path dataDir, boolean demo) {
    private static final Map<String, String> NOT_DURABLE =
            Map.of("fsync", "off", "full_page_writes", "off", "synchronous_commit", "off");

    /// For the portal itself: starts the embedded database when no other is set.
    static Portal serving(Lifecycle lifecycle, Consumer<String> progress) {
        return serving(lifecycle, progress, Map.of());
    }

    /// The same with settings that go before all others.
    static Portal serving(
            Lifecycle lifecycle, Consumer<String> progress, Map<String, Object> settings) {
        return open(lifecycle, progress, Database.OURS, settings);
    }

    /// For commands: when a portal is running on the data folder, its database is used.
    static Portal beside(Lifecycle lifecycle, Consumer<String> progress) {
        return open(lifecycle, progress, Database.RUNNING, Map.of());
    }

    /// On an empty embedded database in `folder`, whatever database is configured: for a command
    /// that leaves nothing behind. Lives no longer than the folder, so speed goes before
    /// durability.
    static Portal throwAway(Lifecycle lifecycle, Path folder) {
        return open(
                lifecycle,
                message -> {},
                Database.THROW_AWAY,
                Map.of("portal.data-dir", folder.toString()));
    }

    /// Which database is worked on.
    private enum Database {
        /// That of the settings, else one of our own.
        OURS,
        /// The same; when a portal runs on the data folder, its.
        RUNNING,
        /// A new one.
        THROW_AWAY
    }

    private static Portal open(
            Lifecycle lifecycle,
            Consumer<String> progress,
            Database kind,
            Map<String, Object> overrides) {
        ApplicationContext context =
                ApplicationContext.builder()
                        .deduceEnvironment(false)
                        .banner(false)
                        // a command does the work it is asked for; what runs in the background
                        // belongs to the portal
                        .properties(Map.of("portal.background", kind == Database.OURS))
                        .build();
        Environment settings = context.getEnvironment();
        settings.start();
        settings.addPropertySource(
                PropertySource.of("overrides", overrides, Integer.MAX_VALUE - 1));
        SettingsCheck.require(settings);
        Path dataDir =
                Path.of(settings.getProperty("portal.data-dir", String.class).orElse("data"))
                        .toAbsolutePath()
                        .normalize();
        ConnectionInfo database;
        Optional<String> url =
                kind == Database.THROW_AWAY
                        ? Optional.empty()
                        : settings.getProperty("datasources.default.url", String.class);
        if (url.isPresent()) {
            database =
                    new ConnectionInfo(
                            url.get(),
                            settings.getProperty("datasources.default.username", String.class)
                                    .orElse(""),
                            settings.getProperty("datasources.default.password", String.class)
                                    .orElse(""));
        } else {
            database = embedded(lifecycle, progress, kind, dataDir);
        }
        DatabaseCheck.require(database);
        Map<String, Object> found = new HashMap<>();
        found.put("datasources.default.url", database.jdbcUrl());
        found.put("datasources.default.username", database.username());
        found.put("datasources.default.password", database.password());
        found.put("portal.data-dir", dataDir.toString());
        found.put("portal.version", Version.text());
        settings.addPropertySource(PropertySource.of("command", found, Integer.MAX_VALUE));
        progress.accept("Bringing the tables up to date");
        lifecycle.add(context);
        context.start();
        return new Portal(
                context, dataDir, settings.getProperty("portal.demo", Boolean.class).orElse(false));
    }

    private static ConnectionInfo embedded(
            Lifecycle lifecycle, Consumer<String> progress, Database kind, Path dataDir) {
        if (kind == Database.RUNNING) {
            Optional<ConnectionInfo> running = EmbeddedDatabase.running(dataDir);
            if (running.isPresent()) {
                return running.get();
            }
        }
        return lifecycle
                .add(
                        new EmbeddedDatabase(
                                dataDir,
                                kind == Database.THROW_AWAY ? NOT_DURABLE : Map.of(),
                                progress))
                .start();
    }

    /// A bean.
    <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    /// A setting as text; null when it is not set.
    @Nullable String setting(String name) {
        return context.getProperty(name, String.class).filter(text -> !text.isBlank()).orElse(null);
    }
}
