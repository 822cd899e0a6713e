package org.agentaudit.report.pdf;

import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PDFontSupplier;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.jspecify.annotations.Nullable;

/// The fonts that reports are set in. All are embedded; the machine's own fonts are never used, so
/// that a report looks alike everywhere.
final class PrintFonts {

    private static final String FOLDER = "/reports/fonts/";
    private static final int LAST_CODE_POINT = 0x1FFFF;

    private record Face(String file, String family, int weight, FontStyle style) {
        TrueTypeFont parsed() {
            try (InputStream stream = PrintFonts.class.getResourceAsStream(FOLDER + file)) {
                if (stream == null) {
                    throw new IllegalStateException(
                            "font " + file + " is not in the report templates");
                }
                return new TTFParser().parse(new RandomAccessReadBuffer(stream));
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        UncheckedIOException unreadable(IOException cause) {
            return new UncheckedIOException("font " + file + " cannot be read", cause);
        }
    }

    /// A face in one document, without ligatures: a glyph for `fi` would be read back as `U+FB01`,
    /// and a search for `first` would not find it.
    private static final class EmbeddedFace extends PDFontSupplier {
        private final Face face;
        private final PDDocument document;
        private @Nullable PDFont font;

        EmbeddedFace(Face face, PDDocument document) {
            super(null);
            this.face = face;
            this.document = document;
        }

        @Override
        public PDFont supply() {
            if (font == null) {
                TrueTypeFont parsed = face.parsed();
                parsed.setEnableGsub(false);
                document.registerTrueTypeFontForClosing(parsed);
                try {
                    font = PDType0Font.load(document, parsed, true);
                } catch (IOException e) {
                    throw face.unreadable(e);
                }
            }
            return font;
        }
    }

    private static final Face FALLBACK =
            new Face("DejaVuSans.ttf", "DejaVu Sans", 400, FontStyle.NORMAL);
    private static final Face FALLBACK_BOLD =
            new Face("DejaVuSans-Bold.ttf", "DejaVu Sans", 600, FontStyle.NORMAL);
    /// For scripts that neither the faces nor the fallback have; registered where a document needs
    /// them.
    private static final List<Face> OTHER_SCRIPTS =
            List.of(
                    new Face("DroidSansFallback.ttf", "Droid Sans Fallback", 400, FontStyle.NORMAL),
                    new Face("NotoSansKR-Hangul.ttf", "Noto Sans KR", 400, FontStyle.NORMAL),
                    new Face("NotoEmoji-Regular.ttf", "Noto Emoji", 400, FontStyle.NORMAL));

    private static final List<Face> FACES =
            List.of(
                    new Face("IBMPlexSans-Regular.ttf", "IBM Plex Sans", 400, FontStyle.NORMAL),
                    new Face("IBMPlexSans-Italic.ttf", "IBM Plex Sans", 400, FontStyle.ITALIC),
                    new Face("IBMPlexSans-SemiBold.ttf", "IBM Plex Sans", 600, FontStyle.NORMAL),
                    new Face("IBMPlexMono-Regular.ttf", "IBM Plex Mono", 400, FontStyle.NORMAL));

    /// Characters that every face can show, by itself or by its fallback.
    private static final BitSet SHOWN = shown();

    /// Characters of each of [#OTHER_SCRIPTS].
    private static final List<BitSet> OTHER_CHARACTERS =
            OTHER_SCRIPTS.stream().map(PrintFonts::characters).toList();

    /// Characters that no other script's font is needed for.
    private static final BitSet COMMON = (BitSet) SHOWN.clone();

    static {
        OTHER_CHARACTERS.forEach(SHOWN::or);
    }

    private PrintFonts() {}

    /// @param document that the builder fills
    /// @param text     all that it will say
    static void register(PdfRendererBuilder builder, PDDocument document, String text) {
        BitSet used = new BitSet();
        text.codePoints().forEach(used::set);
        used.andNot(COMMON);
        Stream<Face> others =
                IntStream.range(0, OTHER_SCRIPTS.size())
                        .filter(i -> OTHER_CHARACTERS.get(i).intersects(used))
                        .mapToObj(OTHER_SCRIPTS::get);
        Stream.of(FACES.stream(), Stream.of(FALLBACK, FALLBACK_BOLD), others)
                .flatMap(faces -> faces)
                .forEach(
                        face ->
                                builder.useFont(
                                        new EmbeddedFace(face, document),
                                        face.family(),
                                        face.weight(),
                                        face.style(),
                                        true));
    }

    static boolean canShow(int codePoint) {
        return SHOWN.get(codePoint);
    }

    private static BitSet shown() {
        BitSet fallback = characters(FALLBACK);
        BitSet fallbackBold = characters(FALLBACK_BOLD);
        BitSet shown = new BitSet();
        shown.set(0, LAST_CODE_POINT + 1);
        for (Face face : FACES) {
            BitSet characters = characters(face);
            characters.or(face.weight() == FALLBACK_BOLD.weight() ? fallbackBold : fallback);
            shown.and(characters);
        }
        return shown;
    }

    private static BitSet characters(Face face) {
        BitSet characters = new BitSet();
        try (TrueTypeFont font = face.parsed()) {
            CmapLookup glyphs = font.getUnicodeCmapLookup();
            for (int codePoint = 0x20; codePoint <= LAST_CODE_POINT; codePoint++) {
                if (glyphs.getGlyphId(codePoint) != 0) {
                    characters.set(codePoint);
                }
            }
        } catch (IOException e) {
            throw face.unreadable(e);
        }
        return characters;
    }
}
