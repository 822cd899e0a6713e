package org.agentaudit.report.pdf;

import com.openhtmltopdf.bidi.BidiReorderer;
import com.openhtmltopdf.bidi.BidiSplitter;
import com.openhtmltopdf.bidi.BidiTextRun;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.text.Bidi;
import java.text.Normalizer;
import java.util.List;
import java.util.stream.IntStream;

/// Puts text that is written from right to left in the order in which it is drawn, by the Unicode
/// bidirectional algorithm of the JDK. Limits: combining marks are drawn after their letter without
/// being placed on it, and ligatures other than lam-alef are not made.
final class WritingDirection {

    private static final String MIRRORED = "()[]{}<>«»‹›";

    private WritingDirection() {}

    static void use(PdfRendererBuilder builder) {
        builder.useUnicodeBidiSplitter(Splitter::new);
        builder.useUnicodeBidiReorderer(new Reorderer());
    }

    /// Whether a text has any character for which this matters.
    static boolean matters(String text) {
        char[] characters = text.toCharArray();
        return Bidi.requiresBidi(characters, 0, characters.length);
    }

    private static final class Splitter implements BidiSplitter {
        private List<BidiTextRun> runs = List.of();

        @Override
        public void setParagraph(String paragraph, byte direction) {
            if (paragraph.isEmpty()) {
                runs = List.of();
                return;
            }
            Bidi bidi =
                    new Bidi(
                            paragraph,
                            direction == RTL
                                    ? Bidi.DIRECTION_RIGHT_TO_LEFT
                                    : Bidi.DIRECTION_LEFT_TO_RIGHT);
            int count = bidi.getRunCount();
            byte[] levels = new byte[count];
            Integer[] order = new Integer[count];
            for (int i = 0; i < count; i++) {
                levels[i] = (byte) bidi.getRunLevel(i);
                order[i] = i;
            }
            Bidi.reorderVisually(levels, 0, order, 0, count);
            runs =
                    IntStream.range(0, count)
                            .map(i -> order[i])
                            .mapToObj(
                                    i ->
                                            new BidiTextRun(
                                                    bidi.getRunStart(i),
                                                    bidi.getRunLimit(i) - bidi.getRunStart(i),
                                                    bidi.getRunLevel(i) % 2 == 0 ? LTR : RTL))
                            .toList();
        }

        @Override
        public int countTextRuns() {
            return runs.size();
        }

        @Override
        public BidiTextRun getVisualRun(int index) {
            return runs.get(index);
        }

        @Override
        public byte getBaseDirection(String paragraph) {
            return new Bidi(paragraph, Bidi.DIRECTION_DEFAULT_LEFT_TO_RIGHT).baseIsLeftToRight()
                    ? LTR
                    : RTL;
        }
    }

    private static final class Reorderer implements BidiReorderer {

        /// From the last character to the first, marks behind their letter, brackets mirrored.
        @Override
        public String reorderRTLTextToLTR(String text) {
            StringBuilder drawn = new StringBuilder(text.length());
            int end = text.length();
            while (end > 0) {
                int start = end;
                do {
                    start = text.offsetByCodePoints(start, -1);
                } while (start > 0 && ArabicShaper.isMark(text.charAt(start)));
                drawn.append(mirrored(text.substring(start, end)));
                end = start;
            }
            return drawn.toString();
        }

        private static String mirrored(String cluster) {
            int place = MIRRORED.indexOf(cluster);
            return place < 0 || cluster.length() != 1
                    ? cluster
                    : String.valueOf(MIRRORED.charAt(place ^ 1));
        }

        @Override
        public String shapeText(String text) {
            return ArabicShaper.shaped(text);
        }

        @Override
        public String deshapeText(String text) {
            return Normalizer.normalize(text, Normalizer.Form.NFKC);
        }

        @Override
        public boolean isLiveImplementation() {
            return true;
        }
    }
}
