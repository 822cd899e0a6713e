package org.agentaudit.ingest;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// How a body is packed (`Content-Encoding`).
enum BodyEncoding {
    IDENTITY {
        @Override
        InputStream unpack(InputStream packed) {
            return packed;
        }
    },
    GZIP {
        @Override
        InputStream unpack(InputStream packed) throws IOException {
            return new GZIPInputStream(packed, BUFFER);
        }
    },
    ZSTD {
        @Override
        InputStream unpack(InputStream packed) throws IOException {
            ZstdInputStream unpacked = new ZstdInputStream(packed);
            unpacked.setLongMax(LARGEST_WINDOW_LOG);
            return unpacked;
        }
    };

    /// 32 MiB of native memory at most for each body; zstd's usual levels need 8 MiB.
    private static final int LARGEST_WINDOW_LOG = 25;

    private static final int BUFFER = 1 << 16;

    /// Reads what was packed; fails at the end when that is truncated or corrupt.
    abstract InputStream unpack(InputStream packed) throws IOException;

    /// @param header value of `Content-Encoding`; null when there is none
    /// @throws UnsupportedBodyException for any other word
    static BodyEncoding of(@Nullable String header) {
        String word = header == null ? "" : header.strip().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "", "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "zstd" -> ZSTD;
            default ->
                    throw new UnsupportedBodyException(
                            "Content-Encoding is none of gzip, zstd and identity");
        };
    }

    /// The whole body.
    ///
    /// @throws BadBodyException      when it is truncated or corrupt
    /// @throws BodyTooLargeException when it unpacks to more than the limit; not more than that is
    ///     held
    byte[] unpack(byte[] body, int limit) {
        if (this == IDENTITY) {
            return body;
        }
        try (InputStream in = unpack(new ByteArrayInputStream(body))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(limit, 4 * body.length));
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (out.size() + read > limit) {
                    throw new BodyTooLargeException(
                            "the body unpacks to more than "
                                    + limit
                                    + " bytes: send it in several requests");
                }
                out.write(buffer, 0, read);
            }
            return out.toByteArray();
        } catch (IOException e) {
            String name = name().toLowerCase(Locale.ROOT);
            throw new BadBodyException(
                    "the body is not " + name + ", or it is truncated or corrupt: send it again");
        }
    }

    /// How a file is packed, by its name.
    static BodyEncoding ofFile(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        if (name.endsWith(".gz")) {
            return GZIP;
        }
        return Arrays.asList(".zst", ".zstd").stream().anyMatch(name::endsWith) ? ZSTD : IDENTITY;
    }
}
