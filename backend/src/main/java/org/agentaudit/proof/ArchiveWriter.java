package org.agentaudit.proof;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Writes an archive (see the package's documentation), packed with zstd, event by event. Not
/// thread-safe.
///
/// ```java
/// try (ArchiveWriter archive = new ArchiveWriter(out, header)) {
///     archive.write(record); // … as many as the header says
///     archive.finish();
/// }
/// ```
public final class ArchiveWriter implements Closeable {
    static final String FORMAT = "agent-audit-archive";
    static final int VERSION = 1;
    static final String SUM = ",\"sum\":\"";

    private static final HexFormat HEX = HexFormat.of();

    private final OutputStream out;
    private final ArchiveHeader header;
    private final MessageDigest lines = Prover.sha256();
    private final MessageDigest leaves = Prover.sha256();
    private final MessageDigest line = Prover.sha256();
    private final StringBuilder text = new StringBuilder(2048);
    private long written;

    /// Writes the header.
    ///
    /// @param out taken over: closed with this
    public ArchiveWriter(OutputStream out, ArchiveHeader header) throws IOException {
        this.out = new ZstdOutputStreamNoFinalizer(out);
        this.header = header;
        text.append("{\"events\":").append(header.events());
        text.append(",\"format\":\"").append(FORMAT).append("\",\"formatVersion\":");
        text.append(VERSION).append(",\"from\":\"");
        LeafText.time(header.from(), text);
        text.append("\",\"portal\":");
        JsonText.string(header.portal(), text);
        text.append(",\"to\":\"");
        LeafText.time(header.to(), text);
        text.append('"');
        endLine();
    }

    /// Writes an event.
    ///
    /// @throws IllegalArgumentException when it has no text, see [Prover#leaf]
    public void write(ArchiveRecord record) throws IOException {
        byte[] leaf = record.leaf();
        text.append("{\"arrival\":\"").append(record.envelope().arrival()).append('"');
        content(record.parts());
        text.append(",\"digest\":\"").append(HEX.formatHex(record.digest())).append('"');
        text.append(",\"envelope\":");
        LeafText.write(record.envelope(), record.commitments(), text);
        hex("leaf", leaf);
        text.append(",\"redactionRules\":").append(record.redactionRules());
        hex("salt", record.salt());
        endLine();
        written++;
        if (leaf != null) {
            leaves.update(leaf);
        }
    }

    /// Writes the trailer and hands everything to the stream below; nothing may follow.
    ///
    /// @throws IllegalStateException when other events were written than the header says
    public void finish() throws IOException {
        if (written != header.events()) {
            throw new IllegalStateException(
                    "the header says %d events, %d were written"
                            .formatted(header.events(), written));
        }
        text.append("{\"end\":").append(written);
        hex("leaves", leaves.digest());
        hex("lines", lines.digest());
        endLine();
        out.flush();
    }

    /// Closes the stream below. An archive that was not finished is recognised as truncated.
    @Override
    public void close() throws IOException {
        out.close();
    }

    private void content(@Nullable ContentParts parts) {
        if (parts == null) {
            return;
        }
        text.append(",\"content\":{");
        String comma = "";
        for (Part part : Part.values()) {
            String value = parts.get(part);
            if (value != null) {
                text.append(comma).append('"').append(part.partName()).append("\":");
                JsonText.string(value, text);
                comma = ",";
            }
        }
        text.append('}');
    }

    private void hex(String name, byte @Nullable [] bytes) {
        if (bytes != null) {
            text.append(",\"").append(name).append("\":\"");
            text.append(HEX.formatHex(bytes)).append('"');
        }
    }

    private void endLine() throws IOException {
        byte[] sum = line.digest(text.toString().getBytes(StandardCharsets.UTF_8));
        text.append(SUM).append(HEX.formatHex(sum)).append("\"}\n");
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        text.setLength(0);
        lines.update(bytes);
        out.write(bytes);
    }
}
