package org.agentaudit.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Bytes prepared beforehand, cut into pieces, in a file so that they take no heap. Written by one
/// thread, then read by any number.
final class PieceFile implements AutoCloseable {
    private static final int BUFFER = 1 << 20;

    private final Path path;
    private final OutputStream out;
    private final FileChannel channel;
    private final List<Long> ends = new ArrayList<>();
    private long written;

    PieceFile(Path folder) throws IOException {
        this.path = Files.createTempFile(folder, "bench-", ".bytes");
        this.out = new BufferedOutputStream(Files.newOutputStream(path), BUFFER);
        this.channel = FileChannel.open(path);
    }

    void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        written += length;
    }

    /// Ends the piece that was being written.
    void cut() {
        ends.add(written);
    }

    /// Ends writing.
    void done() throws IOException {
        out.close();
    }

    int pieces() {
        return ends.size();
    }

    long bytes() {
        return written;
    }

    byte[] read(int piece) throws IOException {
        long from = piece == 0 ? 0 : ends.get(piece - 1);
        ByteBuffer buffer = ByteBuffer.allocate((int) (ends.get(piece) - from));
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("prepared data ends early");
            }
        }
        return buffer.array();
    }

    @Override
    public void close() throws IOException {
        out.close();
        channel.close();
        Files.deleteIfExists(path);
    }
}
