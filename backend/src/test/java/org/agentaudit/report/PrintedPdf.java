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

/// A PDF read back.
record PrintedPdf(String text, int pages, List<String> fonts, String title, String language) {

    static PrintedPdf read(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            PDFTextStripper stripper = new PDFTextStripper();
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
