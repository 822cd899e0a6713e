package org.agentaudit.report.pdf;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrintRendererTest {

    /// What a template of tests refers to: all kinds of references out of the document.
    public record Bait(String server, String file) {}

    @Test
    void pdf_referencesOutOfTheDocument_areNeverFollowed(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "the secret of the file");
        AtomicInteger requests = new AtomicInteger();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    requests.incrementAndGet();
                    exchange.sendResponseHeaders(404, -1);
                    exchange.close();
                });
        server.start();
        try {
            byte[] pdf =
                    new PrintRenderer()
                            .pdf(
                                    "test/bait",
                                    new Bait(
                                            "http://127.0.0.1:" + server.getAddress().getPort(),
                                            secret.toUri().toString()),
                                    new Attachment("a.json", "a", new byte[] {'1'}, Instant.EPOCH));

            try (PDDocument document = Loader.loadPDF(pdf)) {
                assertThat(new PDFTextStripper().getText(document))
                        .contains("still here")
                        .doesNotContain("secret of the file");
                for (PDPage page : document.getPages()) {
                    assertThat(page.getResources().getXObjectNames()).isEmpty();
                }
            }
            assertThat(requests).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void printable_everyCharacter_showsAsSomething() {
        assertThat(PrintText.printable("a\u0000b\u001bc\u202Ed\uD800e\u0E44\u0915f", 100))
                .isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\u25A1\u25A1f");
        assertThat(
                        PrintText.printable(
                                "Grüße Ωμέγα Київ → ≥ … “x” 中 한 \uD83E\uDD16 \u05E9 \u0645", 100))
                .isEqualTo("Grüße Ωμέγα Київ → ≥ … “x” 中 한 \uD83E\uDD16 \u05E9 \u0645");
        assertThat(PrintText.printable("line\r\nline\ttab", 100)).isEqualTo("line  line tab");
        assertThat(PrintText.printable(null, 5)).isNull();
    }

    @Test
    void printable_longText_isCut() {
        assertThat(PrintText.printable("abcdef", 6)).isEqualTo("abcdef");
        assertThat(PrintText.printable("abcdefg", 6)).isEqualTo("abcde…");
        assertThat(PrintText.printable("", 6)).isEmpty();
    }

    /// What the formats and the templates themselves write must have glyphs too.
    @Test
    void printable_ourOwnSigns_stay() {
        String signs = "\u202F\u00A0·–—−…“”’#%$□\uFFFD";
        assertThat(signs.codePoints().allMatch(PrintFonts::canShow)).isTrue();
    }
}
