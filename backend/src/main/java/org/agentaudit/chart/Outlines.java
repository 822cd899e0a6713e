package org.agentaudit.chart;

import java.awt.geom.AffineTransform;
import java.awt.geom.PathIterator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.Bidi;
import java.util.List;
import java.util.stream.Stream;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.GlyphData;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/// Texts as outlines of the reports' own letters, so that a chart in a PDF or a mail looks alike on
/// every machine and no font is asked for. What no font of ours has is drawn as an empty box.
final class Outlines {

    private static final String FOLDER = "/reports/fonts/";
    private static final String MISSING = "\u25A1";

    private static final class Holder {
        static final Outlines OURS =
                new Outlines(
                        Stream.of("IBMPlexSans-Regular.ttf", "DejaVuSans.ttf")
                                .map(Face::read)
                                .toList());
    }

    private record Face(TrueTypeFont font, CmapLookup glyphs, double unitsPerEm) {
        static Face read(String file) {
            try (InputStream stream = Outlines.class.getResourceAsStream(FOLDER + file)) {
                if (stream == null) {
                    throw new IllegalStateException("font " + file + " is not in the templates");
                }
                TrueTypeFont font = new TTFParser().parse(new RandomAccessReadBuffer(stream));
                return new Face(font, font.getUnicodeCmapLookup(), font.getUnitsPerEm());
            } catch (IOException e) {
                throw new UncheckedIOException("font " + file + " cannot be read", e);
            }
        }
    }

    private final List<Face> faces;

    private Outlines(List<Face> faces) {
        this.faces = faces;
    }

    static Outlines ours() {
        return Holder.OURS;
    }

    /// Width in pixels.
    synchronized double width(String text, double size) {
        return visual(text)
                .codePoints()
                .mapToDouble(
                        c -> {
                            Face face = face(c);
                            return advance(face, glyph(face, c)) * size / face.unitsPerEm();
                        })
                .sum();
    }

    /// Path data of a line of text whose baseline begins at `x`, `y`.
    synchronized String path(String text, double x, double y, double size) {
        StringBuilder path = new StringBuilder();
        double[] at = {x};
        visual(text)
                .codePoints()
                .forEach(
                        c -> {
                            Face face = face(c);
                            int glyph = glyph(face, c);
                            double scale = size / face.unitsPerEm();
                            append(path, face, glyph, at[0], y, scale);
                            at[0] += advance(face, glyph) * scale;
                        });
        return path.toString();
    }

    private Face face(int codePoint) {
        return faces.stream()
                .filter(face -> face.glyphs().getGlyphId(codePoint) != 0)
                .findFirst()
                .orElse(faces.getLast());
    }

    private static int glyph(Face face, int codePoint) {
        int glyph = face.glyphs().getGlyphId(codePoint);
        return glyph != 0 ? glyph : face.glyphs().getGlyphId(MISSING.codePointAt(0));
    }

    private static double advance(Face face, int glyph) {
        try {
            return face.font().getAdvanceWidth(glyph);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(
            StringBuilder path, Face face, int glyph, double x, double y, double scale) {
        GlyphData data;
        try {
            data = face.font().getGlyph().getGlyph(glyph);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (data == null) {
            return;
        }
        AffineTransform place = new AffineTransform(scale, 0, 0, -scale, x, y);
        double[] points = new double[6];
        for (PathIterator each = data.getPath().getPathIterator(place);
                !each.isDone();
                each.next()) {
            int segment = each.currentSegment(points);
            path.append(
                    switch (segment) {
                        case PathIterator.SEG_MOVETO -> "M";
                        case PathIterator.SEG_LINETO -> "L";
                        case PathIterator.SEG_QUADTO -> "Q";
                        case PathIterator.SEG_CUBICTO -> "C";
                        default -> "Z";
                    });
            int numbers =
                    switch (segment) {
                        case PathIterator.SEG_MOVETO, PathIterator.SEG_LINETO -> 2;
                        case PathIterator.SEG_QUADTO -> 4;
                        case PathIterator.SEG_CUBICTO -> 6;
                        default -> 0;
                    };
            for (int i = 0; i < numbers; i++) {
                path.append(i == 0 ? "" : " ").append(number(points[i]));
            }
        }
    }

    static String number(double value) {
        BigDecimal round = BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP);
        return round.signum() == 0 ? "0" : round.stripTrailingZeros().toPlainString();
    }

    /// From left to right, as it is read.
    private static String visual(String text) {
        char[] characters = text.toCharArray();
        if (!Bidi.requiresBidi(characters, 0, characters.length)) {
            return text;
        }
        Bidi bidi = new Bidi(text, Bidi.DIRECTION_DEFAULT_LEFT_TO_RIGHT);
        int runs = bidi.getRunCount();
        byte[] levels = new byte[runs];
        String[] parts = new String[runs];
        for (int i = 0; i < runs; i++) {
            levels[i] = (byte) bidi.getRunLevel(i);
            String part = text.substring(bidi.getRunStart(i), bidi.getRunLimit(i));
            parts[i] = levels[i] % 2 == 0 ? part : new StringBuilder(part).reverse().toString();
        }
        Bidi.reorderVisually(levels, 0, parts, 0, runs);
        return String.join("", parts);
    }
}
