package org.agentaudit.chart;

import java.io.StringWriter;
import java.util.List;
import java.util.Objects;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;

/// Draws a chart as one `svg` element. What it holds is written by an XML writer, so no text can
/// become markup; it names no other resource.
public final class ChartSvg {

    static final String NAMESPACE = "http://www.w3.org/2000/svg";
    private static final XMLOutputFactory WRITERS = XMLOutputFactory.newDefaultFactory();
    private static final int LONGEST_TEXT = 1_000;

    private ChartSvg() {}

    /// The same chart and theme give the same text.
    public static String render(Chart chart, Theme theme) {
        Drawing drawing = ChartLayout.of(chart);
        StringWriter text = new StringWriter();
        try {
            SvgWriter out =
                    theme == Theme.SCREEN
                            ? new ScreenWriter(WRITERS.createXMLStreamWriter(text), id(chart))
                            : new PrintWriter(
                                    WRITERS.createXMLStreamWriter(text), id(chart), theme);
            out.chart(
                    chart,
                    drawing,
                    ChartText.shortened(chart.title(), LONGEST_TEXT),
                    ChartText.shortened(chart.sentence(), LONGEST_TEXT));
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a chart could not be written", e);
        }
        return text.toString();
    }

    /// Different for different charts of a page; the same for the same chart.
    private static String id(Chart chart) {
        List<String> names = chart.series().stream().map(Series::name).toList();
        int hash =
                Objects.hash(
                        chart.kind().name(),
                        chart.title(),
                        chart.sentence(),
                        names,
                        chart.rows().stream()
                                .map(row -> row.cells().stream().map(Point::label).toList())
                                .toList());
        return "chart-" + Integer.toHexString(hash);
    }
}
