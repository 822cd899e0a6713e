package org.agentaudit.report.pdf;

import com.openhtmltopdf.css.constants.CSSName;
import com.openhtmltopdf.css.constants.IdentValue;
import com.openhtmltopdf.extend.StructureType;
import com.openhtmltopdf.outputdevice.helper.ExternalResourceControlPriority;
import com.openhtmltopdf.pdfboxout.PDFCreationListener;
import com.openhtmltopdf.pdfboxout.PdfBoxOutputDevice;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder.PdfAConformance;
import com.openhtmltopdf.render.BlockBox;
import com.openhtmltopdf.render.Box;
import com.openhtmltopdf.svgsupport.BatikSVGDrawer;
import com.openhtmltopdf.util.XRLog;
import io.micronaut.context.annotation.Value;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.agentaudit.chart.ChartDialect;
import org.agentaudit.web.TemplateFailure;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;
import org.thymeleaf.exceptions.TemplateEngineException;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// Renders a print template with its one variable, `page`, to PDF/A-3a with PDF/UA tags or to one
/// self-contained HTML file. Nothing is fetched while doing so: the style sheet is put into the
/// document here, fonts come from the class path, every other reference is refused.
@Singleton
public final class PrintRenderer {

    private static final String STYLE_SHEET = "/reports/report.css";
    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final float PDF_VERSION = 1.7f;
    private static final int AT_ONCE = 2;
    private static final long SECONDS_OF_WAITING = 30;
    private static final long SECONDS_AT_MOST = 120;

    private final TemplateEngine templates = templates();
    private final String styleSheet;
    private final byte[] colours = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    private final ExecutorService presses =
            Executors.newFixedThreadPool(
                    AT_ONCE, Thread.ofPlatform().daemon().name("pdf-", 1).factory());
    private final Semaphore places = new Semaphore(AT_ONCE, true);

    /// On A4.
    public PrintRenderer() {
        this(PaperSize.A4);
    }

    public PrintRenderer(PaperSize paper) {
        XRLog.setLoggingEnabled(false);
        styleSheet = resource(STYLE_SHEET).replace("size: A4;", "size: " + paper.css() + ";");
    }

    /// @param page `A4` or `Letter` (`PORTAL_REPORT_PAGE`)
    @Inject
    PrintRenderer(@Value("${portal.report-page:A4}") String page) {
        this(PaperSize.of(page));
    }

    @PreDestroy
    void close() {
        presses.shutdownNow();
    }

