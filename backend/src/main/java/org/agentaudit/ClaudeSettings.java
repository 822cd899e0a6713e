package org.agentaudit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The settings file of Claude Code: `hooks` holds, per event, a list of matcher groups, each with
/// a list of handlers. Only handlers with our mark are touched; everything else stays as it is, in
/// its order. Written the way Claude Code itself writes it, in the indentation found.
final class ClaudeSettings {
    /// Ends our command, as a comment of the shell, and tells it from other people's.
    static final String MARK = "# agent-audit-portal";

    private static final int TIMEOUT_SECONDS = 10;
    private static final String BACKUP = ".before-agent-audit";
    private static final Pattern INDENT = Pattern.compile("\\n([ \\t]+)\"");

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
                    .build();

    private final Path file;
    private final String before;
    private final ObjectNode root;

    private ClaudeSettings(Path file, String before, ObjectNode root) {
        this.file = file;
        this.before = before;
        this.root = root;
    }

    /// Reads the file; one that does not exist yet is empty. A link is followed, so that it stays
    /// one.
    ///
    /// @throws CommandException when it holds no JSON object, or hooks of another form
    static ClaudeSettings read(Path named) throws IOException {
        if (!Files.exists(named)) {
            return new ClaudeSettings(named, "", JSON.createObjectNode());
        }
        Path file = named.toRealPath();
        String text = Files.readString(file);
        if (text.isBlank()) {
            return new ClaudeSettings(file, text, JSON.createObjectNode());
        }
        JsonNode read;
        try (JsonParser parser = JSON.createParser(text)) {
            read = JSON.readTree(parser);
        } catch (JsonProcessingException e) {
            throw refused(
                    file,
                    "is no JSON (line "
                            + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
                            + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse("")
                            + ")");
        }
        if (!(read instanceof ObjectNode root)) {
            throw refused(file, "holds no JSON object");
        }
        JsonNode hooks = root.get("hooks");
        if (hooks != null && !hooks.isObject()) {
            throw refused(file, "has \"hooks\" that are no object");
        }
        return new ClaudeSettings(file, text, root);
    }

    private static CommandException refused(Path file, String what) {
        return new CommandException(
                ExitCode.WRONG_USE,
                "%s %s. It was left as it is; correct it and try again.".formatted(file, what));
    }

    Path file() {
        return file;
    }

    /// Events that call our command, sorted.
    List<String> events() {
        TreeSet<String> events = new TreeSet<>();
        for (Map.Entry<String, JsonNode> event : root.path("hooks").properties()) {
            for (JsonNode group : event.getValue()) {
                for (JsonNode handler : group.path("hooks")) {
                    if (isOurs(handler)) {
                        events.add(event.getKey());
                    }
                }
            }
        }
        return List.copyOf(events);
    }

    private static boolean isOurs(JsonNode handler) {
        return handler.path("command").asText().endsWith(MARK);
    }

    /// Has exactly these events call the command; other handlers of theirs stay.
    void install(Collection<String> events, String command) {
        ObjectNode handler =
                JSON.createObjectNode()
                        .put("type", "command")
                        .put("command", command + " " + MARK)
                        .put("timeout", TIMEOUT_SECONDS);
        ObjectNode group = JSON.createObjectNode();
        group.putArray("hooks").add(handler);
        ObjectNode hooks =
                root.get("hooks") instanceof ObjectNode there ? there : JSON.createObjectNode();
        for (String event : events) {
            JsonNode groups = hooks.get(event);
            if (groups != null && !groups.isArray()) {
                throw refused(file, "has \"hooks\"." + event + " that is no list");
            }
            if (groups instanceof ArrayNode list && holdsOnly(list, group)) {
                continue;
            }
            removeFrom(groups);
            ArrayNode list = groups instanceof ArrayNode array ? array : hooks.putArray(event);
            list.add(group.deepCopy());
        }
        for (String event : events()) {
            if (!events.contains(event)) {
                removeEvent(hooks, event);
            }
        }
        root.set("hooks", hooks);
    }

    /// Whether our handler is there once, in a group like the one that would be added.
    private static boolean holdsOnly(ArrayNode groups, ObjectNode group) {
        int ours = 0;
        int same = 0;
        for (JsonNode one : groups) {
            same += one.equals(group) ? 1 : 0;
            for (JsonNode handler : one.path("hooks")) {
                ours += isOurs(handler) ? 1 : 0;
            }
        }
        return same == 1 && ours == 1;
    }

    /// Takes our handlers out, and what holds nothing then.
    void uninstall() {
        if (root.get("hooks") instanceof ObjectNode hooks) {
            for (String event : events()) {
                removeEvent(hooks, event);
            }
            if (hooks.isEmpty()) {
                root.remove("hooks");
            }
        }
    }

    private static void removeEvent(ObjectNode hooks, String event) {
        JsonNode groups = hooks.get(event);
        removeFrom(groups);
        if (groups != null && groups.isEmpty()) {
            hooks.remove(event);
        }
    }

    private static void removeFrom(JsonNode groups) {
        if (!(groups instanceof ArrayNode list)) {
            return;
        }
        for (Iterator<JsonNode> each = list.iterator(); each.hasNext(); ) {
            if (each.next().path("hooks") instanceof ArrayNode handlers) {
                List<JsonNode> others = new ArrayList<>();
                handlers.forEach(
                        handler -> {
                            if (!isOurs(handler)) {
                                others.add(handler);
                            }
                        });
                if (others.isEmpty() && !handlers.isEmpty()) {
                    each.remove();
                } else if (others.size() < handlers.size()) {
                    handlers.removeAll().addAll(others);
                }
            }
        }
    }

    /// Whether there is anything to write.
    boolean changed() throws IOException {
        return before.isBlank() ? !root.isEmpty() : !JSON.readTree(before).equals(root);
    }

    /// The file as it would be written.
    String text() throws IOException {
        Matcher found = INDENT.matcher(before);
        DefaultIndenter indent = new DefaultIndenter(found.find() ? found.group(1) : "  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(
                        Separators.createDefaultInstance()
                                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                                .withObjectEmptySeparator("")
                                .withArrayEmptySeparator(""));
        printer.indentObjectsWith(indent);
        printer.indentArraysWith(indent);
        String end = before.isEmpty() || before.endsWith("\n") ? "\n" : "";
        return JSON.writer(printer).writeValueAsString(root) + end;
    }

    /// Takes the file away when nothing is left in it and it was not there before the hook, with
    /// what was kept of it since.
    ///
    /// @return whether it is gone
    boolean remove() throws IOException {
        Path kept = kept();
        if (!root.isEmpty() || Files.exists(kept) && !Files.readString(kept).contains(MARK)) {
            return false;
        }
        Files.deleteIfExists(file);
        Files.deleteIfExists(kept);
        return true;
    }

    private Path kept() {
        return file.resolveSibling(file.getFileName() + BACKUP);
    }

    /// Writes the file at once or not at all, with the rights it had; what it was is kept beside
    /// it.
    ///
    /// @return where the old file is kept; the file itself when there was none
    Path write() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw refused(file, "cannot be a file");
        }
        Files.createDirectories(folder);
        Path kept = file;
        boolean existed = Files.exists(file);
        if (existed) {
            kept = kept();
            Files.copy(
                    file,
                    kept,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path next = Files.createTempFile(folder, ".settings", ".json");
        try {
            Files.writeString(next, text(), StandardCharsets.UTF_8);
            Files.setPosixFilePermissions(
                    next,
                    existed
                            ? Files.getPosixFilePermissions(file)
                            : PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
        return kept;
    }
}
