package org.agentaudit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;

/// A PDF read back.
///
/// @param glyphs what the fonts say that each glyph means, in the order of drawing; [#text] has
///     presentation forms, such as the one for `fi`, already taken apart
record PrintedPdf(
        String text, String glyphs, int pages, List<String> fonts, String title, String language) {

    static PrintedPdf read(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            StringBuilder glyphs = new StringBuilder();
            PDFTextStripper stripper =
                    new PDFTextStripper() {
                        @Override
                        protected void processTextPosition(TextPosition glyph) {
                            glyphs.append(glyph.getUnicode());
                            super.processTextPosition(glyph);
                        }
                    };
            stripper.setSortByPosition(true);
            stripper.setLineSeparator("\n");
            List<String> fonts = new ArrayList<>();
            for (PDPage page : document.getPages()) {
                for (COSName name : page.getResources().getFontNames()) {
                    PDFont font = page.getResources().getFont(name);
                    assertThat(font.isEmbedded()).as(font.getName()).isTrue();
                    fonts.add(font.getName().replaceFirst("^[A-Z]{6}\\+", ""));
                }
            }
            return new PrintedPdf(
                    stripper.getText(document),
                    glyphs.toString(),
                    document.getNumberOfPages(),
                    fonts.stream().distinct().sorted().toList(),
                    document.getDocumentInformation().getTitle(),
                    document.getDocumentCatalog().getLanguage());
        }
    }

    /// The text with every run of white space as one space.
    String flowing() {
        return text.replaceAll("\\s+", " ");
    }
}