    /// @param template path below `reports/` without ending, for instance `incident/incident`
    /// @param data     kept inside the PDF
    /// @throws PressesBusyException  when no place is free for half a minute
    /// @throws IllegalStateException when the document cannot be made or takes more than two
    ///     minutes
    public byte[] pdf(String template, Object page, Attachment data) {
        try {
            if (!places.tryAcquire(SECONDS_OF_WAITING, TimeUnit.SECONDS)) {
                throw new PressesBusyException();
            }
            try {
                return printed(template, page, data);
            } finally {
                places.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while making a PDF.", e);
        }
    }

    private byte[] printed(String template, Object page, Attachment data)
            throws InterruptedException {
        Future<byte[]> pdf = presses.submit(() -> print(document(template, page), data));
        try {
            return pdf.get(SECONDS_AT_MOST, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            pdf.cancel(true);
            throw new IllegalStateException(
                    "The PDF was not ready after " + SECONDS_AT_MOST + " s.", e);
        } catch (InterruptedException e) {
            pdf.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("The PDF could not be made.", e.getCause());
        }
    }

    /// The same document as one HTML file without references to others.
    public String html(String template, Object page) {
        try {
            Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.METHOD, "html");
            transformer.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
            transformer.setOutputProperty(OutputKeys.INDENT, "no");
            StringWriter html = new StringWriter();
            html.write("<!DOCTYPE html>\n");
            transformer.transform(new DOMSource(document(template, page)), new StreamResult(html));
            return html.toString();
        } catch (TransformerException e) {
            throw new IllegalStateException("The report could not be written as HTML.", e);
        }
    }

    private Document document(String template, Object page) {
        String xhtml;
        try {
            xhtml = templates.process(template, new Context(Locale.ROOT, Map.of("page", page)));
        } catch (TemplateEngineException e) {
            throw TemplateFailure.of(template, e);
        }
        Document document = parse(xhtml);
        document.getElementsByTagName("style").item(0).setTextContent(styleSheet);
        describeDrawings(document);
        return document;
    }

    /// The tagger takes what a drawing shows from an attribute that only images have in HTML.
    private static void describeDrawings(Document document) {
        NodeList drawings = document.getElementsByTagNameNS(SVG, "svg");
        for (int i = 0; i < drawings.getLength(); i++) {
            Element drawing = (Element) drawings.item(i);
            NodeList words = drawing.getElementsByTagNameNS(SVG, "desc");
            if (words.getLength() > 0) {
                drawing.setAttribute("alt", words.item(0).getTextContent());
            }
        }
    }

    private byte[] print(Document document, Attachment data) throws IOException {
        ByteArrayOutputStream pdf = new ByteArrayOutputStream();
        try (PDDocument target = new PDDocument()) {
            target.setVersion(PDF_VERSION);
            data.attachTo(target);
            print(document, target, pdf);
        }
        return pdf.toByteArray();
    }

    private void print(Document document, PDDocument target, OutputStream pdf) throws IOException {
        PdfRendererBuilder builder = new PdfRendererBuilder();
        for (ExternalResourceControlPriority when : ExternalResourceControlPriority.values()) {
            builder.useExternalResourceAccessControl((uri, type) -> false, when);
        }
        builder.useUriResolver((base, uri) -> uri.startsWith("#") ? uri : null);
        String text = document.getDocumentElement().getTextContent();
        PrintFonts.register(builder, target, text);
        if (WritingDirection.matters(text)) {
            WritingDirection.use(builder);
        }
        builder.usePDDocument(target)
                .usePageSupplier(
                        (file, width, height, number, shadow) -> {
                            PDPage page = new PDPage(new PDRectangle(width, height));
                            file.addPage(page);
                            return page;
                        })
                .useSVGDrawer(new BatikSVGDrawer())
                .usePdfAConformance(PdfAConformance.PDFA_3_A)
                .usePdfUaAccessibility(true)
                .useColorProfile(colours)
                .withProducer("Agent Audit Portal")
                .withW3cDocument(document, null)
                .toStream(pdf);
        try (PdfBoxRenderer renderer = builder.buildPdfRenderer()) {
            renderer.layout();
            renderer.setListener(
                    new PDFCreationListener() {
                        @Override
                        public void preOpen(PdfBoxRenderer ready) {}

                        @Override
                        public void onClose(PdfBoxRenderer ready) {}

                        @Override
                        public void preWrite(PdfBoxRenderer ready, int count) {
                            tagBlocks(ready.getRootBox(), ready.getOutputDevice());
                        }
                    });
            renderer.createPDF();
        }
    }

    /// Names every block to the tagger from the outside in and in reading order. Left alone it
    /// meets blocks in the order of drawing, and a table whose first line is drawn before its
    /// frame, on another page, is taken for something else or stops the whole document.
    private static void tagBlocks(Box box, PdfBoxOutputDevice device) {
        if (box instanceof BlockBox block) {
            if (block.isReplaced()
                    || !block.getStyle().isIdent(CSSName.POSITION, IdentValue.STATIC)) {
                return;
            }
            device.endStructure(device.startStructure(StructureType.BLOCK, block));
        }
        for (Box child : box.getChildren()) {
            if (child instanceof BlockBox) {
                tagBlocks(child, device);
            }
        }
    }

    private static Document parse(String xhtml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setNamespaceAware(true);
            return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xhtml)));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalStateException("The report template made no well-formed document.", e);
        }
    }

    private static TemplateEngine templates() {
        ClassLoaderTemplateResolver resolver = new ClassLoaderTemplateResolver();
        resolver.setPrefix("reports/");
        resolver.setSuffix(".html");
        resolver.setTemplateMode(TemplateMode.XML);
        resolver.setCharacterEncoding(StandardCharsets.UTF_8.name());
        TemplateEngine engine = new TemplateEngine();
        engine.setTemplateResolver(resolver);
        engine.addDialect(new ChartDialect());
        return engine;
    }

    private static String resource(String path) {
        try (InputStream stream = PrintRenderer.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IllegalStateException(path + " is not in the report templates");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(path + " cannot be read", e);
        }
    }
}
